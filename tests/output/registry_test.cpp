// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/registry.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/null/sink.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/line_server.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using tests::make_batch;
using tests::write_file;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;

std::string refusal_of(const config::Sink& sink) {
  Network network;
  try {
    (void)make_sink(sink, network, {});
  } catch (const base::Error& error) {
    return error.what();
  }
  return "accepted";
}

tests::HttpsConfig https(const std::string& url) {
  tests::HttpsConfig sink;
  sink.name = "siem";
  sink.url = url;
  sink.tls.enabled = url.starts_with("https:");
  return sink;
}

}  // namespace

TEST_CASE("each type of sink is made and delivers") {
  const tests::TempDir directory;
  tests::LineServer lines;
  tests::HttpServer posts;
  Network network;
  tests::FileConfig file;
  file.name = "file";
  file.path = directory.file("events.json");
  tests::TcpConfig tcp;
  tcp.name = "tcp";
  tcp.address = {lines.address()};
  std::vector<std::unique_ptr<Sink>> sinks;
  for (const config::Sink& config : std::vector<config::Sink>{file, tcp, https("http://" + posts.server().address())})
    sinks.push_back(make_sink(config, network, {}));
  const BatchPtr batch = make_batch(0, 10);
  for (const auto& sink : sinks) sink->push(batch);
  for (const auto& sink : sinks) sink->stop(kLong);
  CHECK(tests::read_file(file.path) == batch->bytes);
  CHECK(lines.wait_for_lines(10));
  REQUIRE(posts.requests().size() == 1);
  CHECK(posts.requests().front().body == batch->bytes);
  for (const auto& sink : sinks) CHECK(sink->status().events_out == 10);
}

