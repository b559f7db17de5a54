// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/retry.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using namespace std::chrono_literals;

const auto kNow = std::chrono::system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT

HttpOutcome reply(int status) {
  return {status, "Words", "", "", "", ""};
}

HttpVerdict verdict(int status) {
  return judge(reply(status), kNow).verdict;
}

}  // namespace

TEST_CASE("2xx is delivered") {
  for (int status : {200, 201, 202, 204, 299}) CHECK(verdict(status) == HttpVerdict::kDelivered);
}

TEST_CASE("no reply, 408, 425, 429 and 5xx are tried again") {
  for (int status : {0, 408, 425, 429, 500, 502, 503, 504, 599}) CHECK(verdict(status) == HttpVerdict::kRetry);
}

TEST_CASE("what an event cannot be blamed for waits until somebody puts it right") {
  for (int status : {301, 302, 307, 308, 401, 403, 407}) CHECK(verdict(status) == HttpVerdict::kConfiguration);
}

TEST_CASE("413 is too much at once, and other 4xx are refused for good") {
  CHECK(verdict(413) == HttpVerdict::kSplit);
  for (int status : {400, 404, 405, 411, 415, 422, 431}) CHECK(verdict(status) == HttpVerdict::kRefused);
}

TEST_CASE("Retry-After is a number of seconds or a date, at most an hour") {
  CHECK(parse_retry_after("120", kNow) == 120s);
  CHECK(parse_retry_after("0", kNow) == 0s);
  CHECK(parse_retry_after("99999999999", kNow) == 1h);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:50:07 GMT", kNow) == 30s);
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:00:00 GMT", kNow) == 0s);
  CHECK(parse_retry_after("Mon, 07 Nov 1994 08:50:07 GMT", kNow) == 1h);
  CHECK(parse_retry_after("Fri, 07 Nov 0997 08:50:07 GMT", kNow) == 0s);
  CHECK(parse_retry_after("Fri, 07 Nov 9997 08:50:07 GMT", kNow) == 1h);
  for (const char* wrong : {"", "-1", "1.5", "12 s", "soon", "Sun, 06 Nov 1994", "99999999999999999999999"})
    CHECK_FALSE(parse_retry_after(wrong, kNow));
}

TEST_CASE("only a reply that is tried again makes us wait") {
  HttpOutcome busy = reply(503);
  busy.retry_after = "7";
  CHECK(judge(busy, kNow).wait == 7s);
  busy.status = 200;
  CHECK_FALSE(judge(busy, kNow).wait);
}

TEST_CASE("only 307 and 308 to the very same server say where to go instead") {
  const Url asked = *parse_url("https://siem.example/in");
  const auto target = [&](int status, const char* location) { return redirect_target(status, asked, location); };
  CHECK(target(307, "https://siem.example/there?x=1") == "/there?x=1");
  CHECK(target(308, "https://SIEM.example:443/there") == "/there");
  CHECK(target(308, "https://siem.example/there#part") == "/there");
  for (const int status : {200, 301, 302, 303}) CHECK_FALSE(target(status, "https://siem.example/there"));
  for (const char* elsewhere :
       {"http://siem.example/there", "https://siem.example:8443/there", "https://other.example/",
        "https://siem.example.evil/there", "https://x@siem.example/", "/there", ""})
    CHECK_FALSE(target(307, elsewhere));
}

TEST_CASE("the text of a refusal holds the server's words and nothing that a terminal acts on") {
  HttpOutcome refusal = reply(413);
  refusal.body = "too\x1b[31m large\r\n";
  CHECK(judge(refusal, kNow).text == "413 Words: too [31m large");
  HttpOutcome broken;
  broken.error = "cannot connect";
  CHECK(judge(broken, kNow).text == "cannot connect");
}

}  // namespace naudit::output
