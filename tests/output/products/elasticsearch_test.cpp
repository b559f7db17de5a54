// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <map>
#include <set>

#include <rapidjson/document.h>

#include "base/json.hpp"
#include "output/sinks/elasticsearch/product.hpp"
#include "output/sinks/http/event_hash.hpp"
#include "tests/output/products/product_support.hpp"

namespace naudit::output {
namespace {

using Step = tests::HttpServer::Step;
using tests::kProductLong;
using tests::product_batch;
using tests::product_event;

// Elasticsearch as far as `_bulk` goes, with a mind of its own about single documents.
class BulkServer : public tests::StrictServer {
 public:
  // Each of these serials is answered so, once each time that it stands here.
  std::multimap<int, int> answers;
  bool wants_gzip = true;

  [[nodiscard]] std::map<std::string, int> documents() const {  // id, serial
    const std::lock_guard lock(mutex_);
    return documents_;
  }
  [[nodiscard]] std::vector<int> order() const {  // serials as they were stored
    const std::lock_guard lock(mutex_);
    return order_;
  }

 private:
  Answer take(const Request& request, const std::string& body) override {
    wants(request.head.starts_with("POST /_bulk?filter_path=took,errors,items.*.status,items.*.error.type,"
                                   "items.*.error.reason HTTP/1.1\r\n"),
          "path: " + request.head.substr(0, request.head.find('\r')));
    wants(request.has("Content-Type: application/x-ndjson\r\n"), "content type");
    wants(request.has("Content-Encoding: gzip\r\n") == wants_gzip, "content encoding");
    wants(body.ends_with('\n'), "the last byte is no LF");
    const std::vector<std::string> lines = tests::split_lines(body);
    wants(!lines.empty() && lines.size() % 2 == 0, "an odd number of lines");
    bool errors = false;
    std::string items;
    for (std::size_t i = 0; i + 1 < lines.size(); i += 2) {
      const int status = take_one(lines[i], lines[i + 1]);
      errors = errors || status >= 300;
      items += items.empty() ? "" : ",";
      items += R"({"create":{"status":)" + std::to_string(status);
      if (status == 400)
        items += R"(,"error":{"type":"document_parsing_exception","reason":"failed to parse [a \u0001 field]"})";
      else if (status >= 300)
        items += R"(,"error":{"type":"es_rejected_execution_exception","reason":"busy"})";
      items += "}}";
    }
    return json(200,
                R"({"took":3,"errors":)" + std::string(errors ? "true" : "false") + R"(,"items":[)" + items + "]}");
  }

  int take_one(const std::string& action, const std::string& document) {
    rapidjson::Document head;
    rapidjson::Document text;
    head.Parse(action.data(), action.size());
    text.Parse(document.data(), document.size());
    wants(!head.HasParseError() && !text.HasParseError(), "no JSON: " + action + document);
    if (head.HasParseError() || text.HasParseError()) return 400;
    const rapidjson::Value& create = base::json_member(head, "create");
    wants(create.IsObject() && head.MemberCount() == 1, "no create: " + action);
    wants(base::json_text(create, "_index") == "logs-auditd-default", "index: " + action);
    const std::string id(base::json_text(create, "_id"));
    wants(id.size() == 22, "id: " + action);
    wants(base::json_text(text, "@timestamp") == base::json_text(text, "time"), "time: " + document);
    const int serial = static_cast<int>(base::json_number(text, "serial"));
    if (const auto found = answers.find(serial); found != answers.end()) {
      const int status = found->second;
      answers.erase(found);
      return status;
    }
    if (!documents_.emplace(id, serial).second) return 409;
    order_.push_back(serial);
    return 201;
  }

  std::map<std::string, int> documents_;
  std::vector<int> order_;
};

std::vector<int> numbers(int first, int count) {
  std::vector<int> all;
  for (int number = first; number < first + count; ++number) all.push_back(number);
  return all;
}

std::vector<EventFate> fates_of(const std::string& body, std::size_t events) {
  std::vector<EventFate> fates;
  return read_bulk_reply(body, events, fates) ? fates : std::vector<EventFate>();
}

}  // namespace

TEST_CASE("elasticsearch: every event becomes a document with an id of its own, in order") {
  tests::ProductFixture f;
  BulkServer server;
  const auto sink = f.sink("elasticsearch", server.url());
  for (int first = 0; first < 3000; first += 100) sink->push(product_batch(first, 100));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 3000));
  CHECK(sink->status().events_out == 3000);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries == 0);
}

