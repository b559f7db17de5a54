// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "output/router.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/sink_files.hpp"
#include "tests/formats/schema.hpp"
#include "tests/output/products/product_support.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/http2_server.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/pipeline.hpp"
#include "tests/support/stuck_names.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;
using tests::event_lines;
using tests::HttpServer;
using tests::make_batch;
using tests::split_lines;
using Step = HttpServer::Step;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;

struct Fixture {
  tests::HttpsConfig config_for(HttpServer& server, const std::string& scheme = "http") {
    tests::HttpsConfig config;
    config.name = "siem";
    config.url = scheme + "://" + server.server().address() + "/in?x=1";
    config.retry = {5ms, 50ms};
    config.batch.time = 1ms;
    return config;
  }
  std::unique_ptr<Sink> sink(const config::Sink& config) {
    return make_https_sink(config, network, losses.handler(), 1);
  }

  tests::TempDir directory;
  Network network;
  tests::LossLog losses;
};

std::vector<std::string> lines_of(const std::vector<HttpServer::Request>& requests) {
  std::vector<std::string> lines;
  for (const HttpServer::Request& request : requests)
    for (std::string& line : split_lines(request.body)) lines.push_back(std::move(line));
  return lines;
}

HttpServer::Answer answer(int status, std::string body = "", std::string headers = "") {
  return {status, std::move(headers), std::move(body), Step::kReply};
}

HttpServer::Answer trouble(Step step) {
  return {200, "", "", step};
}

}  // namespace

TEST_CASE("over HTTP every event arrives once, in order, over one connection") {
  Fixture f;
  HttpServer server;
  tests::HttpsConfig config = f.config_for(server);
  config.batch.events = 100;
  const auto sink = f.sink(config);
  for (int first = 0; first < 1000; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  const auto requests = server.requests();
  CHECK(lines_of(requests) == event_lines(0, 1000));
  CHECK(requests.size() >= 10);
  CHECK(server.server().connections() == 1);
  for (const HttpServer::Request& request : requests) {
    CHECK(request.head.starts_with("POST /in?x=1 HTTP/1.1\r\n"));
    CHECK(request.has("Content-Type: application/x-ndjson\r\n"));
    CHECK(request.has("User-Agent: nauditd/"));
    CHECK(request.has("Host: " + server.server().address() + "\r\n"));
    CHECK(split_lines(request.body).size() <= 100);
  }
  const SinkStatus status = sink->status();
  CHECK(status.events_out == 1000);
  CHECK(status.events_dropped == 0);
  CHECK(status.retries == 0);
  CHECK(status.queue_bytes == 0);
}

TEST_CASE("one event a request has no newline and is JSON") {
  Fixture f;
  HttpServer server;
  tests::HttpsConfig config = f.config_for(server);
  config.own = PlainOptions{HttpBody::kEvent};
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 20));
  sink->stop(kLong);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 20);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    CHECK(requests[i].body == tests::event_text(static_cast<int>(i)));
    CHECK(requests[i].has("Content-Type: application/json\r\n"));
  }
  CHECK(server.server().connections() == 1);
}

TEST_CASE("over HTTPS the certificate is verified and the token is sent") {
  Fixture f;
  const tests::Certificates certificates(f.directory.file("."));
  HttpServer server({}, tests::LoopbackServer::Tls{certificates.server.certificate, certificates.server.key,
                                                   certificates.authority.certificate});
  tests::HttpsConfig config = f.config_for(server, "https");
  config.tls.enabled = true;
  config.tls.ca = certificates.authority.certificate;
  config.tls.certificate = certificates.client.certificate;
  config.tls.key = certificates.client.key;
  config.token_file = f.directory.file("token");
  tests::write_file(config.token_file, "s3cret\n", fs::perms{0600});
  SECTION("a good one") {
    const auto sink = f.sink(config);
    sink->push(make_batch(0, 100));
    sink->stop(kLong);
    const auto requests = server.requests();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].has("Authorization: Bearer s3cret\r\n"));
    CHECK(lines_of(requests) == event_lines(0, 100));
  }
  SECTION("one of an unknown authority") {
    config.tls.ca = certificates.stranger.certificate;
    const auto sink = f.sink(config);
    sink->push(make_batch(0, 100));
    REQUIRE(server.server().wait_for_connections(3));
    CHECK(sink->status().last_error.find("its certificate is refused") != std::string::npos);
    CHECK(sink->status().state.find("disconnected, retrying") == 0);
    sink->stop(0ms);
    CHECK(server.requests().empty());
    CHECK(sink->status().events_dropped == 100);
  }
}