TEST_CASE("a stalled and a dead peer change nothing for the file beside them") {
  const tests::TempDir directory;
  tests::LineServer::Options stalled_options;
  stalled_options.reads = false;
  tests::LineServer stalled(stalled_options);
  tests::HttpServer silent({{200, "", "", tests::HttpServer::Step::kStall}});
  tests::LineServer dead;
  const std::string dead_address = dead.address();
  dead.stop();

  Network network;
  std::vector<std::unique_ptr<Sink>> sinks;
  tests::FileConfig file;
  file.name = "file";
  file.path = directory.file("events.json");
  file.rotate.size = 0;
  file.queue.size = 1024 * config::kMiB;  // whatever the disk does, what is counted here is the others' influence
  sinks.push_back(make_sink(file, network, {}));
  for (const std::string& address : {stalled.address(), dead_address}) {
    tests::TcpConfig tcp;
    tcp.name = "tcp";
    tcp.address = {address};
    tcp.queue.size = 256 * config::kKiB;
    sinks.push_back(make_sink(tcp, network, {}));
  }
  tests::HttpsConfig post = https("http://" + silent.server().address());
  post.queue.size = 256 * config::kKiB;
  post.batch.bytes = 64 * config::kKiB;
  sinks.push_back(make_sink(post, network, {}));

  for (int first = 0; first < 40'000; first += 100) {
    const BatchPtr batch = make_batch(first, 100, 1000);
    for (const auto& sink : sinks) sink->push(batch);
  }
  sinks[0]->stop(kLong);
  CHECK(sinks[0]->status().events_out == 40'000);
  CHECK(sinks[0]->status().events_dropped == 0);
  CHECK(tests::split_lines(tests::read_file(file.path)) == tests::event_lines(0, 40'000, 1000));
  for (std::size_t i = 1; i < sinks.size(); ++i) {
    CHECK(sinks[i]->status().events_dropped > 0);
    sinks[i]->stop(0ms);
    CHECK(sinks[i]->status().events_in == sinks[i]->status().events_out + sinks[i]->status().events_dropped);
  }
}

TEST_CASE("a producer may push while any thread asks for the status and the sink stops") {
  const tests::TempDir directory;
  tests::LineServer lines;
  Network network;
  tests::TcpConfig config;
  config.name = "tcp";
  config.address = {lines.address()};
  config.queue = {64 * config::kKiB, config::WhenFull::kBlock};
  const auto sink = make_sink(config, network, {});
  std::thread producer([&] {
    for (int first = 0; first < 20'000; first += 100) sink->push(make_batch(first, 100));
  });
  std::thread watcher([&] {
    for (int i = 0; i < 1000; ++i) (void)sink->status();
  });
  REQUIRE(lines.wait_for_lines(5000));
  sink->stop(kLong);
  producer.join();
  watcher.join();
  const SinkStatus status = sink->status();
  CHECK(status.events_in == 20'000);
  CHECK(status.events_in == status.events_out + status.events_dropped);
}

TEST_CASE("a sink that cannot work is refused with its name, its option and what to do") {
  const tests::TempDir directory;
  const tests::Certificates certificates(directory.file("."));
  tests::HttpsConfig sink = https("https://127.0.0.1:1/");
  SECTION("a type that is none") {
    CHECK(refusal_of({.name = "siem",
                      .type = "pigeon",
                      .format = "json",
                      .options = {},
                      .format_options = {},
                      .filter = {},
                      .queue = {}}) == "sink 'siem': unknown type");
  }
  SECTION("no path") {
    tests::FileConfig file;
    file.name = "siem";
    CHECK(refusal_of(file) == "sink 'siem': path: is missing; name the file to write");
  }
  SECTION("an address that is none") {
    tests::TcpConfig tcp;
    tcp.name = "siem";
    tcp.address = {"localhost"};
    CHECK_THAT(refusal_of(tcp), Contains("sink 'siem': address: expected host:port") && Contains("not 'localhost'"));
  }
  SECTION("a url that is none") {
    sink.url = "ftp://x";
    CHECK_THAT(refusal_of(sink), Contains("sink 'siem': url: expected a URL") && Contains("not 'ftp://x'"));
  }
  SECTION("a CA file that is not there") {
    sink.tls.ca = directory.file("none.pem");
    CHECK(refusal_of(sink) == "sink 'siem': tls.ca: cannot read " + sink.tls.ca + ": No such file or directory");
  }
  SECTION("a CA file without a certificate") {
    sink.tls.ca = directory.file("empty.pem");
    write_file(sink.tls.ca, "nothing\n", fs::perms{0600});
    CHECK_THAT(refusal_of(sink), Contains("tls.ca: " + sink.tls.ca + " has no CA certificate in PEM form"));
  }
  SECTION("a certificate without its key") {
    sink.tls.certificate = certificates.client.certificate;
    CHECK(refusal_of(sink) == "sink 'siem': tls: 'certificate' needs its 'key' beside it");
  }
  SECTION("a key without its certificate") {
    sink.tls.key = certificates.client.key;
    CHECK(refusal_of(sink) == "sink 'siem': tls.key: 'key' needs its 'certificate' beside it");
  }
  SECTION("a key that belongs to another certificate") {
    sink.tls.certificate = certificates.client.certificate;
    sink.tls.key = certificates.server.key;
    CHECK_THAT(refusal_of(sink), Contains("tls.key: " + sink.tls.key) && Contains("that fits"));
  }
  SECTION("a certificate file with something else") {
    sink.tls.certificate = sink.tls.key = certificates.client.key;
    CHECK_THAT(refusal_of(sink), Contains("is not a certificate in PEM form"));
  }
  SECTION("a token file that is not there") {
    sink.token_file = directory.file("token");
    CHECK_THAT(refusal_of(sink), Contains("token_file: " + sink.token_file + " cannot be read: No such file"));
  }
}

TEST_CASE("the null sink counts and forgets") {
  config::Sink config;
  config.name = "none";
  config.type = "null";
  NullSink sink(config);
  sink.push(make_batch(0, 10));
  sink.push(make_batch(10, 5));
  sink.stop(0ms);
  CHECK(sink.status().events_in == 15);
  CHECK(sink.status().events_out == 15);
  CHECK(sink.status().state == "ok");
  CHECK(sink.status().type == "null");
}

}  // namespace naudit::output
