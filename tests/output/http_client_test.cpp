// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include <boost/asio/io_context.hpp>

#include "output/sinks/http/client.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/http2_server.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/stuck_names.hpp"

namespace naudit::output {
namespace {

using tests::HttpServer;
using tests::LoopbackServer;
using namespace std::chrono_literals;

const HttpCredentials kToken{"s3cret", "", "", {}};

HttpClient::Options options_for(const std::string& address, const std::string& scheme = "http") {
  HttpClient::Options options;
  options.url = *parse_url(scheme + "://" + address + "/in?x=1");
  options.content_type = "application/x-ndjson";
  options.timeout = 30s;
  return options;
}

// A client whose loop runs in the test's own thread, one request at a time.
struct Asking {
  explicit Asking(HttpClient::Options options) : client(loop, std::move(options)) {}
  explicit Asking(LoopbackServer& server) : Asking(options_for(server.address())) {}
  Asking(LoopbackServer& server, std::chrono::milliseconds timeout)
      : Asking([&] {
          HttpClient::Options options = options_for(server.address());
          options.timeout = timeout;
          return options;
        }()) {}
  explicit Asking(HttpServer& server) : Asking(server.server()) {}

  HttpOutcome ask(std::vector<std::string_view> pieces = {"event\n"}, const HttpCredentials& who = {}) {
    std::optional<HttpOutcome> outcome;
    client.send({std::move(pieces), nullptr, "", {}}, who, [&](const HttpOutcome& reply) {
      outcome = reply;
      loop.stop();
    });
    loop.restart();
    loop.run_for(60s);
    REQUIRE(outcome);
    return *outcome;
  }

  boost::asio::io_context loop;
  HttpClient client;
};

// Reads a whole request; false at the connection's end.
bool read_request(LoopbackServer::Stream& stream) {
  std::string input;
  std::array<char, 4096> some{};
  std::size_t whole = std::string::npos;
  while (input.size() < whole) {
    const std::size_t size = stream.read(some.data(), some.size());
    if (size == 0) return false;
    input.append(some.data(), size);
    const std::size_t end = input.find("\r\n\r\n");
    const std::size_t length = input.find("Content-Length: ");
    if (end != std::string::npos) whole = end + 4 + std::stoul(input.substr(length + 16));
  }
  return true;
}

// Answers every request with these bytes, `step` at a time; then waits for the next, or hangs up.
LoopbackServer::Serve answers(std::string reply, bool hangs_up = false, std::size_t step = std::string::npos) {
  return [=](LoopbackServer::Stream& stream) {
    while (read_request(stream)) {
      for (std::size_t at = 0; at < reply.size(); at += std::min(step, reply.size()))
        stream.write(std::string_view(reply).substr(at, step));
      if (hangs_up) return;
    }
  };
}

// Of this process (proc_pid_statm(5)).
std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t whole = 0;
  std::size_t resident = 0;
  file >> whole >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

HttpServer::Answer redirect(int status, const std::string& where) {
  return {status, "Location: " + where + "\r\n", "", HttpServer::Step::kReply};
}

}  // namespace

TEST_CASE("a request's head says who, where, what and how long") {
  HttpServer server;
  Asking asking(server);
  CHECK(asking.ask({"one\n", "two\n"}, kToken).status == 200);
  CHECK(asking.ask().status == 200);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].head.starts_with("POST /in?x=1 HTTP/1.1\r\n"));
  for (const std::string& field :
       {"Host: " + server.server().address() + "\r\n", std::string("User-Agent: nauditd/"),
        std::string("Content-Length: 8\r\n"), std::string("Content-Type: application/x-ndjson\r\n"),
        std::string("Authorization: Bearer s3cret\r\n")})
    CHECK(requests[0].has(field));
  CHECK(requests[0].body == "one\ntwo\n");
  CHECK_FALSE(requests[1].has("Authorization"));
}

TEST_CASE("a large body of many pieces arrives whole") {
  HttpServer server;
  Asking asking(server);
  std::string text;
  for (int number = 0; number < 200'000; ++number) text += std::to_string(number) + '\n';
  std::vector<std::string_view> pieces;
  for (std::size_t at = 0; at < text.size(); at += 9'973) pieces.push_back(std::string_view(text).substr(at, 9'973));
  CHECK(asking.ask(pieces).status == 200);
  CHECK(asking.ask({text}).status == 200);
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[0].body == text);
  CHECK(server.requests()[1].body == text);
  CHECK_FALSE(server.requests()[0].has("Expect"));
}