TEST_CASE("the log of transfers has the heads of requests and replies, and no secret") {
  Fixture f;
  HttpServer server({answer(503, "", "X-Secret-Of-Theirs: hush\r\n"), answer(200)});
  tests::HttpsConfig config = f.config_for(server);
  config.debug_log = f.directory.file("transfers.log");
  config.headers = {"X-Key: s3cret"};
  config.token_file = f.directory.file("token");
  tests::write_file(config.token_file, "t0ken\n", fs::perms{0600});
  CHECK(written_files(config).at(0).path == config.debug_log);
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 1));
  sink->stop(kLong);
  std::ifstream file(config.debug_log);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  INFO(text);
  using Catch::Matchers::Contains;
  CHECK_THAT(text, Contains("Z > POST /in?[not shown] HTTP/1.1\n") && Contains(" > Content-Type: ") &&
                       Contains(" > Authorization: [not shown]\n") && Contains(" > X-Key: [not shown]\n") &&
                       Contains(" < HTTP/1.1 503 ") && Contains(" < X-Secret-Of-Theirs: [not shown]\n") &&
                       Contains(" < HTTP/1.1 200 "));
  CHECK_THAT(text, !Contains("t0ken") && !Contains("s3cret") && !Contains("hush") && !Contains("x=1"));
  CHECK(split_lines(text).size() > 10);
}

TEST_CASE("what the server cannot take now is sent again until it can") {
  Fixture f;
  const int status = GENERATE(408, 425, 429, 500, 503, 307, 403);
  HttpServer server({answer(status), answer(status, "wait", "Retry-After: 0\r\n"), answer(202)});
  const auto sink = f.sink(f.config_for(server));
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(3));
  sink->stop(kLong);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  for (const HttpServer::Request& request : requests) CHECK(split_lines(request.body) == event_lines(0, 10));
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries == 2);
  CHECK(sink->status().last_error == std::to_string(status) + " Scripted: wait");
}

TEST_CASE("a Retry-After is respected") {
  Fixture f;
  HttpServer server({answer(503, "", "Retry-After: 3600\r\n")});
  const auto sink = f.sink(f.config_for(server));
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(1));
  sink->stop(300ms);
  CHECK(server.requests().size() == 1);
  CHECK(sink->status().events_dropped == 10);
}

TEST_CASE("a connection that breaks at any point is made again and the events are sent again") {
  Fixture f;
  const Step step = GENERATE(Step::kCloseAfterHead, Step::kCloseMidReply);
  HttpServer server({answer(200), trouble(step), trouble(step)});
  const auto sink = f.sink(f.config_for(server));
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(1));
  sink->push(make_batch(10, 10));
  REQUIRE(server.wait_for_requests(4));
  sink->stop(kLong);
  CHECK(split_lines(server.requests().back().body) == event_lines(10, 10));
  CHECK(sink->status().events_out == 20);
  CHECK(sink->status().events_dropped == 0);
  CHECK(server.server().connections() >= 3);
}

TEST_CASE("a server that does not answer is given up after the time-out") {
  Fixture f;
  HttpServer server({trouble(Step::kStall)});
  tests::HttpsConfig config = f.config_for(server);
  config.timeout = 100ms;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(2));
  CHECK(sink->status().last_error.find("did not answer within 100 ms") != std::string::npos);
  sink->stop(kLong);
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("a refusal for good drops the request's events, tells, and goes on with the next") {
  Fixture f;
  HttpServer server({answer(400, std::string(1000, 'y'))});
  const auto sink = f.sink(f.config_for(server));
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(1));
  sink->push(make_batch(10, 10));
  REQUIRE(server.wait_for_requests(2));
  sink->stop(kLong);
  CHECK(split_lines(server.requests()[1].body) == event_lines(10, 10));
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 10);
  CHECK(sink->status().last_error == "400 Scripted: " + std::string(200, 'y'));
  REQUIRE(f.losses.losses().size() == 1);
  const SinkLoss loss = f.losses.losses().front();
  CHECK(loss.sink == "siem");
  CHECK(loss.cause == "refused by server 400");
  CHECK(loss.events == 10);
  CHECK(loss.first_id == "1.000:0");
  CHECK(loss.last_id == "1.000:9");
}

