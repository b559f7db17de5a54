// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/sink_set.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "output/sinks/file/options.hpp"
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

}  // namespace

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
    "the users of a filter are numbers before the encode thread sees it; the settings stay as they were written") {
  const tests::TempDir directory;
  auto one = file_sink("one", directory.file("one"));
  one.filter.uids = {"root", "unset", "7"};
  SinkSet sinks({});
  CHECK(sinks.commit(sinks.prepare({one})).empty());
  CHECK(SinkSet::routes(sinks.entries())[0].filter.uids == std::vector<std::string>{"0", "4294967295", "7"});
  CHECK(sinks.entries()[0].settings == one);
  one.filter.uids = {"no-such-user-here"};
  CHECK_THROWS_AS(sinks.prepare({one}), base::Error);
  sinks.stop(daemon::kStopSinks);
}