TEST_CASE("a reply is read however it is cut") {
  const std::size_t step = GENERATE(1U, 2U, 7U, 64U, 1000U);
  LoopbackServer server(std::nullopt, 0,
                        answers("HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
                                false, step));
  Asking asking(server);
  for (int i = 0; i < 2; ++i) {
    const HttpOutcome reply = asking.ask();
    CHECK(reply.status == 429);
    CHECK(reply.reason == "Too Many");
    CHECK(reply.retry_after == "7");
    CHECK(reply.body == "hello world");
    CHECK(reply.error.empty());
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("of a long body only the beginning is kept") {
  LoopbackServer server(std::nullopt, 0,
                        answers("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'x')));
  Asking asking(server);
  CHECK(asking.ask().body == std::string(HttpClient::kBodyKept, 'x'));
  CHECK(asking.ask().status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE("a body without end does not hide the status") {
  const LoopbackServer::Serve pour = [](LoopbackServer::Stream& stream) {
    const std::string piece(1 << 20, 'x');
    if (!read_request(stream) || !stream.write("HTTP/1.1 200 OK\r\n\r\n")) return;
    while (stream.write(piece)) {
    }
  };
  LoopbackServer server(std::nullopt, 0, pour);
  const HttpOutcome reply = Asking(server).ask();
  CHECK(reply.status == 200);
  CHECK(reply.body.size() == HttpClient::kBodyKept);
  CHECK(reply.error.find("sent a body of more than 4 MiB") != std::string::npos);
}

TEST_CASE("what has no end and is no reply is ended, and costs no memory") {
  struct Hostile {
    const char* what;
    std::string begin, piece;
    int status;
  };
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string many(4096, 'a');
  std::string announcements;
  for (int i = 0; i < 100; ++i) announcements += "HTTP/1.1 100 Continue\r\n\r\n";
  std::string trailers;
  for (int i = 0; i < 100; ++i) trailers += "X-Trailer: " + std::string(40, 'b') + "\r\n";
  std::string headers;
  for (int i = 0; i < 100; ++i) headers += "X-Header: " + std::string(40, 'c') + "\r\n";
  const auto one = GENERATE_COPY(values<Hostile>({
      {"an extension of a chunk", chunked + "1;", many, 200},
      {"a chunk's length", chunked, std::string(4096, '0'), 200},
      {"one trailer", chunked + "0\r\nX: ", many, 200},
      {"trailers", chunked + "0\r\n", trailers, 200},
      {"a status line", "HTTP/1.1 200 ", many, 0},
      {"one header", "HTTP/1.1 200 OK\r\nX: ", many, 0},
      {"headers", "HTTP/1.1 200 OK\r\n", headers, 0},
      {"announcements", "", announcements, 0},
      {"blank lines", "", std::string(4096, '\n'), 0},
      {"no HTTP at all", "", std::string(4096, 'z'), 0},
  }));
  INFO(one.what);
  std::atomic<std::uint64_t> sent = 0;
  LoopbackServer server(std::nullopt, 0, [&](LoopbackServer::Stream& stream) {
    if (!read_request(stream) || !stream.write(one.begin)) return;
    while (stream.write(one.piece)) sent += one.piece.size();
  });
  const std::size_t before = resident_bytes();
  Asking asking(server);
  const auto begin = std::chrono::steady_clock::now();
  const HttpOutcome reply = asking.ask();
  // Not by the time-out.
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
  CHECK(reply.status == one.status);
  CHECK_FALSE(reply.error.empty());
  CHECK(resident_bytes() < before + (std::size_t{16} << 20));
  // What the kernel holds of a connection on the loopback aside.
  CHECK(sent < std::uint64_t{32} << 20);
}

TEST_CASE("chunks of one byte are a reply as any other") {
  std::string reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100'000; ++i) reply += "1\r\nx\r\n";
  LoopbackServer server(std::nullopt, 0, answers(reply + "0\r\n\r\n"));
  Asking asking(server);
  for (int i = 0; i < 2; ++i) {
    const HttpOutcome got = asking.ask();
    CHECK(got.status == 200);
    CHECK(got.error.empty());
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("a reply that drips ends with the time that it has") {
  LoopbackServer server(std::nullopt, 0, [](LoopbackServer::Stream& stream) {
    if (!read_request(stream) || !stream.write("HTTP/1.1 200 OK\r\nX: ")) return;
    while (stream.write("x")) std::this_thread::yield();
  });
  Asking asking(server, 300ms);
  const HttpOutcome reply = asking.ask();
  CHECK(reply.status == 0);
  CHECK_FALSE(reply.error.empty());
}

TEST_CASE("the end of the connection ends a body that has no length, and breaks one that has") {
  LoopbackServer none(std::nullopt, 0, answers("HTTP/1.1 204 None\r\nConnection: close\r\n\r\n", true));
  CHECK(Asking(none).ask().status == 204);
  LoopbackServer endless(std::nullopt, 0, answers("HTTP/1.0 200 OK\r\n\r\nsome", true));
  const HttpOutcome whole = Asking(endless).ask();
  CHECK(whole.status == 200);
  CHECK(whole.body == "some");
  CHECK(whole.error.empty());
  LoopbackServer cut(std::nullopt, 0, answers("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsome", true));
  const HttpOutcome half = Asking(cut).ask();
  CHECK(half.status == 200);
  CHECK_FALSE(half.error.empty());
  for (const char* const beginning : {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le"}) {
    LoopbackServer headless(std::nullopt, 0, answers(beginning, true));
    const HttpOutcome nothing = Asking(headless).ask();
    CHECK(nothing.status == 0);
    CHECK(nothing.error.find("no reply from " + headless.address()) == 0);
  }
}

TEST_CASE("an announcement comes before the reply") {
  LoopbackServer server(std::nullopt, 0,
                        answers("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
                                "HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n"));
  const HttpOutcome reply = Asking(server).ask();
  CHECK(reply.status == 201);
  CHECK(reply.reason == "Made");
  LoopbackServer unfinished(std::nullopt, 0, answers("HTTP/1.1 100 Continue\r\n\r\n", true));
  CHECK(Asking(unfinished).ask().status == 0);
}

TEST_CASE("what is no HTTP and a head without end are noticed, and bytes after a reply are no part of the next") {
  LoopbackServer other(std::nullopt, 0, answers("SSH-2.0-OpenSSH_9.2\r\n", true));
  CHECK(Asking(other).ask().status == 0);
  LoopbackServer large(std::nullopt, 0, answers("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"));
  const HttpOutcome excess = Asking(large).ask();
  CHECK(excess.status == 0);
  CHECK(excess.error == large.address() + " sent a head of more than 16 KiB");
  LoopbackServer surplus(std::nullopt, 0, answers("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200"));
  Asking asking(surplus);
  for (int i = 0; i < 2; ++i) {
    const HttpOutcome reply = asking.ask();
    CHECK(reply.status == 200);
    CHECK(reply.reason == "OK");
    CHECK(reply.error.empty());
  }
}

TEST_CASE("a redirect that keeps the request is followed on the same server") {
  const int status = GENERATE(307, 308);
  HttpServer server({redirect(status, "/there?y=2"), redirect(status, "relative")});
  CHECK(Asking(server).ask({"one\n", "two\n"}, kToken).status == 200);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[1].head.starts_with("POST /there?y=2 HTTP/1.1\r\n"));
  CHECK(requests[2].head.starts_with("POST /relative HTTP/1.1\r\n"));
  for (const HttpServer::Request& request : requests) {
    CHECK(request.body == "one\ntwo\n");
    CHECK(request.has("Authorization: Bearer s3cret\r\n"));
  }
  CHECK(server.server().connections() == 1);
}

TEST_CASE("a redirect by a whole url is followed to the same server, never to another") {
  HttpServer other;
  std::string where;
  const LoopbackServer::Serve move = [&where](LoopbackServer::Stream& stream) {
    const std::string empty = "Content-Length: 0\r\n\r\n";
    if (!read_request(stream)) return;
    stream.write("HTTP/1.1 307 Moved\r\nLocation: " + where + "\r\n" + empty);
    if (read_request(stream)) stream.write("HTTP/1.1 201 Made\r\n" + empty);
  };
  LoopbackServer server(std::nullopt, 0, move);
  where = "http://" + server.address() + "/there";
  CHECK(Asking(server).ask({"one\n"}, kToken).status == 201);
  where = "http://" + other.server().address() + "/there";
  CHECK(Asking(server).ask({"one\n"}, kToken).status == 307);
  CHECK(other.requests().empty());
}

TEST_CASE("redirects in a circle end, and those that make a GET are not followed") {
  HttpServer circle({redirect(307, "/"), redirect(307, "/"), redirect(307, "/"), redirect(307, "/"), {}});
  CHECK(Asking(circle).ask().status == 307);
  CHECK(circle.requests().size() == 1 + HttpClient::kRedirectsMost);
  for (const int status : {301, 302, 303}) {
    HttpServer server({redirect(status, "/there")});
    CHECK(Asking(server).ask().status == status);
    CHECK(server.requests().size() == 1);
  }
}

TEST_CASE("proxies of the environment are not ours") {
  for (const char* const name : {"http_proxy", "https_proxy", "all_proxy"}) ::setenv(name, "http://127.0.0.1:1", 1);
  HttpServer server;
  CHECK(Asking(server).ask().status == 200);
  for (const char* const name : {"http_proxy", "https_proxy", "all_proxy"}) ::unsetenv(name);
}

TEST_CASE("a user and a password go out as Basic authentication") {
  HttpServer server;
  Asking asking(server);
  CHECK(asking.ask({"event\n"}, {"", "Aladdin", "open sesame"}).status == 200);
  CHECK(asking.ask({"event\n"}, {"", "Aladdin", ""}).status == 200);
  CHECK(asking.ask().status == 200);
  const auto requests = server.requests();
  CHECK(requests.at(0).has("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"));  // RFC 7617, section 2
  CHECK(requests.at(1).has("Authorization: Basic QWxhZGRpbjo=\r\n"));
  CHECK_FALSE(requests.at(2).has("Authorization"));
  HttpServer refusing({{401, "WWW-Authenticate: Basic realm=x\r\n", "", HttpServer::Step::kReply}});
  CHECK(Asking(refusing).ask({"event\n"}, {"", "Aladdin", "open sesame"}).status == 401);
  CHECK(refusing.requests().size() == 1);
}

TEST_CASE("a proxy gets the server's name and nothing of the request") {
  const tests::TempDir directory;
  const tests::Certificates made(directory.file("."));
  HttpServer server({}, LoopbackServer::Tls{made.server.certificate, made.server.key, ""});
  Tls tls;
  tls.ca = made.authority.certificate;
  const std::string port = std::to_string(server.server().port());
  tests::ConnectProxy proxy;
  // Only the proxy can know this name.
  auto options = options_for("audit.test:" + port, "https");
  options.tls = make_tls_context("siem", tls);
  options.proxy = parse_endpoint(proxy.server().address());
  SECTION("to the url's host") {
    Asking asking(options);
    CHECK(asking.ask({"one\n", "two\n"}, kToken).status == 200);
    CHECK(asking.ask({"three\n"}, {"", "user", "secret"}).status == 200);
    CHECK(server.requests().at(0).body == "one\ntwo\n");
    CHECK(server.requests().at(0).has("Authorization: Bearer s3cret\r\n"));
    REQUIRE(proxy.heads().size() == 1);
    CHECK(proxy.heads()[0].starts_with("CONNECT audit.test:" + port + " HTTP/1.1\r\n"));
    CHECK(proxy.heads()[0].find("uthorization") == std::string::npos);
  }
  SECTION("under another name for TLS") {
    options.url.endpoint.host = "collector.test";
    options.server_name = "audit.test";
    CHECK(Asking(options).ask().status == 200);
    CHECK(proxy.heads().at(0).starts_with("CONNECT collector.test:" + port + " HTTP/1.1\r\n"));
  }
  SECTION("one that refuses is trouble on the way, not the server's word") {
    tests::ConnectProxy refusing("HTTP/1.1 407 Who are you\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n");
    options.proxy = parse_endpoint(refusing.server().address());
    const HttpOutcome reply = Asking(options).ask();
    CHECK(reply.status == 0);
    CHECK(reply.retry_after.empty());
    CHECK(reply.error.find("cannot connect to audit.test:" + port + " by the proxy 127.0.0.1:") == 0);
    CHECK(reply.error.find("407") != std::string::npos);
  }
}

TEST_CASE("HTTP/2 carries the same requests where TLS agrees on it") {
  const tests::TempDir directory;
  const tests::Certificates made(directory.file("."));
  tests::Http2Server server(made.server);
  Tls tls;
  tls.ca = made.authority.certificate;
  auto options = options_for(server.address(), "https");
  options.version = HttpVersion::kAuto;
  options.tls = make_tls_context("siem", tls);
  Asking asking(options);
  for (int i = 0; i < 3; ++i) {
    const HttpOutcome reply = asking.ask({"one\n", "two\n"}, kToken);
    CHECK(reply.status == 200);
    CHECK(reply.error == "");
    CHECK(reply.body == "one\ntwo\n");
  }
  for (const std::size_t size : {std::size_t{70'000}, std::size_t{1} << 20, std::size_t{4} << 20}) {
    const std::string half(size / 2, 'x');
    CHECK(asking.ask({half, half}).status == 200);
    CHECK(asking.ask({half}).status == 200);
  }
  const std::string& log = server.end();
  for (const std::string& field :
       {std::string(":method: POST"), ":authority: " + server.address(), std::string(":path: /in?x=1"),
        std::string("content-length: 8"), std::string("authorization: Bearer s3cret")})
    CHECK(log.find(field) != std::string::npos);
}

TEST_CASE("without HTTP/2 at the server auto means HTTP/1.1") {
  const tests::TempDir directory;
  const tests::Certificates made(directory.file("."));
  HttpServer server({}, LoopbackServer::Tls{made.server.certificate, made.server.key, ""});
  Tls tls;
  tls.ca = made.authority.certificate;
  auto options = options_for(server.server().address(), "https");
  options.tls = make_tls_context("siem", tls);
  options.version = HttpVersion::kAuto;
  CHECK(Asking(options).ask().status == 200);
  CHECK(server.requests().at(0).head.starts_with("POST /in?x=1 HTTP/1.1\r\n"));
}

TEST_CASE("the certificate has to be for server_name, and the Host field stays the url's") {
  const tests::TempDir directory;
  const tests::Certificates made(directory.file("."));
  HttpServer server({}, LoopbackServer::Tls{made.server.certificate, made.server.key, made.authority.certificate});
  Tls tls;
  tls.ca = made.authority.certificate;
  tls.certificate = made.client.certificate;
  tls.key = made.client.key;
  auto options = options_for(server.server().address(), "https");
  SECTION("the host's own, an address") {
    options.tls = make_tls_context("siem", tls);
    CHECK(Asking(options).ask().status == 200);
  }
  SECTION("another name that it has") {
    options.tls = make_tls_context("siem", tls);
    options.server_name = "audit.test";
    CHECK(Asking(options).ask().status == 200);
    CHECK(server.requests().at(0).has("Host: " + server.server().address() + "\r\n"));
  }
  SECTION("a relative redirect under another name") {
    HttpServer moved({redirect(307, "/there")}, LoopbackServer::Tls{made.server.certificate, made.server.key, ""});
    options = options_for(moved.server().address(), "https");
    options.tls = make_tls_context("siem", tls);
    options.server_name = "audit.test";
    CHECK(Asking(options).ask().status == 200);
    CHECK(moved.requests().size() == 2);
  }
  SECTION("a name that it does not have") {
    options.tls = make_tls_context("siem", tls);
    options.server_name = "other.test";
    const HttpOutcome reply = Asking(options).ask();
    CHECK(reply.status == 0);
    CHECK(reply.error == server.server().address() + ": its certificate is refused: hostname mismatch");
  }
  SECTION("any name, if it is not verified") {
    tls.verify = false;
    options.verify = false;
    options.tls = make_tls_context("siem", tls);
    options.server_name = "other.test";
    CHECK(Asking(options).ask().status == 200);
  }
  SECTION("the server wants a certificate of ours") {
    tls.certificate.clear();
    tls.key.clear();
    options.tls = make_tls_context("siem", tls);
    const HttpOutcome reply = Asking(options).ask();
    CHECK(reply.status == 0);
    CHECK(reply.error.find(server.server().address()) != std::string::npos);
  }
}

TEST_CASE("that nobody listens is said") {
  std::string address;
  {
    LoopbackServer gone(std::nullopt, 0, [](LoopbackServer::Stream&) {});
    address = gone.address();
  }
  const HttpOutcome refused = Asking(options_for(address)).ask();
  CHECK(refused.status == 0);
  CHECK(refused.error.find("cannot connect to " + address + ": ") == 0);
}

TEST_CASE("a name service that hangs stops neither the loop nor the end") {
  const tests::StuckNames stuck;
  auto options = options_for(std::string(tests::StuckNames::kHost) + ":80");
  const auto begin = std::chrono::steady_clock::now();
  SECTION("time-out") {
    options.timeout = 50ms;
    Asking asking(options);
    for (int i = 0; i < 2; ++i)
      CHECK(asking.ask().error.find("cannot connect to stuck.test:80: Resolving timed out") == 0);
  }
  SECTION("close") {
    Asking asking(options);
    asking.client.send({{"event\n"}, nullptr, "", {}}, {}, [](const HttpOutcome&) { FAIL("it was closed"); });
    asking.loop.poll();
    REQUIRE(tests::StuckNames::wait_for_calls(1));
    asking.client.close();
    asking.loop.restart();
    asking.loop.run_for(0ms);
  }
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

}  // namespace naudit::output
