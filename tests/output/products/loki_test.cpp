// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <map>
#include <set>

#include <rapidjson/document.h>

#include "base/json.hpp"
#include "output/sinks/loki/product.hpp"
#include "tests/output/products/product_support.hpp"

namespace naudit::output {
namespace {

using Step = tests::HttpServer::Step;
using tests::kProductLong;
using tests::product_batch;
using tests::product_event;

// Loki's distributor as far as pushes go: an entry is kept once, and one that is too old is left out of its push.
class Distributor : public tests::StrictServer {
 public:
  std::set<int> old;  // serials

  [[nodiscard]] std::vector<int> order() const {
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  Answer take(const Request& request, const std::string& body) override {
    wants(request.head.starts_with("POST /loki/api/v1/push HTTP/1.1\r\n"), request.head);
    wants(request.has("Content-Type: application/json\r\n"), "content type");
    wants(request.has("Content-Encoding: gzip\r\n"), "content encoding");
    wants(request.has("X-Scope-OrgID: ops\r\n"), "tenant");
    rapidjson::Document push;
    push.Parse(body.data(), body.size());
    wants(!push.HasParseError() && base::json_member(push, "streams").IsArray(), "no push: " + body);
    if (push.HasParseError()) return {400, "", "error", Step::kReply};
    std::size_t all = 0;
    std::size_t ignored = 0;
    for (const auto& stream : push["streams"].GetArray()) {
      const rapidjson::Value& labels = base::json_member(stream, "stream");
      wants(labels.IsObject() && labels.MemberCount() == 4, "labels");
      wants(base::json_text(labels, "job") == "audit", "job");
      wants(base::json_text(labels, "site") == "b\"1", "site");
      wants(base::json_text(labels, "host") == "web1", "host");
      wants(base::json_text(labels, "kind") == "audit-rule", "kind");
      for (const auto& entry : base::json_member(stream, "values").GetArray()) {
        ++all;
        if (!keep(entry)) ++ignored;
      }
    }
    if (ignored == 0) return {204, "", "", Step::kReply};
    return {400, "",
            "entry with timestamp ignored, reason: 'entry too far behind',\nuser 'ops', total ignored: " +
                std::to_string(ignored) + " out of " + std::to_string(all) + " for stream: {}",
            Step::kReply};
  }

  bool keep(const rapidjson::Value& entry) {
    wants(entry.IsArray() && entry.Size() == 3 && entry[0].IsString() && entry[1].IsString() && entry[2].IsObject(),
          "entry");
    const std::string time(base::json_text(entry[0]));
    const std::string line(base::json_text(entry[1]));
    rapidjson::Document event;
    event.Parse(line.data(), line.size());
    const int serial = static_cast<int>(base::json_number(event, "serial"));
    wants(time == std::to_string(1'700'000'000'000 + serial) + "000000", "time: " + time);
    for (const auto& member : entry[2].GetObject()) wants(member.value.IsString(), "metadata is no text");
    wants(base::json_text(entry[2], "action") == "opened-file", "action");
    wants(base::json_text(entry[2], "key") == "k1", "key");
    if (old.contains(serial)) return false;
    if (seen_.insert(time + line).second) order_.push_back(serial);
    return true;
  }

  std::vector<int> order_;
  std::set<std::string> seen_;
};

const std::string kKeys = "  tenant: ops\n  labels: [job=audit, 'site=b\"1']\n";

std::vector<int> numbers(int first, int count) {
  std::vector<int> all;
  for (int number = first; number < first + count; ++number) all.push_back(number);
  return all;
}

HttpVerdict verdict(int status, const std::string& body, std::size_t events) {
  return LokiProduct({}, "/").judge({status, "", "", body, "", ""}, events, {}).verdict;
}

}  // namespace

TEST_CASE("loki: every event is a line of its stream, in order, with its time") {
  tests::ProductFixture f;
  Distributor server;
  const auto sink = f.sink("loki", server.url(), kKeys);
  for (int first = 0; first < 2000; first += 100) sink->push(product_batch(first, 100));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 2000));
  CHECK(sink->status().events_out == 2000);
}

