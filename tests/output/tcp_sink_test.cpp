// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "base/error.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/tcp/sink.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/line_server.hpp"
#include "tests/support/loopback_server.hpp"

namespace naudit::output {
namespace {

using tests::event_lines;
using tests::LineServer;
using tests::make_batch;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;

// A peer that says what it has accepted: what `answer` makes of the number of lines of this connection; empty: no more
// of it is wanted.
class AnsweringServer {
 public:
  using Answer = std::function<std::string(std::size_t connection, std::size_t lines)>;

  explicit AnsweringServer(Answer answer)
      : answer_(std::move(answer)), server_(std::nullopt, 0, [this](auto& stream) { serve(stream); }) {}

  [[nodiscard]] std::string address() const { return server_.address(); }
  bool wait_for_lines(std::size_t connection, std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLong,
                             [&] { return lines_.size() > connection && lines_[connection].size() >= count; });
  }
  std::vector<std::string> lines(std::size_t connection) {
    const std::lock_guard lock(mutex_);
    return lines_.at(connection);
  }

 private:
  void serve(tests::LoopbackServer::Stream& stream) {
    std::size_t connection = 0;
    {
      const std::lock_guard lock(mutex_);
      connection = lines_.size();
      lines_.emplace_back();
    }
    std::string text;
    std::array<char, 4096> buffer{};
    while (const std::size_t size = stream.read(buffer.data(), buffer.size())) {
      text.append(buffer.data(), size);
      std::size_t count = 0;
      {
        const std::lock_guard lock(mutex_);
        std::size_t end = 0;
        for (; (end = text.find('\n')) != std::string::npos; text.erase(0, end + 1))
          lines_[connection].push_back(text.substr(0, end));
        count = lines_[connection].size();
      }
      changed_.notify_all();
      const std::string said = answer_(connection, count);
      if (said.empty() || !stream.write(said)) return;
    }
  }

  const Answer answer_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<std::string>> lines_;
  tests::LoopbackServer server_;
};

tests::TcpConfig tcp_config(const std::string& address) {
  tests::TcpConfig sink;
  sink.name = "lines";
  sink.address = {address};
  sink.retry = {5ms, 50ms};
  return sink;
}

struct Fixture {
  std::unique_ptr<Sink> sink(const config::Sink& config) { return make_tcp_sink(config, network, losses.handler(), 1); }

  tests::TempDir directory;
  Network network;
  tests::LossLog losses;
};

struct TlsFixture : Fixture {
  LineServer::Options server_options(bool demands_client = false) {
    LineServer::Options options;
    options.tls = tests::LoopbackServer::Tls{certificates.server.certificate, certificates.server.key,
                                             demands_client ? certificates.authority.certificate : std::string()};
    return options;
  }
  tests::TcpConfig tls_config(const LineServer& server) {
    tests::TcpConfig config = tcp_config(server.address());
    config.tls.enabled = true;
    config.tls.ca = certificates.authority.certificate;
    return config;
  }

  tests::Certificates certificates{directory.file(".")};
};

}  // namespace

