// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <atomic>
#include <cerrno>
#include <set>

#include "base/error.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/null/sink.hpp"
#include "output/sinks/registry.hpp"
#include "output/sinks/spooled/sink.hpp"
#include "output/sinks/tcp/sink.hpp"
#include "tests/output/spool/spool_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/line_server.hpp"

namespace naudit::output {
namespace {

using tests::event_lines;
using tests::HttpServer;
using tests::LineServer;
using tests::make_batch;
using tests::split_lines;
using namespace std::chrono_literals;

constexpr auto kLong = 60'000ms;

template <typename What>
bool comes_true(What what) {
  for (const auto end = std::chrono::steady_clock::now() + kLong; std::chrono::steady_clock::now() < end;) {
    if (what()) return true;
    std::this_thread::sleep_for(2ms);  // between two looks, not a limit
  }
  return false;
}

struct Fixture {
  config::Sink http_config(std::uint16_t port) {
    tests::HttpsConfig config;
    config.name = "siem";
    config.url = "http://127.0.0.1:" + std::to_string(port) + "/in";
    config.retry = {5ms, 20ms};
    config.batch.time = 1ms;
    config::Sink sink = config;
    sink.spool.enabled = true;
    sink.spool.keep_free = 0;
    return sink;
  }
  SinkHost host() {
    SinkHost host(losses.handler());
    host.spool_folder = directory.file("spool");
    return host;
  }
  std::unique_ptr<Sink> http(const config::Sink& config) {
    return std::make_unique<SpooledSink>(
        config, host(), disk, [&](SinkHost given) { return make_https_sink(config, network, std::move(given), 1); });
  }
  std::unique_ptr<Sink> tcp(const config::Sink& config) {
    return std::make_unique<SpooledSink>(
        config, host(), disk, [&](SinkHost given) { return make_tcp_sink(config, network, std::move(given), 1); });
  }

