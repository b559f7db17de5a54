// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/router.hpp"

#include "base/error.hpp"
#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::output {
namespace {

config::Filter with(std::vector<std::string> config::Filter::* list, std::vector<std::string> words) {
  config::Filter filter;
  filter.*list = std::move(words);
  return filter;
}

config::Filter with_outcome(config::Outcome outcome) {
  config::Filter filter;
  filter.outcome = outcome;
  return filter;
}

class Shelf : public Sink {
 public:
  void push(BatchPtr batch) override { batches.push_back(std::move(batch)); }
  void stop(std::chrono::milliseconds) override { ++stops; }
  [[nodiscard]] SinkStatus status() const override {
    SinkStatus status;
    status.name = "shelf";
    return status;
  }
  [[nodiscard]] std::string text() const {
    std::string all;
    for (const auto& batch : batches) all += batch->bytes;
    return all;
  }
  [[nodiscard]] std::size_t events() const {
    std::size_t count = 0;
    for (const auto& batch : batches) count += batch->events();
    return count;
  }

  std::vector<BatchPtr> batches;
  int stops = 0;
};

class Named final : public Shelf {
 public:
  explicit Named(std::string name) : name_(std::move(name)) {}
  [[nodiscard]] SinkStatus status() const override {
    SinkStatus status;
    status.name = name_;
    return status;
  }

 private:
  std::string name_;
};

struct Bench {
  void add(std::uint32_t serial, std::uint16_t type = 1112, const std::string& body = "pid=1 uid=0 res=1") {
    correlate::Event event;
    event.id = {1, 0, serial};
    const std::string header = "audit(1.000:" + std::to_string(serial) + "): ";
    event.append(type, header + body, static_cast<std::uint32_t>(header.size()));
    router.add(event);
  }