TEST_CASE("over TCP every event arrives once and in order") {
  Fixture f;
  LineServer server;
  const auto sink = f.sink(tcp_config(server.address()));
  for (int first = 0; first < 5000; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(server.wait_for_lines(5000));
  sink->stop(kLong);
  CHECK(server.lines() == event_lines(0, 5000));
  const SinkStatus status = sink->status();
  CHECK(status.events_in == 5000);
  CHECK(status.events_out == 5000);
  CHECK(status.events_dropped == 0);
  CHECK(status.queue_bytes == 0);
  CHECK(status.retries == 0);
  CHECK(status.last_error.empty());
  CHECK(server.server().connections() == 1);
}

TEST_CASE("over TLS every event arrives once and in order") {
  TlsFixture f;
  LineServer server(f.server_options());
  const auto sink = f.sink(f.tls_config(server));
  for (int first = 0; first < 5000; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(server.wait_for_lines(5000));
  sink->stop(kLong);
  CHECK(server.lines() == event_lines(0, 5000));
  CHECK(sink->status().events_out == 5000);
  CHECK(sink->status().last_error.empty());
}

TEST_CASE("a stop delivers what is still queued") {
  Fixture f;
  LineServer server;
  const auto sink = f.sink(tcp_config(server.address()));
  sink->push(make_batch(0, 1000));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1000);
  REQUIRE(server.wait_for_lines(1000));
  CHECK(server.lines().size() == 1000);
}

TEST_CASE("a server whose authority we do not trust gets nothing") {
  TlsFixture f;
  LineServer server(f.server_options());
  tests::TcpConfig config = f.tls_config(server);
  config.tls.ca = f.certificates.stranger.certificate;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(server.server().wait_for_connections(3));
  CHECK(sink->status().last_error.find("its certificate is refused: unable to get local issuer") != std::string::npos);
  CHECK(sink->status().retries >= 2);
  sink->stop(0ms);
  CHECK(server.lines().empty());
  CHECK(sink->status().events_out == 0);
  CHECK(sink->status().events_dropped == 10);
}

TEST_CASE("the system's authorities do not know a certificate of our own making") {
  TlsFixture f;
  LineServer server(f.server_options());
  tests::TcpConfig config = f.tls_config(server);
  config.tls.ca.clear();
  const auto sink = f.sink(config);
  REQUIRE(server.server().wait_for_connections(3));
  CHECK(sink->status().last_error.find("its certificate is refused") != std::string::npos);
}

TEST_CASE("a certificate for another name is refused, and for the configured name accepted") {
  TlsFixture f;
  LineServer server(f.server_options());
  tests::TcpConfig config = f.tls_config(server);
  SECTION("another name") {
    config.tls.server_name = "other.test";
    const auto sink = f.sink(config);
    sink->push(make_batch(0, 10));
    REQUIRE(server.server().wait_for_connections(3));
    CHECK(sink->status().last_error.find("its certificate is refused: hostname mismatch") != std::string::npos);
    sink->stop(0ms);
    CHECK(server.lines().empty());
  }
  SECTION("the configured name") {
    config.tls.server_name = "audit.test";
    const auto sink = f.sink(config);
    sink->push(make_batch(0, 10));
    CHECK(server.wait_for_lines(10));
  }
}

TEST_CASE("with verify off any certificate will do") {
  TlsFixture f;
  LineServer server(f.server_options());
  tests::TcpConfig config = f.tls_config(server);
  config.tls.ca.clear();
  config.tls.verify = false;
  config.tls.server_name = "other.test";
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  CHECK(server.wait_for_lines(10));
}

TEST_CASE("a server that demands a client certificate gets events only with one") {
  TlsFixture f;
  LineServer server(f.server_options(true));
  tests::TcpConfig config = f.tls_config(server);
  SECTION("without one nothing is lost, though TLS 1.3 lets us write before it refuses") {
    const auto sink = f.sink(config);
    sink->push(make_batch(0, 10));
    REQUIRE(server.server().wait_for_connections(4));
    CHECK(sink->status().events_out == 0);
    CHECK(sink->status().last_error.find("certificate required") != std::string::npos);
    sink->stop(0ms);
    CHECK(sink->status().events_dropped == 10);
    CHECK(server.lines().empty());
  }
  SECTION("with one") {
    config.tls.certificate = f.certificates.client.certificate;
    config.tls.key = f.certificates.client.key;
    const auto sink = f.sink(config);
    sink->push(make_batch(0, 10));
    CHECK(server.wait_for_lines(10));
  }
}

TEST_CASE("after a restart of the server nothing is missing") {
  Fixture f;
  auto server = std::make_unique<LineServer>();
  LineServer::Options again;
  again.port = server->server().port();
  const auto sink = f.sink(tcp_config(server->address()));
  for (int first = 0; first < 100; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(server->wait_for_lines(100));
  server->stop();
  std::vector<std::string> seen = server->lines();
  for (int first = 100; first < 200; first += 10) sink->push(make_batch(first, 10));
  server = std::make_unique<LineServer>(again);
  for (int first = 200; first < 300; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  server->stop();
  for (std::string& line : server->lines()) seen.push_back(std::move(line));
  for (const std::string& line : event_lines(0, 300)) REQUIRE(std::find(seen.begin(), seen.end(), line) != seen.end());
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 300);
  CHECK(status.events_dropped == 0);
  CHECK(status.retries >= 1);
}

TEST_CASE("a server that is not there yet gets everything when it comes") {
  Fixture f;
  LineServer::Options options;
  {
    const LineServer probe;
    options.port = static_cast<std::uint16_t>(std::stoi(probe.address().substr(probe.address().find(':') + 1)));
  }
  const auto sink = f.sink(tcp_config("127.0.0.1:" + std::to_string(options.port)));
  sink->push(make_batch(0, 10));
  LineServer server(options);
  CHECK(server.wait_for_lines(10));
}

TEST_CASE("a peer that reads nothing fills its own queue, which drops and counts exactly") {
  Fixture f;
  LineServer::Options options;
  options.reads = false;
  LineServer server(options);
  tests::TcpConfig config = tcp_config(server.address());
  config.queue.size = 512 * config::kKiB;
  const auto sink = f.sink(config);
  REQUIRE(server.server().wait_for_connections(1));
  int pushed = 0;
  // More than the kernel's buffers on both sides and the queue can hold.
  for (; pushed < 40'000; pushed += 100) sink->push(make_batch(pushed, 100, 1000));
  REQUIRE(f.losses.wait_for(1));
  CHECK(f.losses.losses().front().cause == "queue full");
  const SinkStatus stalled = sink->status();
  CHECK(stalled.events_dropped > 0);
  CHECK(stalled.queue_bytes_most <= config.queue.size + 2 * make_batch(0, 100, 1100)->bytes.size());
  const auto begin = std::chrono::steady_clock::now();
  sink->stop(20ms);
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  const SinkStatus status = sink->status();
  CHECK(status.events_in == 40'000);
  CHECK(status.events_in == status.events_out + status.events_dropped);
  std::uint64_t told = 0;
  for (const SinkLoss& loss : f.losses.losses()) told += loss.events;
  CHECK(told == status.events_dropped);
}

TEST_CASE("a stop with a dead server ends in time and counts what is left") {
  Fixture f;
  LineServer server;
  const std::string address = server.address();
  server.stop();
  const auto sink = f.sink(tcp_config(address));
  sink->push(make_batch(0, 10));
  const auto begin = std::chrono::steady_clock::now();
  sink->stop(500ms);
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  CHECK(sink->status().state == "stopped");
  CHECK(sink->status().last_error == "cannot connect to " + address + ": Connection refused");
  CHECK(sink->status().events_dropped == 10);
  REQUIRE(f.losses.losses().size() == 1);
  CHECK(f.losses.losses().front().cause == "stopped before delivery while disconnected");
  CHECK(f.losses.losses().front().first_id == "1.000:0");
  CHECK(f.losses.losses().front().last_id == "1.000:9");
}

TEST_CASE("a name that does not exist is an error to be told, not the end") {
  Fixture f;
  const auto sink = f.sink(tcp_config("no-such-host.invalid:6514"));
  sink->push(make_batch(0, 10));
  sink->stop(200ms);
  CHECK(sink->status().events_dropped == 10);
  CHECK(sink->status().events_out == 0);
}

TEST_CASE("a server that says nothing during the handshake is given up after the time-out") {
  TlsFixture f;
  LineServer::Options silent;
  silent.reads = false;
  LineServer server(silent);  // plain: it never answers the handshake
  tests::TcpConfig config = f.tls_config(server);
  config.timeout = 50ms;
  const auto sink = f.sink(config);
  REQUIRE(server.server().wait_for_connections(3));
  CHECK(sink->status().last_error.find("the TLS handshake with 127.0.0.1:") == 0);
  CHECK(sink->status().last_error.find("took longer than 50 ms") != std::string::npos);
}

TEST_CASE("with `ack` an event is delivered once the peer says so, else it is sent again") {
  Fixture f;
  // The first connection accepts ten events and ends.
  AnsweringServer server([](std::size_t connection, std::size_t lines) -> std::string {
    if (connection > 0) return std::to_string(lines) + "\n";
    return lines < 50 ? (lines < 10 ? "0\n" : "10\n") : "";
  });
  tests::TcpConfig config = tcp_config(server.address());
  config.ack = true;
  const auto sink = f.sink(config);
  for (int first = 0; first < 50; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(server.wait_for_lines(1, 40));
  sink->stop(kLong);
  const std::vector<std::string> again = server.lines(1);
  REQUIRE(again.size() >= 40);
  CHECK(std::vector<std::string>(again.end() - 40, again.end()) == event_lines(10, 40));
  CHECK(sink->status().events_out == 50);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("with `ack` a peer that says something else is told as one that is no collector") {
  Fixture f;
  AnsweringServer server([](std::size_t, std::size_t) { return "HTTP/1.1 400 Bad Request\r\n"; });
  tests::TcpConfig config = tcp_config(server.address());
  config.ack = true;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_lines(1, 1));  // it has tried again
  CHECK_THAT(sink->status().last_error, Catch::Matchers::Contains("is it a source of type stream?"));
  CHECK(sink->status().events_out == 0);
  sink->stop(0ms);
  CHECK(sink->status().events_dropped == 10);
}

}  // namespace naudit::output
