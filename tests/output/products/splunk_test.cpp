// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <map>
#include <set>

#include <rapidjson/document.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "base/json.hpp"
#include "output/sinks/splunk/product.hpp"
#include "tests/output/products/product_support.hpp"

namespace naudit::output {
namespace {

using Step = tests::HttpServer::Step;
using tests::kProductLong;
using tests::product_batch;
using tests::product_event;

// Splunk's collector as far as events and acknowledgements go.
class Collector : public tests::StrictServer {
 public:
  bool acks = false;               // the token has indexer acknowledgement
  bool forgets = false;            // it was restarted: what it acknowledged so far it will never confirm
  std::set<std::uint64_t> poison;  // serials

  [[nodiscard]] std::vector<int> order() const {
    const std::lock_guard lock(mutex_);
    return order_;
  }
  [[nodiscard]] std::set<std::string> channels() const {
    const std::lock_guard lock(mutex_);
    return channels_;
  }
  [[nodiscard]] std::size_t questions() const {
    const std::lock_guard lock(mutex_);
    return questions_;
  }

 private:
  static std::string channel_of(const Request& request) {
    constexpr std::string_view kHeader = "X-Splunk-Request-Channel: ";
    const std::size_t at = request.head.find(kHeader);
    return at == std::string::npos ? std::string() : request.head.substr(at + kHeader.size(), 36);
  }

  Answer take(const Request& request, const std::string& body) override {
    wants(request.has("Authorization: Splunk s3cret\r\n"), "authorization");
    wants(request.has("Content-Type: application/json\r\n"), "content type");
    const std::string channel = channel_of(request);
    wants(channel.size() == 36 && channel[8] == '-' && channel[14] == '4' && channel[23] == '-', "channel: " + channel);
    channels_.insert(channel);
    if (request.head.starts_with("POST /services/collector/ack?channel=" + channel + " "))
      return confirm(channel, body);
    wants(request.head.starts_with("POST /services/collector/event HTTP/1.1\r\n"), request.head);
    std::vector<int> taken;
    rapidjson::MemoryStream stream(body.data(), body.size());
    std::uint64_t number = 0;
    while (stream.Tell() < body.size()) {
      rapidjson::Document event;
      event.ParseStream<rapidjson::kParseStopWhenDoneFlag>(stream);
      if (event.HasParseError()) {
        wants(false, "no JSON: " + body);  // the whole of it only where it is wrong: it is long
        break;
      }
      const rapidjson::Value& inside = base::json_member(event, "event");
      wants(base::json_text(event, "host") == "web1", "host");
      wants(base::json_text(event, "source") == "nauditd", "source");
      wants(base::json_text(event, "sourcetype") == "linux:audit", "source type");
      wants(base::json_text(event, "index") == "audit", "index");
      wants(base::json_text(base::json_member(event, "fields"), "event_id").size() == 22, "fields");
      const auto serial = base::json_number(inside, "serial");
      wants(static_cast<std::int64_t>(base::json_real(event, "time") * 1000 + 0.5) ==
                1'700'000'000'000 + static_cast<std::int64_t>(serial),
            "time");
      if (poison.contains(serial)) {
        store(taken);
        return json(400,
                    R"({"text":"Incorrect index","code":7,"invalid-event-number":)" + std::to_string(number) + "}");
      }
      taken.push_back(static_cast<int>(serial));
      ++number;
    }
    if (!acks) {
      store(taken);
      return json(200, R"({"text":"Success","code":0})");
    }
    const std::uint64_t id = next_[channel]++;
    waiting_[channel][id] = std::move(taken);
    if (forgets) {
      waiting_[channel].clear();
      forgets = false;
    }
    return json(200, R"({"text":"Success","code":0,"ackId":)" + std::to_string(id) + "}");
  }