TEST_CASE("loki: entries that it leaves out of a push are found and go aside, and they alone") {
  tests::ProductFixture f;
  Distributor server;
  server.old = {3, 4, 17};
  const std::string file = f.directory.file("refused.json");
  const auto sink = f.sink("loki", server.url(), kKeys + "  dead_letter: " + file + "\n");
  sink->push(product_batch(0, 20));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  const std::vector<int> order = server.order();
  CHECK(std::set<int>(order.begin(), order.end()).size() == 17);
  CHECK(order.size() == 17);
  CHECK(sink->status().events_out == 17);
  CHECK(sink->status().events_dropped == 3);
  const auto lines = tests::split_lines(tests::read_file(file));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].ends_with(R"("event":)" + product_event(3) + "}"));
}

TEST_CASE("loki: a push of which it takes nothing is not taken apart") {
  tests::ProductFixture f;
  Distributor server;
  server.old = {0, 1, 2, 3};
  const auto sink = f.sink("loki", server.url(), kKeys);
  sink->push(product_batch(0, 4));
  sink->stop(kProductLong);
  CHECK(server.http.requests().size() == 1);
  CHECK(sink->status().events_dropped == 4);
}

TEST_CASE("loki: what is no answer of it, or says that it cannot now, decides nothing") {
  const auto answer = GENERATE(values<tests::HttpServer::Answer>({
      {200, "", "<html>please log in</html>", Step::kReply},
      {429, "Retry-After: 0\r\n", "ingestion rate limit exceeded", Step::kReply},
      {503, "", "", Step::kReply},
      {500, "", "at least 2 live replicas required", Step::kReply},
      {200, "", "", Step::kCloseMidReply},
      {401, "", "no org id", Step::kReply},
      {404, "", "404 page not found", Step::kReply},
  }));
  tests::ProductFixture f;
  Distributor server;
  server.inject({answer});
  const auto sink = f.sink("loki", server.url(), kKeys);
  sink->push(product_batch(0, 10));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 10));
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries == 1);
}

TEST_CASE("loki: which answers are final") {
  CHECK(verdict(204, "", 5) == HttpVerdict::kDelivered);
  CHECK(verdict(200, "", 5) == HttpVerdict::kDelivered);
  CHECK(verdict(400, "total ignored: 5 out of 5 for", 5) == HttpVerdict::kRefused);
  CHECK(verdict(400, "total ignored: 4 out of 5 for", 5) == HttpVerdict::kSplit);
  CHECK(verdict(400, "parse error", 1) == HttpVerdict::kRefused);
  CHECK(verdict(429, "Line too long", 1) == HttpVerdict::kRefused);
  CHECK(verdict(429, "max entry size '262144' bytes exceeded", 5) == HttpVerdict::kSplit);
  CHECK(verdict(429, "rate limit", 1) == HttpVerdict::kRetry);
  CHECK(verdict(413, "", 2) == HttpVerdict::kSplit);
  for (const char* wrong : {"", "total ignored: ", "total ignored: x out of 3", "total ignored: 3 of 3"})
    CHECK_FALSE(read_ignored(wrong));
}

TEST_CASE("loki: lines of records have a host and no kind") {
  LokiProduct product({}, "/");
  const std::string text = "node=web1 type=SYSCALL msg=audit(1700000001.001:1): a=\"x\"";
  const HttpEvent event{text, read_event_head(text)};
  std::string body;
  product.write(std::span(&event, 1), body);
  CHECK(body == R"({"streams":[{"stream":{"job":"nauditd","host":"web1"},"values":[["1700000001001000000",)"
                R"("node=web1 type=SYSCALL msg=audit(1700000001.001:1): a=\"x\"",{"id":"1700000001.001:1"}]]}]})");
}

}  // namespace naudit::output