  interpret::Names names{tests::patient(), tests::fixed_name};
  formats::EncoderContext context{.names = names, .node = {}};
  Router router{context};
};

TEST_CASE("sinks of one format and filter share their batches") {
  Bench bench;
  const auto one = std::make_shared<Shelf>();
  const auto two = std::make_shared<Shelf>();
  bench.router.set_routes({{one, "raw", {}}, {two, "raw", {}}});
  bench.add(1);
  bench.add(2);
  CHECK(one->batches.empty());
  bench.router.flush();
  REQUIRE(one->batches.size() == 1);
  CHECK(one->batches == two->batches);
  const Batch& batch = *one->batches[0];
  CHECK(batch.events() == 2);
  CHECK(batch.event(1) == "type=USER_LOGIN msg=audit(1.000:2): pid=1 uid=0 res=1\n");
  CHECK(batch.first_id == "1.000:1");
  CHECK(batch.last_id == "1.000:2");
  bench.router.flush();
  CHECK(one->batches.size() == 1);
}

TEST_CASE("each format and filter gets what it asked for, and the same bytes for the same format") {
  Bench bench;
  const auto all = std::make_shared<Shelf>();
  const auto failed = std::make_shared<Shelf>();
  const auto raw = std::make_shared<Shelf>();
  bench.router.set_routes({{all, "json", {}},
                           {failed, "json", with_outcome(config::Outcome::kFailure)},
                           {raw, "raw", with(&config::Filter::types, {"LOGIN"})}});
  bench.add(1);
  bench.add(2, 1112, "pid=1 res=0");
  bench.add(3, tables::type::kLogin, "pid=1 res=1");
  bench.router.flush();
  CHECK(all->events() == 3);
  REQUIRE(failed->events() == 1);
  CHECK(failed->text() == all->batches[0]->event(1));
  CHECK(failed->batches[0]->first_id == "1.000:2");
  CHECK(raw->text() == "type=LOGIN msg=audit(1.000:3): pid=1 res=1\n");
}

TEST_CASE("sinks with the same redaction share their batches, and events without secrets share their bytes") {
  Bench bench;
  const auto plain = std::make_shared<Shelf>();
  const auto one = std::make_shared<Shelf>();
  const auto two = std::make_shared<Shelf>();
  const config::Redact redact{true, true, {}};
  bench.router.set_routes({{plain, "json", {}}, {one, "json", {}, {}, {}, redact}, {two, "json", {}, {}, {}, redact}});
  for (std::uint32_t i = 1; i <= 3; ++i) {
    bench.add(3 * i, tables::type::kExecve, R"(argc=2 a0="x" a1="--token=abc")");
    bench.add(3 * i + 1);
    bench.add(3 * i + 2, tables::type::kExecve, R"(argc=2 a0="x" a1="--verbose")");
  }
  bench.router.flush();
  CHECK(one->batches == two->batches);
  CHECK(one->batches != plain->batches);
  REQUIRE(one->events() == 9);
  REQUIRE(plain->events() == 9);
  for (std::size_t i = 0; i < 9; ++i) {
    const std::string_view seen = one->batches[0]->event(i);
    INFO(i << ": " << seen << plain->batches[0]->event(i));
    CHECK((seen == plain->batches[0]->event(i)) == (i % 3 != 0));
    CHECK(seen.find("abc") == std::string_view::npos);
    CHECK((seen.find("redacted\":\"a1") != std::string_view::npos) == (i % 3 == 0));
  }
  CHECK_THROWS_AS(bench.router.set_routes({{plain, "json", {}, {}, {}, {true, true, {"("}}}}), base::Error);
}

TEST_CASE("new routes give what was encoded before to the sinks it was for") {
  Bench bench;
  const auto before = std::make_shared<Shelf>();
  const auto stays = std::make_shared<Shelf>();
  const auto after = std::make_shared<Shelf>();
  bench.router.set_routes({{before, "raw", {}}, {stays, "json", {}}});
  bench.add(1);
  bench.router.set_routes({{stays, "json", {}}, {after, "raw", {}}});
  bench.add(2);
  bench.router.flush();
  CHECK(before->text().find(":1)") != std::string::npos);
  CHECK(before->events() == 1);
  CHECK(stays->events() == 2);
  CHECK(after->events() == 1);
  CHECK(before->stops + stays->stops == 0);
}

TEST_CASE("an event for the others goes to all sinks of its group but one, and in order") {
  Bench bench;
  const auto one = std::make_shared<Named>("one");
  const auto two = std::make_shared<Named>("two");
  const auto alone = std::make_shared<Named>("alone");
  bench.router.set_routes({{.sink = one, .format = "raw", .filter = {}},
                           {.sink = two, .format = "raw", .filter = {}},
                           {.sink = alone, .format = "json", .filter = {}}});
  bench.add(1);
  for (const char* const left_out : {"one", "alone"}) {
    correlate::Event event;
    event.id = {1, 0, 2};
    event.append(1112, "audit(1.000:2): op=lost", 0);
    bench.router.add_for_others(event, left_out);
  }
  bench.add(3);
  bench.router.flush();
  CHECK(one->events() == 3);
  CHECK(two->events() == 4);
  CHECK(alone->events() == 3);
  const std::string text = two->text();
  CHECK(text.find(":1)") < text.find(":2)"));
  CHECK(text.find(":2)") < text.find(":3)"));
}

TEST_CASE("routes that cannot be change nothing") {
  Bench bench;
  const auto sink = std::make_shared<Shelf>();
  bench.router.set_routes({{sink, "raw", {}}});
  bench.add(1);
  CHECK_THROWS_AS(bench.router.set_routes({{sink, "smoke", {}}}), base::Error);
  CHECK_THROWS_AS(bench.router.set_routes({{sink, "json", with(&config::Filter::types, {"NO_TYPE"})}}), base::Error);
  CHECK(sink->batches.empty());
  bench.add(2);
  bench.router.flush();
  CHECK(sink->events() == 2);
  CHECK(sink->text().starts_with("type="));
}

TEST_CASE("a batch that has grown large goes by itself") {
  Bench bench;
  const auto sink = std::make_shared<Shelf>();
  bench.router.set_routes({{sink, "raw", {}}});
  for (std::uint32_t serial = 0; serial < 40; ++serial) bench.add(serial, 1112, std::string(8000, 'x'));
  REQUIRE(sink->batches.size() == 1);
  CHECK(sink->batches[0]->bytes.size() >= 256 * 1024);
  bench.router.flush();
  CHECK(sink->events() == 40);
}

TEST_CASE("without routes events are nobody's") {
  Bench bench;
  bench.add(1);
  bench.router.flush();
  const auto sink = std::make_shared<Shelf>();
  bench.router.set_routes({{sink, "raw", {}}});
  bench.router.flush();
  CHECK(sink->batches.empty());
}

}  // namespace
}  // namespace naudit::output