  // The first time nothing is indexed yet.
  Answer confirm(const std::string& channel, const std::string& body) {
    rapidjson::Document question;
    question.Parse(body.data(), body.size());
    wants(!question.HasParseError() && base::json_member(question, "acks").IsArray(), "question: " + body);
    std::string answer;
    if (question.HasParseError()) return json(400, "{}");
    const bool indexed = questions_++ > 0;
    for (const auto& id : question["acks"].GetArray()) {
      auto& waiting = waiting_[channel];
      const auto found = waiting.find(id.GetUint64());
      const bool known = indexed && found != waiting.end();
      if (known) {
        store(found->second);
        waiting.erase(found);
      }
      answer += (answer.empty() ? "\"" : ",\"") + std::to_string(id.GetUint64()) + "\":" + (known ? "true" : "false");
    }
    return json(200, R"({"acks":{)" + answer + "}}");
  }
  void store(const std::vector<int>& taken) { order_.insert(order_.end(), taken.begin(), taken.end()); }

  std::vector<int> order_;
  std::set<std::string> channels_;
  std::map<std::string, std::uint64_t> next_;
  std::map<std::string, std::map<std::uint64_t, std::vector<int>>> waiting_;
  std::size_t questions_ = 0;
};

struct SplunkFixture : tests::ProductFixture {
  std::unique_ptr<Sink> collector_sink(Collector& server, const std::string& keys = "") {
    const std::string file = directory.file("token");
    tests::write_file(file, "s3cret\n", std::filesystem::perms{0600});
    return sink("splunk", server.url(), "  token_file: " + file + "\n  index: audit\n" + keys);
  }
};

std::vector<int> numbers(int first, int count) {
  std::vector<int> all;
  for (int number = first; number < first + count; ++number) all.push_back(number);
  return all;
}

HttpDecision decide(int status, const std::string& body, std::size_t events = 1) {
  const SplunkProduct product({}, "/", "b", 1);
  return product.judge({status, "Words", "", body, "", ""}, events, {});
}

}  // namespace

TEST_CASE("splunk: every event arrives, in order, with its time and host") {
  SplunkFixture f;
  Collector server;
  const auto sink = f.collector_sink(server);
  for (int first = 0; first < 2000; first += 100) sink->push(product_batch(first, 100));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 2000));
  CHECK(server.questions() == 0);
  CHECK(sink->status().events_out == 2000);
}

TEST_CASE("splunk: with acknowledgement events are delivered when they are indexed, not before") {
  SplunkFixture f;
  Collector server;
  server.acks = true;
  const auto sink = f.collector_sink(server, "  acks: {every: 10ms}\n  batch: {events: 100}\n");
  for (int first = 0; first < 1000; first += 100) sink->push(product_batch(first, 100));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  const std::vector<int> order = server.order();
  CHECK(std::set<int>(order.begin(), order.end()).size() == 1000);
  CHECK(order.size() == 1000);
  CHECK(server.channels().size() == 1);
  CHECK(sink->status().events_out == 1000);
  CHECK(sink->status().queue_bytes == 0);
}

TEST_CASE("splunk: what is not acknowledged in time goes again, over another channel") {
  SplunkFixture f;
  Collector server;
  server.acks = true;
  server.forgets = true;
  const auto sink = f.collector_sink(server, "  acks: {every: 10ms, within: 100ms}\n");
  sink->push(product_batch(0, 10));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  const std::vector<int> order = server.order();
  CHECK(std::set<int>(order.begin(), order.end()).size() == 10);
  CHECK(server.channels().size() >= 2);
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().last_error.find("did not confirm") != std::string::npos);
}

TEST_CASE("splunk: poison goes aside, what was before it is not sent again, and what is behind it is") {
  SplunkFixture f;
  Collector server;
  server.poison = {0, 4, 9};
  const std::string file = f.directory.file("refused.json");
  const auto sink = f.collector_sink(server, "  dead_letter: " + file + "\n");
  sink->push(product_batch(0, 10));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == std::vector<int>{1, 2, 3, 5, 6, 7, 8});
  CHECK(sink->status().events_out == 7);
  CHECK(sink->status().events_dropped == 3);
  const auto lines = tests::split_lines(tests::read_file(file));
  REQUIRE(lines.size() == 3);
  for (const std::string& line : lines) CHECK(line.find("Incorrect index") != std::string::npos);
  CHECK(lines[1].ends_with(R"("event":)" + product_event(4) + "}"));
}