TEST_CASE("a reply that comes before the whole request was read is heard") {
  Fixture f;
  const tests::LoopbackServer::Serve refuse = [](tests::LoopbackServer::Stream& stream) {
    std::array<char, 64> some{};
    stream.read(some.data(), some.size());
    stream.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    // Holds the connection until the client has read the reply and hung up.
    std::array<char, 65536> rest{};
    while (stream.read(rest.data(), rest.size()) > 0) {
    }
  };
  tests::LoopbackServer server(std::nullopt, 0, refuse);
  tests::HttpsConfig config;
  config.name = "siem";
  config.url = "http://" + server.address() + "/";
  config.batch.time = 1ms;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 500, 2000));
  REQUIRE(f.losses.wait_for(1));
  CHECK(f.losses.losses().front().cause == "refused by server 400");
}

TEST_CASE("many events can be one array, compressed, with headers that are secret") {
  Fixture f;
  HttpServer server;
  tests::HttpsConfig config = f.config_for(server);
  config.own = PlainOptions{HttpBody::kArray};
  config.compression = GENERATE(HttpCompression::kZstd, HttpCompression::kGzip);
  config.headers = {"X-Team: audit"};
  config.headers_file = f.directory.file("headers");
  tests::write_file(config.headers_file, "X-Api-Key: 12345\n X-Tenant: a b \n", fs::perms{0600});
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 3));
  sink->stop(kLong);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 1);
  for (const char* header : {"X-Team: audit\r\n", "X-Api-Key: 12345\r\n", "X-Tenant: a b\r\n"})
    CHECK(requests[0].has(header));
  CHECK(requests[0].has("Content-Type: application/json\r\n"));
  CHECK(tests::plain_body(requests[0]) ==
        '[' + tests::event_text(0) + ',' + tests::event_text(1) + ',' + tests::event_text(2) + ']');
}

TEST_CASE("what is too large for the server is sent in halves, and requests stay that small") {
  Fixture f;
  HttpServer server({answer(413)});
  tests::HttpsConfig config = f.config_for(server);
  config.batch = {1 << 20, 1000, 1ms};
  const auto sink = f.sink(config);
  sink->push(make_batch(100, 100, 1000));
  REQUIRE(server.wait_for_requests(3));
  sink->push(make_batch(200, 100, 1000));
  sink->stop(kLong);
  auto requests = server.requests();
  REQUIRE(requests.size() == 5);
  for (std::size_t i = 1; i < requests.size(); ++i) CHECK(requests[i].body.size() <= requests[0].body.size() / 2);
  requests.erase(requests.begin());
  CHECK(lines_of(requests) == event_lines(100, 200, 1000));
  CHECK(sink->status().events_out == 200);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("requests in parallel deliver every event once") {
  Fixture f;
  HttpServer server({answer(503), trouble(Step::kCloseAfterHead), answer(429)});
  tests::HttpsConfig config = f.config_for(server);
  config.parallel = 4;
  config.batch.events = 10;
  const auto sink = f.sink(config);
  for (int first = 0; first < 500; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 500);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().queue_bytes == 0);
}