TEST_CASE("elasticsearch: only the items that the server could not take now go again, as the same documents") {
  tests::ProductFixture f;
  BulkServer server;
  server.answers = {{3, 429}, {3, 503}, {7, 429}};
  const auto sink = f.sink("elasticsearch", server.url());
  sink->push(product_batch(0, 10));
  REQUIRE(server.http.wait_for_requests(3));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  const auto requests = server.http.requests();
  REQUIRE(requests.size() == 3);
  CHECK(tests::split_lines(tests::plain_body(requests[1])).size() == 4);
  CHECK(tests::split_lines(tests::plain_body(requests[2])).size() == 2);
  CHECK(server.order() == std::vector<int>{0, 1, 2, 4, 5, 6, 8, 9, 7, 3});
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 0);
  CHECK(sink->status().retries == 2);
}

TEST_CASE("elasticsearch: poison goes aside with its reason, and its neighbours are stored") {
  tests::ProductFixture f;
  BulkServer server;
  server.answers = {{4, 400}, {6, 403}, {8, 429}};
  const std::string file = f.directory.file("refused.json");
  const auto sink = f.sink("elasticsearch", server.url(), "  dead_letter: " + file + "\n");
  sink->push(product_batch(0, 10));
  REQUIRE(server.http.wait_for_requests(2));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.documents().size() == 8);
  CHECK(sink->status().events_out == 8);
  CHECK(sink->status().events_dropped == 2);
  std::map<std::string, std::uint64_t> lost;
  for (const SinkLoss& loss : f.losses.losses()) lost[loss.cause] += loss.events;
  CHECK(lost == std::map<std::string, std::uint64_t>{{"refused by server 400", 1}, {"refused by server 403", 1}});
  const auto lines = tests::split_lines(tests::read_file(file));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] ==
        R"({"sink":"siem","status":400,"reason":"400 document_parsing_exception: failed to parse [a   field]",)"
        R"("event":)" +
            product_event(4) + "}");
  CHECK(lines[1].ends_with(R"("event":)" + product_event(6) + "}"));
}

TEST_CASE("elasticsearch: a request whose answer is lost goes again, and what was stored is not stored twice") {
  const auto answer = GENERATE(values<tests::HttpServer::Answer>({
      {200, "", "<html>please log in</html>", Step::kReply},
      {200, "", R"({"took":1,"errors":true,"items":[{"create":{"status":201}}]})", Step::kReply},
      {200, "", R"({"took":1,"errors":false,"items":[]})", Step::kCutBody},
      {200, "", "", Step::kReply},
      {200, "", "", Step::kCloseMidReply},
      {503, "Retry-After: 0\r\n", "", Step::kReply},
      {429, "", R"({"error":{"type":"circuit_breaking_exception"},"status":429})", Step::kReply},
      {401, "", "", Step::kReply},
      {403, "", "", Step::kReply},
      {404, "", "", Step::kReply},
  }));
  tests::ProductFixture f;
  BulkServer server;
  server.inject({answer, answer});
  const auto sink = f.sink("elasticsearch", server.url());
  sink->push(product_batch(0, 10));
  REQUIRE(server.http.wait_for_requests(3));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(0, 10));
  const auto requests = server.http.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0].body == requests[2].body);
  CHECK(sink->status().events_out == 10);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("elasticsearch: what is too large is sent in halves, and an event that is too large alone goes aside") {
  tests::ProductFixture f;
  BulkServer server;
  server.inject({{413, "", "", Step::kReply}, {413, "", "", Step::kReply}, {413, "", "", Step::kReply}});
  const auto sink = f.sink("elasticsearch", server.url(), "  batch: {events: 4}\n");
  sink->push(product_batch(0, 4));
  sink->push(product_batch(4, 4));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  CHECK(server.order() == numbers(1, 7));
  CHECK(sink->status().events_out == 7);
  CHECK(sink->status().events_dropped == 1);
}

