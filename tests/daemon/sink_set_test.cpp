// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/sink_set.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "output/notices.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/tcp/options.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using daemon::SinkSet;

namespace {

config::Sink file_sink(const std::string& name, const std::string& path) {
  config::Sink sink;
  sink.name = name;
  sink.type = "file";
  sink.options.edit<output::FileOptions>().path = path;
  return sink;
}

config::Sink tls_sink(const std::string& name, const std::string& ca) {
  config::Sink sink;
  sink.name = name;
  sink.type = "tcp";
  auto& options = sink.options.edit<output::TcpOptions>();
  options.address = {"127.0.0.1:9"};
  options.tls.enabled = true;
  options.tls.ca = ca;
  return sink;
}

output::BatchPtr batch_of(std::size_t events) {
  auto batch = std::make_shared<output::Batch>();
  batch->ends.assign(events, 0);
  return batch;
}

}  // namespace

TEST_CASE("at start a sink whose file is missing is broken by itself, counts what it loses, and says why") {
  const tests::TempDir directory;
  const auto log = file_sink("log", directory.file("log"));
  const auto siem = tls_sink("siem", directory.file("ca.pem"));
  SinkSet sinks({});
  CHECK_THROWS_AS(sinks.prepare({log, siem}), base::Error);
  CHECK(sinks.commit(sinks.prepare_at_start({log, siem})).empty());
  CHECK(sinks.entries()[0].problem.empty());
  CHECK_THAT(sinks.entries()[1].problem, Catch::Contains("sink 'siem': tls.ca: cannot read"));
  sinks.entries()[1].sink->push(batch_of(3));
  sinks.entries()[1].sink->push(batch_of(2));
  const output::SinkStatus status = sinks.status()[1];
  CHECK(status.name == "siem");
  CHECK(status.type == "tcp");
  CHECK(status.format == "json");
  CHECK(status.state == "not started");
  CHECK(status.last_error == sinks.entries()[1].problem);
  CHECK(status.events_in == 5);
  CHECK(status.events_dropped == 5);
  // The same settings are tried again at a reload, and refused as long as the file is missing.
  const auto kept = sinks.entries()[0].sink;
  CHECK_THROWS_AS(sinks.prepare({log, siem}), base::Error);
  const auto gone = sinks.commit(sinks.prepare({log}));
  REQUIRE(gone.size() == 1);
  CHECK(sinks.entries()[0].sink == kept);
  sinks.stop(daemon::kStopSinks);
}

TEST_CASE("a sink that stays as it was is the same sink; others are new, and what is gone is stopped") {
  const tests::TempDir directory;
  const auto one = file_sink("one", directory.file("one"));
  auto two = file_sink("two", directory.file("two"));
  SinkSet sinks({});
  CHECK(sinks.commit(sinks.prepare({one, two})).empty());
  const auto kept = sinks.entries()[0].sink;
  const auto changed = sinks.entries()[1].sink;

  two.options.edit<output::FileOptions>().rotate.keep = 3;
  const auto gone = sinks.commit(sinks.prepare({two, one, file_sink("three", directory.file("three"))}));
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].sink == changed);
  SinkSet::stop(gone, daemon::kStopSinks);
  REQUIRE(sinks.entries().size() == 3);
  CHECK(sinks.entries()[1].sink == kept);
  CHECK(sinks.entries()[0].sink != changed);
  const auto status = sinks.status();
  CHECK(status[0].name == "two");
  CHECK(status[1].name == "one");
  CHECK(status[1].format == "json");
  CHECK(SinkSet::routes(sinks.entries())[2].sink == sinks.entries()[2].sink);
  sinks.stop(daemon::kStopSinks);
}

TEST_CASE("a sink that is not ours yet, or comes only then, may hold nobody up once blocking has ended") {
  const tests::TempDir directory;
  auto stuck = file_sink("stuck", directory.file("none/events"));
  stuck.queue = {1, config::WhenFull::kBlock};
  SinkSet sinks({});
  const auto before = sinks.prepare({stuck});
  sinks.end_blocking();
  const auto after = sinks.prepare({stuck});
  for (const SinkSet::Entries& entries : {before, after}) {
    // Would wait for ever.
    for (int i = 0; i < 3; ++i) {
      auto batch = std::make_shared<output::Batch>();
      batch->bytes = "event\n";
      batch->ends.push_back(6);
      entries[0].sink->push(batch);
    }
    CHECK(entries[0].sink->status().events_dropped == 2);
    SinkSet::stop(entries, std::chrono::milliseconds{0});
  }
}

TEST_CASE("what one sink could not tell goes to the next of its name") {
  const tests::TempDir directory;
  output::SinkHost host;
  host.notices =
      std::make_shared<output::Notices>([](std::string_view) { return std::make_unique<correlate::Event>(); }, "");
  SinkSet sinks(host);
  const auto later = [&](const std::string& name) { return file_sink(name, directory.file("none/" + name)); };
  CHECK(sinks.commit(sinks.prepare({later("one"), later("two")})).empty());
  output::Losses losses;
  losses.add("queue full", 5, "1.000:1", "1.000:5");
  const auto left = sinks.carry({{"one", losses}, {"gone", losses}});
  REQUIRE(left.size() == 1);
  CHECK(left[0].sink == "gone");
  const auto untold = sinks.untold();
  REQUIRE(untold.size() == 1);
  CHECK(untold[0] == SinkSet::Untold{"one", losses});
  sinks.stop(std::chrono::milliseconds{0});
}

TEST_CASE("a change that is not committed changes nothing") {
  const tests::TempDir directory;
  const auto one = file_sink("one", directory.file("one"));
  SinkSet sinks({});
  CHECK(sinks.commit(sinks.prepare({one})).empty());
  const auto before = sinks.entries()[0].sink;
  const auto made = sinks.prepare({file_sink("one", directory.file("elsewhere"))});
  CHECK(made[0].sink != before);
  CHECK(sinks.entries()[0].sink == before);
  made[0].sink->stop(daemon::kStopSinks);
  sinks.stop(daemon::kStopSinks);
}

TEST_CASE(
    "the users of a filter have numbers before the encode thread sees it; the settings stay as they were written") {
  const tests::TempDir directory;
  auto one = file_sink("one", directory.file("one"));
  one.filter.uids = {"root", "unset", "7"};
  SinkSet sinks({});
  CHECK(sinks.commit(sinks.prepare({one})).empty());
  const config::Filter filter = SinkSet::routes(sinks.entries())[0].filter;
  CHECK(filter.uids == std::vector<std::string>{"root", "unset", "7"});
  CHECK(filter.numbers == std::map<std::string, std::uint32_t>{{"root", 0}});
  CHECK(sinks.entries()[0].settings == one);
  // Records may tell a name that this machine does not know, so it is a warning.
  CHECK(sinks.status()[0].warning.empty());
  one.filter.uids = {"no-such-user-here"};
  SinkSet::stop(sinks.commit(sinks.prepare({one})), daemon::kStopSinks);
  CHECK_THAT(sinks.status()[0].warning, Catch::Contains("knows no user 'no-such-user-here'"));
  sinks.stop(daemon::kStopSinks);
}
