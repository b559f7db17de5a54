// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/message.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Progress = HttpReply::Progress;

}  // namespace

TEST_CASE("a request's head says who, where, what and how long") {
  const std::string head = request_head({"/in?x=1", "siem.example:9200", "application/x-ndjson", "s3cret", 42});
  CHECK(head.starts_with("POST /in?x=1 HTTP/1.1\r\n"));
  for (const char* field : {"Host: siem.example:9200\r\n", "User-Agent: nauditd/", "Content-Length: 42\r\n",
                            "Content-Type: application/x-ndjson\r\n", "Authorization: Bearer s3cret\r\n"}) {
    CHECK(head.find(field) != std::string::npos);
  }
  CHECK(head.ends_with("\r\n\r\n"));
  CHECK(request_head({"/", "h", "t", "", 0}).find("Authorization") == std::string::npos);
}

TEST_CASE("a reply is read however it is cut") {
  const std::string text =
      "HTTP/1.1 429 Too Many\r\nRetry-After: 7\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n "
      "world\r\n0\r\n\r\n";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    HttpReply reply;
    CHECK_FALSE(reply.started());
    Progress progress = Progress::kMore;
    for (std::size_t at = 0; at < text.size(); at += step) {
      REQUIRE(progress == Progress::kMore);
      progress = reply.feed(std::string_view(text).substr(at, step));
    }
    REQUIRE(progress == Progress::kDone);
    REQUIRE(reply.status() == 429);
    REQUIRE(reply.reason() == "Too Many");
    REQUIRE(reply.retry_after() == "7");
    REQUIRE(reply.body_start() == "hello world");
    REQUIRE(reply.keep_alive());
  }
}

TEST_CASE("of a long body only the beginning is kept") {
  HttpReply reply;
  CHECK(reply.feed("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n") == Progress::kMore);
  CHECK(reply.feed(std::string(99'999, 'x')) == Progress::kMore);
  CHECK(reply.feed("y") == Progress::kDone);
  CHECK(reply.body_start() == std::string(HttpReply::kBodyKept, 'x'));
  CHECK(reply.keep_alive());
}

TEST_CASE("a body without end does not hide the status") {
  HttpReply reply;
  Progress progress = reply.feed("HTTP/1.1 200 OK\r\n\r\n");
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 32 && progress == Progress::kMore; ++i) progress = reply.feed(piece);
  CHECK(progress == Progress::kBroken);
  CHECK(reply.has_head());
  CHECK(reply.status() == 200);
  CHECK_FALSE(reply.keep_alive());
}

TEST_CASE("the end of the connection ends a body that has no length, and breaks one that has") {
  HttpReply open;
  CHECK(open.feed("HTTP/1.1 204 None\r\nConnection: close\r\n\r\n") == Progress::kDone);
  CHECK_FALSE(open.keep_alive());
  HttpReply endless;
  CHECK(endless.feed("HTTP/1.0 200 OK\r\n\r\nsome") == Progress::kMore);
  CHECK(endless.end() == Progress::kDone);
  CHECK(endless.body_start() == "some");
  HttpReply cut;
  CHECK(cut.feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsome") == Progress::kMore);
  CHECK(cut.end() == Progress::kBroken);
  CHECK(cut.has_head());
  HttpReply headless;
  CHECK(headless.feed("HTTP/1.1 20") == Progress::kMore);
  CHECK(headless.end() == Progress::kBroken);
  CHECK_FALSE(headless.has_head());
  HttpReply nothing;
  CHECK(nothing.end() == Progress::kBroken);
}

TEST_CASE("an announcement comes before the reply") {
  HttpReply reply;
  CHECK(reply.feed("HTTP/1.1 100 Continue\r\n\r\n") == Progress::kMore);
  CHECK_FALSE(reply.has_head());
  CHECK(reply.feed("HTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") ==
        Progress::kDone);
  CHECK(reply.status() == 200);
}

TEST_CASE("what is no HTTP, a head without end, and bytes after the reply are noticed") {
  CHECK(HttpReply().feed("SSH-2.0-OpenSSH_9.2\r\n") == Progress::kBroken);
  CHECK(HttpReply().feed("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n") == Progress::kBroken);
  HttpReply surplus;
  CHECK(surplus.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200") == Progress::kDone);
  CHECK_FALSE(surplus.keep_alive());
}

}  // namespace naudit::output