TEST_CASE("elasticsearch: requests in parallel lose nothing and store nothing twice") {
  tests::ProductFixture f;
  BulkServer server;
  for (int number = 0; number < 2000; number += 7) server.answers.emplace(number, 429);
  const auto sink = f.sink("elasticsearch", server.url(), "  parallel: 4\n  batch: {events: 50}\n");
  for (int first = 0; first < 2000; first += 100) sink->push(product_batch(first, 100));
  sink->stop(kProductLong);
  CHECK(server.problems() == std::vector<std::string>());
  const std::vector<int> order = server.order();
  CHECK(std::set<int>(order.begin(), order.end()).size() == 2000);
  CHECK(order.size() == 2000);
  CHECK(sink->status().events_out == 2000);
  CHECK(sink->status().queue_bytes == 0);
}

TEST_CASE("elasticsearch: an api key, a path before _bulk and a pipeline") {
  tests::ProductFixture f;
  tests::HttpServer server;
  const std::string file = f.directory.file("key");
  tests::write_file(file, "aWQ6a2V5\n", std::filesystem::perms{0600});
  const auto sink = f.sink("elasticsearch", "http://" + server.server().address() + "/search/",
                           "  token_file: " + file +
                               "\n  pipeline: geo\n  ids: none\n  index: audit\n"
                               "  compression: none\n  headers: ['X-Team: a b']\n");
  sink->push(product_batch(0, 1));
  REQUIRE(server.wait_for_requests(1));
  const auto request = server.requests().front();
  CHECK(request.head.starts_with("POST /search/_bulk?filter_path="));
  CHECK(request.has("&pipeline=geo HTTP/1.1\r\n"));
  CHECK(request.has("Authorization: ApiKey aWQ6a2V5\r\n"));
  CHECK(request.has("X-Team: a b\r\n"));
  CHECK(request.body.starts_with(
      "{\"create\":{\"_index\":\"audit\"}}\n{\"@timestamp\":\"2023-11-14T22:13:20.000Z\",\"id\""));
  sink->stop(std::chrono::seconds{0});  // it has no answer that it could read
}

TEST_CASE("an event's hash goes by node, boot, id and action, and by the whole text of what is not whole") {
  const auto hash = [](std::string_view boot, const std::string& text) {
    return event_hash(boot, {text, read_event_head(text)});
  };
  const std::string event = product_event(1);
  CHECK(hash("b", event).size() == 22);
  CHECK(hash("b", event) == hash("b", product_event(1, R"(,"more":1)")));
  CHECK(hash("b", event) != hash("c", event));
  CHECK(hash("b", event) != hash("b", product_event(2)));
  const std::string late = R"({"id":"1.000:1","late":true,"action":"x","subject":{}})";
  CHECK(hash("b", late) != hash("b", R"({"id":"1.000:1","late":true,"action":"x","subject":{"a":1}})"));
  CHECK(hash("b", "no id") != hash("b", "no other id"));
}

TEST_CASE("a bulk reply is read whole or not at all") {
  using Is = EventFate::Is;
  const auto kinds = [](const std::vector<EventFate>& fates) {
    std::vector<Is> is;
    for (const EventFate& fate : fates) is.push_back(fate.is);
    return is;
  };
  const std::string mixed =
      R"({"took":1,"errors":true,"items":[{"create":{"status":201}},{"create":{"status":429}},{"create":{"status":409}},)"
      R"({"create":{"error":{"type":"t","reason":"r","caused_by":{"type":"x","reason":"y"}},"status":400}},)"
      R"({"create":{"status":500}},{"create":{"status":404}}]})";
  const auto fates = fates_of(mixed, 6);
  CHECK(kinds(fates) ==
        std::vector<Is>{Is::kDelivered, Is::kAgain, Is::kDelivered, Is::kRefused, Is::kAgain, Is::kRefused});
  REQUIRE(fates.size() == 6);
  CHECK(fates[3].reason == "400 t: r");
  CHECK(fates_of(R"({"errors":false})", 2).size() == 2);
  for (const std::size_t wrong : {0U, 5U, 7U}) CHECK(fates_of(mixed, wrong).empty());
  for (const char* text :
       {"", "[]", "{}", "null", R"({"errors":true,"items":[{}]})", R"({"errors":true,"items":[{"create":{}}]})",
        R"({"errors":true,"items":[{"create":{"status":9}}]})", R"({"items":[{"create":{"status":201}}]})",
        R"({"errors":true,"items":[{"create":{"status":201}}]}x)"})
    CHECK(fates_of(text, 1).empty());
}

}  // namespace naudit::output
