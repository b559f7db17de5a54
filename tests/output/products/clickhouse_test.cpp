// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <map>
#include <set>

#include <rapidjson/document.h>

#include "base/json.hpp"
#include "output/sinks/clickhouse/product.hpp"
#include "tests/output/products/product_support.hpp"

namespace naudit::output {
namespace {

using Step = tests::HttpServer::Step;
using tests::kProductLong;
using tests::product_batch;
using tests::product_event;

// ClickHouse as far as inserts go: an insert is stored whole or not at all, and once for each token.
class Inserts : public tests::StrictServer {
 public:
  std::set<int> poison;  // serials that do not parse

  [[nodiscard]] std::vector<int> order() const {
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  Answer take(const Request& request, const std::string& body) override {
    const std::string want =
        "POST /?query=INSERT%20INTO%20audit.events%20FORMAT%20JSONEachRow&input_format_skip_unknown_fields=1"
        "&date_time_input_format=best_effort&wait_end_of_query=1&async_insert=1&insert_deduplication_token=";
    wants(request.head.starts_with(want), request.head);
    wants(request.has("Content-Encoding: gzip\r\n"), "content encoding");
    wants(request.has("Authorization: Basic am86czNjcmV0\r\n"), "authorization");
    const std::string token = request.head.substr(std::min(want.size(), request.head.size()), 22);
    wants(body.ends_with('\n'), "the last byte is no LF");
    std::vector<int> rows;
    for (const std::string& line : tests::split_lines(body)) {
      rapidjson::Document row;
      row.Parse(line.data(), line.size());
      wants(!row.HasParseError(), "no JSON: " + line);
      if (row.HasParseError()) continue;
      const std::string event(base::json_text(row, "event"));
      rapidjson::Document inside;
      inside.Parse(event.data(), event.size());
      const int serial = static_cast<int>(base::json_number(inside, "serial"));
      wants(event == product_event(serial), "event: " + line);
      for (const char* same : {"id", "time", "node", "action", "kind", "outcome"})
        wants(base::json_text(row, same) == base::json_text(inside, same), same);
      wants(base::json_number(row, "pid") == 7, "pid");
      wants(base::json_member(row, "key").IsArray() && row["key"].Size() == 2, "key");
      if (poison.contains(serial))
        return {400, "X-ClickHouse-Exception-Code: 27\r\n", "Code: 27. DB::Exception: Cannot parse input",
                Step::kReply};
      rows.push_back(serial);
    }
    if (tokens_.insert(token).second) order_.insert(order_.end(), rows.begin(), rows.end());
    return {200, "", "", Step::kReply};
  }

  std::vector<int> order_;
  std::set<std::string> tokens_;
};

struct ClickhouseFixture : tests::ProductFixture {
  std::unique_ptr<Sink> insert_sink(Inserts& server, const std::string& keys = "") {
    const std::string file = directory.file("password");
    tests::write_file(file, "s3cret\n", std::filesystem::perms{0600});
    return sink("clickhouse", server.url(),
                "  table: audit.events\n  settings: [async_insert=1]\n  user: jo\n  password_file: " + file +
                    "\n  batch: {time: 10ms}\n" + keys);
  }
};

std::vector<int> numbers(int first, int count) {
  std::vector<int> all;
  for (int number = first; number < first + count; ++number) all.push_back(number);
  return all;
}

HttpVerdict verdict(int status, const std::string& body, std::size_t events = 1, const std::string& header = "") {
  return ClickhouseProduct({}, "/").judge({status, "", "", body, "", header}, events, {}).verdict;
}

}  // namespace

TEST_CASE("clickhouse: every event becomes a row, in order") {
  ClickhouseFixture f;
  Inserts server;
  const auto sink = f.insert_sink(server);
  for (int first = 0; first < 2000; first += 100) sink->push(product_batch(first, 100));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 2000));
  CHECK(sink->status().events_out == 2000);
}

TEST_CASE("clickhouse: a row that does not parse goes aside, and its neighbours are stored once") {
  ClickhouseFixture f;
  Inserts server;
  server.poison = {0, 13};
  const auto sink = f.insert_sink(server);
  sink->push(product_batch(0, 20));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  const std::vector<int> order = server.order();
  CHECK(order.size() == 18);
  CHECK(std::set<int>(order.begin(), order.end()).size() == 18);
  CHECK(sink->status().events_out == 18);
  CHECK(sink->status().events_dropped == 2);
}

TEST_CASE("clickhouse: an insert whose answer is lost, or that cannot be now, goes again with its token") {
  const auto answer = GENERATE(values<tests::HttpServer::Answer>({
      {200, "", "<html>please log in</html>", Step::kReply},
      {200, "X-ClickHouse-Exception-Code: 241\r\n", "", Step::kReply},
      {200, "", "Code: 252. DB::Exception: Too many parts", Step::kCutBody},
      {200, "", "", Step::kCloseMidReply},
      {500, "", "Code: 252. DB::Exception: Too many parts", Step::kReply},
      {503, "", "", Step::kReply},
      {404, "", "Code: 60. DB::Exception: Table audit.events doesn't exist", Step::kReply},
      {400, "", "Code: 62. DB::Exception: Syntax error", Step::kReply},
      {403, "", "Code: 516. DB::Exception: Authentication failed", Step::kReply},
  }));
  ClickhouseFixture f;
  Inserts server;
  server.inject({answer});
  const auto sink = f.insert_sink(server);
  sink->push(product_batch(0, 10));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 10));
  const auto requests = server.http.requests();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].head == requests[1].head);
  CHECK(requests[0].body == requests[1].body);
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().retries == 1);
}

TEST_CASE("clickhouse: each code means what the table says") {
  for (const int code : {26, 27, 41, 53, 117}) {
    const std::string text = "Code: " + std::to_string(code) + ". DB::Exception: x";
    CHECK(verdict(400, text) == HttpVerdict::kRefused);
    CHECK(verdict(400, text, 2) == HttpVerdict::kSplit);
  }
  for (const int code : {159, 202, 203, 209, 210, 241, 242, 252, 285, 319, 999})
    CHECK(verdict(500, "Code: " + std::to_string(code) + ", e.displayText() = x") == HttpVerdict::kRetry);
  for (const int code : {16, 60, 81, 497, 516, 115})
    CHECK(verdict(400, "Code: " + std::to_string(code) + ". x") == HttpVerdict::kConfiguration);
  CHECK(verdict(500, "Code: 241. x", 5000) == HttpVerdict::kSplit);
  CHECK(verdict(413, "", 2) == HttpVerdict::kSplit);
  CHECK(verdict(500, "", 1, "27") == HttpVerdict::kRefused);
  for (const char* wrong : {"", "Code: ", "Code: x.", "Code: 0.", "Code: 12 of them"})
    CHECK_FALSE(read_clickhouse_code(wrong));
}

}  // namespace naudit::output
