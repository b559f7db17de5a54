// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "daemon/metrics/http_server.hpp"
#include "daemon/metrics/scrape_request.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using naudit::daemon::MetricsLimits;
using naudit::daemon::MetricsServer;
using naudit::daemon::scrape_answer;
using naudit::daemon::ScrapeRequest;
using Wants = naudit::daemon::ScrapeRequest::Wants;

namespace {

constexpr const char* kGet = "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n";

Wants wants(std::string_view bytes) {
  ScrapeRequest request;
  return request.take(bytes);
}

// A server on a thread of its own. Its text is "a 1\n", or what gather() makes of it.
class Served {
 public:
  explicit Served(MetricsLimits limits = {}, MetricsServer::Gather gather = nullptr) {
    if (!gather)
      gather = [this](const auto& then) {
        ++gathered;
        then("a 1\n");
      };
    server_.emplace(loop_, "127.0.0.1", 0, std::move(gather), limits);
    port_ = server_->port();
    thread_ = std::thread([this] { loop_.run(); });
  }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;
  ~Served() {
    stop();
    work_.reset();
    thread_.join();
  }
  void run(std::function<void()> what) {
    std::promise<void> done;
    boost::asio::post(loop_, [&] {
      what();
      done.set_value();
    });
    done.get_future().wait();
  }
  void stop() {
    run([this] { server_.reset(); });
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  std::atomic<int> gathered{0};

 private:
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ = boost::asio::make_work_guard(loop_);
  std::optional<MetricsServer> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class Client {
 public:
  explicit Client(const Served& server) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval limit{.tv_sec = 60, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("connect");
  }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Up to the end that the server makes; throws if it makes none.
  [[nodiscard]] std::string rest() const {
    std::string all;
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("the server does not hang up");
      if (got <= 0) return all;
      all.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  naudit::base::Descriptor socket_;
};

std::string asked(const Served& server, std::string_view request) {
  const Client client(server);
  client.send(request);
  return client.rest();
}

}  // namespace

TEST_CASE("a request of the metrics is understood in one piece and in many") {
  CHECK(wants(kGet) == Wants::kMetrics);
  CHECK(wants("GET /metrics?x=1 HTTP/1.0\r\n\r\n") == Wants::kMetrics);
  CHECK(wants("GET / HTTP/1.1\r\n\r\n") == Wants::kRoot);
  CHECK(wants("GET /metrics/../etc HTTP/1.1\r\n\r\n") == Wants::kNothingHere);
  CHECK(wants("POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\n") == Wants::kOtherMethod);
  CHECK(wants("GET /metrics HTTP/1.1\r\nHost: a\r\n") == Wants::kMore);
  ScrapeRequest request;
  const std::string_view bytes = "HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n";
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) CHECK(request.take(bytes.substr(i, 1)) == Wants::kMore);
  CHECK(request.take(bytes.substr(bytes.size() - 1)) == Wants::kMetrics);
  CHECK(request.is_head());
  CHECK(request.take("anything") == Wants::kMetrics);
}

TEST_CASE("what is no request, or has no end, is refused") {
  CHECK(wants("\x16\x03\x01\x02\r\n\r\n") == Wants::kNotHttp);
  CHECK(wants("GET /metrics HTTP/9.9\r\n\r\n") == Wants::kNotHttp);
  CHECK(wants("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a')) == Wants::kTooMuch);
  CHECK(wants("GET /" + std::string(20'000, 'a')) == Wants::kTooMuch);
  ScrapeRequest request;
  Wants last = Wants::kMore;
  std::size_t lines = 0;
  last = request.take("GET / HTTP/1.1\r\n");
  for (; last == Wants::kMore && lines < 100'000; ++lines) last = request.take("X: y\r\n");
  CHECK(last == Wants::kTooMuch);
  CHECK(lines < ScrapeRequest::kMostBytes);
}

TEST_CASE("an answer is whole HTTP, and that to HEAD has no body") {
  CHECK(scrape_answer(Wants::kMetrics, false, "a 1\n") ==
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: 4\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\na 1\n");
  CHECK_THAT(scrape_answer(Wants::kMetrics, true, "a 1\n"),
             Contains("Content-Length: 4\r\n") && EndsWith("Connection: close\r\n\r\n"));
  CHECK_THAT(scrape_answer(Wants::kOtherMethod, false, ""), Contains("405") && Contains("Allow: GET, HEAD\r\n"));
}

TEST_CASE("the metrics are served over HTTP, and nothing else") {
  Served server;
  CHECK_THAT(asked(server, kGet), StartsWith("HTTP/1.1 200 OK\r\n") && EndsWith("\r\n\r\na 1\n"));
  CHECK_THAT(asked(server, "GET /etc/passwd HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  CHECK_THAT(asked(server, "POST /metrics HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"), StartsWith("HTTP/1.1 405 "));
  CHECK_THAT(asked(server, "EHLO a\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  CHECK_THAT(asked(server, "GET / HTTP/1.1\r\nX: " + std::string(100'000, 'a')), StartsWith("HTTP/1.1 431 "));
}

TEST_CASE("who asks soon after another gets the same numbers") {
  Served server({.fresh = std::chrono::hours{1}});
  CHECK_THAT(asked(server, kGet), EndsWith("a 1\n"));
  CHECK_THAT(asked(server, kGet), EndsWith("a 1\n"));
  CHECK(server.gathered == 1);
  Served other({.fresh = std::chrono::milliseconds{0}});
  CHECK_THAT(asked(other, kGet), EndsWith("a 1\n"));
  CHECK_THAT(asked(other, kGet), EndsWith("a 1\n"));
  CHECK(other.gathered == 2);
}

TEST_CASE("a client that says nothing, or not all, is let go") {
  Served server({.time = std::chrono::milliseconds{50}});
  const Client silent(server), slow(server);
  slow.send("GET /met");
  CHECK(silent.rest().empty());
  CHECK(slow.rest().empty());
}

TEST_CASE("a client that does not read its answer holds nobody else up, and is let go") {
  const std::string text = "a 1\n" + std::string(std::size_t{64} << 20U, '#') + '\n';
  Served server({.time = std::chrono::milliseconds{1000}}, [&text](const auto& then) { then(text); });
  const Client lazy(server);
  lazy.send(kGet);
  CHECK_THAT(asked(server, "GET / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
  // Nothing of it has been read until the server has hung up: then not all of it can be there.
  server.stop();
  CHECK(lazy.rest().size() < text.size());
}

TEST_CASE("when there are too many clients the oldest goes") {
  Served server({.clients = 2, .time = std::chrono::hours{1}});
  const Client first(server), second(server);
  CHECK_THAT(asked(server, kGet), EndsWith("a 1\n"));
  CHECK(first.rest().empty());
}

TEST_CASE("numbers that come after the server's end, or its client's, harm nobody") {
  std::promise<std::function<void(std::string)>> asked_for;
  Served server({.time = std::chrono::hours{1}}, [&asked_for](const auto& then) { asked_for.set_value(then); });
  const Client client(server);
  client.send(kGet);
  const auto then = asked_for.get_future().get();
  server.stop();
  CHECK(client.rest().empty());
  server.run([&then] { then("a 1\n"); });
}

TEST_CASE("all who wait get the numbers that come") {
  std::promise<std::function<void(std::string)>> asked_for;
  Served server({.time = std::chrono::hours{1}, .fresh = std::chrono::hours{1}},
                [&asked_for](const auto& then) { asked_for.set_value(then); });
  const Client first(server), second(server);
  first.send(kGet);
  const auto then = asked_for.get_future().get();
  second.send(kGet);  // a second question to the daemon would throw: the promise is kept already
  server.run([&then] { then("a 2\n"); });
  CHECK_THAT(first.rest(), EndsWith("a 2\n"));
  CHECK_THAT(second.rest(), EndsWith("a 2\n"));
}

TEST_CASE("an address where nobody can listen is an error that names it") {
  Served server;
  boost::asio::io_context loop;
  const auto gather = [](const auto& /*then*/) {};
  CHECK_THROWS_WITH(MetricsServer(loop, "127.0.0.1", server.port(), gather),
                    Contains("127.0.0.1") && Contains("already in use"));
  CHECK_THROWS_AS(MetricsServer(loop, "192.0.2.1", 0, gather), naudit::base::Error);
  CHECK_THROWS_AS(MetricsServer(loop, "no address", 0, gather), naudit::base::Error);
}