TEST_CASE("a 401 makes us read the token again") {
  Fixture f;
  HttpServer server({answer(200), answer(401), answer(200)});
  tests::HttpsConfig config = f.config_for(server);
  config.token_file = f.directory.file("token");
  tests::write_file(config.token_file, "old", fs::perms{0600});
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(1));
  tests::write_file(config.token_file, "new", fs::perms{0600});
  sink->push(make_batch(10, 10));
  REQUIRE(server.wait_for_requests(3));
  sink->stop(kLong);
  const auto requests = server.requests();
  CHECK(requests[1].has("Authorization: Bearer old\r\n"));
  CHECK(requests[2].has("Authorization: Bearer new\r\n"));
  CHECK(requests[2].body == requests[1].body);
  CHECK(sink->status().events_out == 20);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("a 401 makes us read the password again") {
  Fixture f;
  HttpServer server({answer(401), answer(200)});
  tests::HttpsConfig config = f.config_for(server);
  config.user = "jo";
  config.password_file = f.directory.file("password");
  tests::write_file(config.password_file, "old", fs::perms{0600});
  const auto sink = f.sink(config);
  tests::write_file(config.password_file, "new", fs::perms{0600});
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(2));
  sink->stop(kLong);
  const auto requests = server.requests();
  CHECK(requests[0].has("Authorization: Basic am86b2xk\r\n"));
  CHECK(requests[1].has("Authorization: Basic am86bmV3\r\n"));
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("events go by the proxy that is configured, with HTTP/2 where it is wanted and there") {
  Fixture f;
  const tests::Certificates certificates(f.directory.file("."));
  tests::Http2Server server(certificates.server);
  tests::ConnectProxy proxy;
  tests::HttpsConfig config;
  config.name = "siem";
  config.url = "https://" + server.address() + "/in";
  config.tls.enabled = true;
  config.tls.ca = certificates.authority.certificate;
  config.proxy = "http://" + proxy.server().address();
  config.http_version = HttpVersion::kAuto;
  config.batch.time = 1ms;
  const auto sink = f.sink(config);
  for (int first = 0; first < 1000; first += 10) sink->push(make_batch(first, 10));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 1000);
  CHECK(sink->status().retries == 0);
  REQUIRE(proxy.heads().size() == 1);
  CHECK(proxy.heads()[0].starts_with("CONNECT " + server.address() + " HTTP/1.1\r\n"));
  CHECK(server.end().find(":path: /in") != std::string::npos);
}

TEST_CASE("a token that stays wrong loses nothing and says what is wrong") {
  Fixture f;
  HttpServer server({answer(401), answer(401), answer(401)});
  tests::HttpsConfig config = f.config_for(server);
  config.token_file = f.directory.file("token");
  tests::write_file(config.token_file, "old", fs::perms{0600});
  const auto sink = f.sink(config);
  fs::remove(config.token_file);
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(4));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().last_error.find("401 Scripted; sink 'siem': token_file: ") == 0);
}

TEST_CASE("an idle connection that the server closes is replaced without a retry being counted") {
  Fixture f;
  HttpServer server({answer(200, "", "Connection: close\r\n"), answer(200)});
  const auto sink = f.sink(f.config_for(server));
  sink->push(make_batch(0, 10));
  REQUIRE(server.wait_for_requests(1));
  sink->push(make_batch(10, 10));
  REQUIRE(server.wait_for_requests(2));
  sink->stop(kLong);
  CHECK(lines_of(server.requests()) == event_lines(0, 20));
  CHECK(server.server().connections() == 2);
  CHECK(sink->status().retries == 0);
}

TEST_CASE("while the server is dead the queue drops the oldest, exactly counted") {
  Fixture f;
  HttpServer server({trouble(Step::kStall)});
  tests::HttpsConfig config = f.config_for(server);
  config.timeout = 60s;
  const std::size_t batch_bytes = make_batch(10, 10)->bytes.size();
  config.batch.bytes = batch_bytes;
  config.queue.size = 3 * batch_bytes;
  const auto sink = f.sink(config);
  sink->push(make_batch(10, 10));
  REQUIRE(server.wait_for_requests(1));
  for (int first = 20; first < 100; first += 10) sink->push(make_batch(first, 10));
  CHECK(sink->status().events_dropped == 60);
  REQUIRE(f.losses.wait_for(1));
  sink->stop(0ms);
  CHECK(sink->status().events_dropped == 90);
  CHECK(sink->status().events_out == 0);
  std::uint64_t told = 0;
  for (const SinkLoss& loss : f.losses.losses()) told += loss.events;
  CHECK(told == 90);
}