TEST_CASE("splunk: what is no answer of the collector, or says that it cannot now, decides nothing") {
  const auto answer = GENERATE(values<tests::HttpServer::Answer>({
      {200, "", "<html>please log in</html>", Step::kReply},
      {200, "", R"({"text":"Success","code":0})", Step::kCutBody},
      {200, "", "", Step::kReply},
      {503, "", R"({"text":"Server is busy","code":9})", Step::kReply},
      {503, "Retry-After: 0\r\n", "<html>", Step::kReply},
      {429, "", R"({"text":"queue full","code":26})", Step::kReply},
      {403, "", R"({"text":"Invalid token","code":4})", Step::kReply},
      {401, "", R"({"text":"Token is required","code":2})", Step::kReply},
      {404, "", "", Step::kReply},
  }));
  SplunkFixture f;
  Collector server;
  server.inject({answer});
  const auto sink = f.collector_sink(server);
  sink->push(product_batch(0, 10));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 10));
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries == 1);
}

TEST_CASE("splunk: each code means what its manual says") {
  for (const int code : {5, 6, 7, 12, 13, 15})
    CHECK(decide(400, R"({"text":"x","code":)" + std::to_string(code) + "}").verdict == HttpVerdict::kRefused);
  for (const int code : {9, 18, 19, 20, 23, 26})
    CHECK(decide(503, R"({"text":"x","code":)" + std::to_string(code) + "}").verdict == HttpVerdict::kRetry);
  for (const int code : {10, 11, 14, 16})
    CHECK(decide(400, R"({"text":"x","code":)" + std::to_string(code) + "}").verdict == HttpVerdict::kConfiguration);
  for (const int status : {401, 403}) CHECK(decide(status, "{}").verdict == HttpVerdict::kConfiguration);
  CHECK(decide(413, "").verdict == HttpVerdict::kSplit);
  CHECK(decide(400, R"({"text":"x","code":6})", 8).verdict == HttpVerdict::kSplit);
  CHECK(decide(400, R"({"text":"x","code":6,"invalid-event-number":9})", 8).verdict == HttpVerdict::kSplit);
  const HttpDecision each = decide(400, R"({"text":"x","code":6,"invalid-event-number":2})", 4);
  REQUIRE(each.verdict == HttpVerdict::kEach);
  REQUIRE(each.fates.size() == 4);
  CHECK(each.fates[1].is == EventFate::Is::kDelivered);
  CHECK(each.fates[2].is == EventFate::Is::kRefused);
  CHECK(each.fates[3].is == EventFate::Is::kAtOnce);
  CHECK(decide(200, R"({"text":"x","code":0,"ackId":0})").receipt == "0");
}

TEST_CASE("splunk: a text that is no JSON is a string") {
  SplunkProduct product({}, "/x/services/collector/event", "b", 1);
  const std::string text = "node=w\"1 type=SYSCALL msg=audit(1700000001.001:1): a=\"x\"";
  std::string body;
  const HttpEvent event{text, read_event_head(text)};
  product.write(std::span(&event, 1), body);
  CHECK(body.starts_with(
      R"({"time":1700000001.001,"host":"w\"1","source":"nauditd","sourcetype":"linux:audit","event":"node=w\"1 )"));
  CHECK(product.ask(std::vector<std::string>{"0", "7"}).body == R"({"acks":[0,7]})");
  CHECK(product.ask({}).target.starts_with("/x/services/collector/ack?channel="));
  CHECK(read_splunk_acks(R"({"acks":{"1":true,"2":false,"3":1}})") == std::vector<std::string>{"1"});
  for (const char* wrong : {"", "[]", "{}", R"({"acks":[]})", R"({"acks":{"1":true}}x)"})
    CHECK_FALSE(read_splunk_acks(wrong));
}

}  // namespace naudit::output