  tests::TempDir directory;
  tests::FaultyDisk disk;
  Network network;
  tests::LossLog losses;
};

std::vector<std::string> lines_of(const HttpServer& server) {
  std::vector<std::string> lines;
  for (const HttpServer::Request& request : server.requests())
    for (std::string& line : split_lines(request.body)) lines.push_back(std::move(line));
  return lines;
}

// A port where nobody listens.
std::uint16_t free_port() {
  HttpServer server;
  return server.server().port();
}

TEST_CASE("a sink with a spool delivers what comes, once and in order, and leaves nothing behind") {
  Fixture f;
  HttpServer server;
  const auto sink = f.http(f.http_config(server.server().port()));
  for (int first = 0; first < 1000; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(lines_of(server) == event_lines(0, 1000));
  const SinkStatus status = sink->status();
  CHECK(status.events_in == 1000);
  CHECK(status.events_out == 1000);
  CHECK(status.events_dropped == 0);
  CHECK(status.queue_events == 0);
  CHECK(tests::files_in(f.directory.file("spool/siem")).empty());
  CHECK(f.losses.losses().empty());
}

Receipt receipt_of(std::atomic<bool>& is_accepted) {
  return {&is_accepted, [&is_accepted](const void*) { is_accepted = true; }};
}

TEST_CASE("events are accepted when they are in the spool's file, whatever the peer does") {
  Fixture f;
  std::atomic<bool> is_accepted = false;
  const auto sink = f.http(f.http_config(free_port()));
  sink->push(make_batch(0, 10));
  sink->keep(receipt_of(is_accepted));
  CHECK(comes_true([&] { return is_accepted.load(); }));
  CHECK(sink->status().events_out == 0);
  sink->stop(100ms);
}

TEST_CASE("with `sync: batch` events are accepted when they are on the disk, and not while it fails") {
  Fixture f;
  std::atomic<bool> is_accepted = false;
  config::Sink config = f.http_config(free_port());
  config.spool.sync.kind = config::SyncKind::kBatch;
  {
    const auto sink = f.http(config);
    sink->push(make_batch(0, 10));
    sink->keep(receipt_of(is_accepted));
    CHECK(comes_true([&] { return is_accepted.load(); }));
    sink->stop(100ms);
  }
  is_accepted = false;
  f.disk.sync_code = EIO;
  const auto sink = f.http(config);
  sink->push(make_batch(10, 10));
  sink->keep(receipt_of(is_accepted));
  REQUIRE(comes_true([&] { return sink->status().state == "spool does not work"; }));
  CHECK_FALSE(is_accepted);
  sink->stop(100ms);
}

TEST_CASE("what the peer did not take before the stop the next run delivers, before what comes then") {
  Fixture f;
  const std::uint16_t port = free_port();
  const config::Sink config = f.http_config(port);
  {
    const auto sink = f.http(config);
    for (int first = 0; first < 500; first += 10) sink->push(make_batch(first, 10));
    sink->stop(100ms);
    const SinkStatus status = sink->status();
    CHECK(status.events_in == 500);
    CHECK(status.events_out == 0);
    CHECK(status.events_dropped == 0);
    CHECK(sink->untold().empty());
  }
  CHECK(f.losses.losses().empty());
  HttpServer server({}, std::nullopt, port);
  const auto sink = f.http(config);
  for (int first = 500; first < 600; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(comes_true([&] { return sink->status().events_out == 600; }));
  sink->stop(kLong);
  CHECK(lines_of(server) == event_lines(0, 600));
  CHECK(sink->status().events_in == 600);
}

TEST_CASE("a sink with a spool outlives an outage that is larger than its queue") {
  Fixture f;
  const std::uint16_t port = free_port();
  config::Sink config = f.http_config(port);
  config.queue.size = 64 * config::kKiB;
  const auto sink = f.http(config);
  constexpr int kEvents = 20'000;
  for (int first = 0; first < kEvents; first += 100) {
    sink->push(make_batch(first, 100, 100));
    REQUIRE(comes_true([&] { return sink->status().spool_events == static_cast<std::uint64_t>(first) + 100; }));
  }
  REQUIRE(comes_true([&] { return sink->status().spool_events == kEvents; }));
  CHECK(sink->status().queue_bytes <= 2 * config.queue.size);
  CHECK(sink->status().spool_bytes > 0);
  CHECK(sink->status().queue_age_seconds < 3600);
  HttpServer server({}, std::nullopt, port);
  REQUIRE(comes_true([&] { return sink->status().events_out == kEvents; }));
  sink->stop(kLong);
  CHECK(lines_of(server) == event_lines(0, kEvents, 100));
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("what a server refuses is lost, told, and not tried again by the next run") {
  Fixture f;
  HttpServer server({{400, "", "", HttpServer::Step::kReply}});
  const config::Sink config = f.http_config(server.server().port());
  {
    const auto sink = f.http(config);
    sink->push(make_batch(0, 10));
    REQUIRE(comes_true([&] { return sink->status().events_dropped == 10; }));
    sink->push(make_batch(10, 10));
    REQUIRE(comes_true([&] { return sink->status().events_out == 10; }));
    sink->stop(kLong);
  }
  const auto sink = f.http(config);
  sink->push(make_batch(20, 10));
  sink->stop(kLong);
  CHECK(lines_of(server) == event_lines(0, 30));
  CHECK(sink->status().events_in == 10);
}

TEST_CASE("a tcp sink with a spool sends again what no connection has acknowledged") {
  Fixture f;
  tests::TcpConfig tcp;
  tcp.name = "siem";
  tcp.retry = {5ms, 20ms};
  std::uint16_t port = 0;
  config::Sink config;
  const auto with_port = [&] {
    tcp.address = {"127.0.0.1:" + std::to_string(port)};
    config = tcp;
    config.spool.enabled = true;
    config.spool.keep_free = 0;
  };
  {
    LineServer::Options options;
    options.reads = false;
    LineServer server(options);
    port = server.server().port();
    with_port();
    const auto sink = f.tcp(config);
    for (int first = 0; first < 1000; first += 10) sink->push(make_batch(first, 10, 2000));
    REQUIRE(server.server().wait_for_connections(1));
    sink->stop(100ms);
    CHECK(sink->status().events_dropped == 0);
    server.stop();
  }
  LineServer::Options options;
  options.port = port;
  LineServer server(options);
  const auto sink = f.tcp(config);
  sink->push(make_batch(1000, 1, 2000));
  REQUIRE(
      comes_true([&] { return !server.lines().empty() && server.lines().back() == tests::event_text(1000, 2000); }));
  sink->stop(kLong);
  const auto lines = server.lines();
  const auto all = event_lines(0, 1001, 2000);
  // What the first server's kernel has acknowledged counts as delivered.
  const auto first = std::ranges::find(all, lines.front());
  REQUIRE(std::vector<std::string>(first, all.end()) == lines);
}

TEST_CASE("a sink whose spool cannot be synced says so and takes nothing in until it can") {
  Fixture f;
  const std::uint16_t port = free_port();
  config::Sink config = f.http_config(port);
  config.spool.sync = {config::SyncKind::kInterval, 10ms};
  f.disk.sync_code = EIO;
  const auto sink = f.http(config);
  sink->push(make_batch(0, 10));
  REQUIRE(comes_true([&] { return sink->status().state == "spool does not work"; }));
  CHECK(sink->status().last_error.find("cannot sync: Input/output error") != std::string::npos);
  sink->push(make_batch(10, 10));
  CHECK(sink->status().spool_events <= 10);
  f.disk.sync_code = 0;
  REQUIRE(comes_true([&] { return sink->status().spool_events == 20; }));
  HttpServer server({}, std::nullopt, port);
  REQUIRE(comes_true([&] { return sink->status().events_out == 20; }));
  sink->stop(kLong);
  CHECK(lines_of(server) == event_lines(0, 20));
}

TEST_CASE("what a spool had to drop is told in the sink's stream and to the others") {
  Fixture f;
  const std::uint16_t port = free_port();
  config::Sink config = f.http_config(port);
  config.spool.size = 16 * config::kMiB;
  config.spool.compress = false;
  config.queue.size = 1 * config::kMiB;
  const auto sink = f.http(config);
  constexpr int kEvents = 30'000;
  for (int first = 0; first < kEvents; first += 100) {
    sink->push(make_batch(first, 100, 1000));
    REQUIRE(comes_true([&] {
      const SinkStatus status = sink->status();
      return status.spool_events + status.events_dropped == static_cast<std::uint64_t>(first) + 100;
    }));
  }
  CHECK(sink->status().spool_bytes <= config.spool.size);
  REQUIRE(f.losses.wait_for(1));
  CHECK(f.losses.losses()[0].cause == Spool::kFull);
  HttpServer server({}, std::nullopt, port);
  REQUIRE(comes_true([&] {
    const SinkStatus status = sink->status();
    return status.events_out + status.events_dropped == kEvents;
  }));
  sink->stop(kLong);
  const auto lines = lines_of(server);
  CHECK(lines.front() == tests::event_text(0, 1000));
  CHECK(lines.back() == tests::event_text(kEvents - 1, 1000));
  CHECK(lines.size() == sink->status().events_out);
}

TEST_CASE("a sink that is changed takes over the spool of the one before") {
  Fixture f;
  const std::uint16_t port = free_port();
  const config::Sink config = f.http_config(port);
  const auto before = f.http(config);
  before->push(make_batch(0, 100));
  REQUIRE(comes_true([&] { return before->status().spool_events == 100; }));
  const auto after = f.http(config);
  after->push(make_batch(100, 100));
  before->stop(100ms);
  REQUIRE(comes_true([&] { return after->status().spool_events == 200; }));
  HttpServer server({}, std::nullopt, port);
  REQUIRE(comes_true([&] { return after->status().events_out == 200; }));
  after->stop(kLong);
  CHECK(lines_of(server) == event_lines(0, 200));
}

TEST_CASE("a sink that keeps nothing for a peer has no spool, and no folder is an error") {
  Fixture f;
  config::Sink config = f.http_config(1);
  CHECK_THROWS_AS(SpooledSink(config, f.host(), f.disk,
                              [&](SinkHost) -> std::unique_ptr<Sink> { return std::make_unique<NullSink>(config); }),
                  base::Error);
  CHECK_THROWS_AS(make_sink(config, f.network, SinkHost{}), base::Error);
}

}  // namespace
}  // namespace naudit::output