TEST_CASE("while the sink is blocked a queue of 512 events keeps the first or the last of them, in order") {
  Fixture f;
  HttpServer server;
  tests::HttpsConfig config = f.config_for(server);
  config.own = PlainOptions{HttpBody::kEvent};
  config.queue.events = 512;
  const bool keeps_first = GENERATE(true, false);
  config.queue.when_full = keeps_first ? config::WhenFull::kDropNewest : config::WhenFull::kDropOldest;
  std::promise<void> release;
  boost::asio::post(f.network.loop(), [gate = release.get_future().share()] { gate.wait(); });
  const auto sink = f.sink(config);
  for (int number = 0; number < 600; ++number) sink->push(make_batch(number, 1));
  CHECK(sink->status().events_dropped == 88);
  release.set_value();
  sink->stop(kLong);
  const auto requests = server.requests();
  CHECK(requests.size() == 512);
  CHECK(lines_of(requests) == event_lines(keeps_first ? 0 : 88, 512));
  CHECK(sink->status().events_out == 512);
  CHECK(sink->status().events_dropped == 88);
}

TEST_CASE("MozDef gets one event a request, and any 2xx is good") {
  Fixture f;
  HttpServer server({answer(201), answer(503), answer(204)});
  tests::HttpsConfig config = f.config_for(server);
  config.format = "mozdef";
  config.own = PlainOptions{HttpBody::kEvent};
  const std::shared_ptr<Sink> sink = f.sink(config);
  interpret::Names names(tests::patient(), tests::fixed_name);
  formats::EncoderContext context{.names = names, .node = "web1.example", .live = false};
  Router router(context);
  router.set_routes({{.sink = sink, .format = config.format, .filter = {}, .options = {}}});
  tests::StoredLog log;
  log.add_all(
      "type=USER_LOGIN msg=audit(1700000000.123:7): pid=1 uid=0 auid=1000 ses=1 msg='op=login acct=\"jo\" "
      "res=success'\n"
      "type=USER_END msg=audit(1700000000.124:8): pid=1 uid=0 auid=1000 ses=1 msg='op=logout acct=\"jo\" "
      "res=success'\n");
  log.finish();
  for (const auto& event : log.events) router.add(*event);
  router.flush();
  sink->stop(kLong);
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[1].body == requests[2].body);
  for (const HttpServer::Request& request : requests) {
    CHECK(request.has("Content-Type: application/json\r\n"));
    CHECK(request.has("User-Agent: nauditd/"));
    CHECK(request.has("Content-Length: " + std::to_string(request.body.size()) + "\r\n"));
    CHECK(tests::mozdef_schema().what_is_wrong(request.body) == "");
  }
  CHECK(sink->status().events_out == 2);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("a stop waits neither for the batch's time nor for more than it was given") {
  Fixture f;
  HttpServer server;
  tests::HttpsConfig config = f.config_for(server);
  config.batch.time = 3600s;
  const auto sink = f.sink(config);
  sink->push(make_batch(0, 10));
  const auto begin = std::chrono::steady_clock::now();
  sink->stop(kLong);
  CHECK(std::chrono::steady_clock::now() - begin < 20s);
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("a name service that hangs holds up neither another sink nor the stop") {
  const tests::StuckNames stuck;
  const auto begin = std::chrono::steady_clock::now();
  {
    Fixture f;
    HttpServer server;
    tests::HttpsConfig config = f.config_for(server);
    const auto good_sink = f.sink(config);
    config.url = std::string("http://") + tests::StuckNames::kHost + "/in";
    config.timeout = 60s;
    const auto stuck_sink = f.sink(config);
    stuck_sink->push(make_batch(0, 10));
    REQUIRE(tests::StuckNames::wait_for_calls(1));
    good_sink->push(make_batch(0, 10));
    good_sink->stop(kLong);
    CHECK(good_sink->status().events_out == 10);
    stuck_sink->stop(0ms);
    CHECK(stuck_sink->status().events_dropped == 10);
  }
  CHECK(std::chrono::steady_clock::now() - begin < 20s);
}

}  // namespace naudit::output
