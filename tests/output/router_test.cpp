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
    event.first = event.last = now;
    event.has_syscall = whole;
    const std::string header = "audit(1.000:" + std::to_string(serial) + "): ";
    event.append(type, header + body, static_cast<std::uint32_t>(header.size()));
    router.add(event);
  }
  // What a rule with this key makes, of this program.
  void call(std::uint32_t serial, const std::string& key = "exec", const std::string& exe = "/bin/a") {
    add(serial, tables::type::kSyscall,
        "arch=c000003e syscall=59 success=yes auid=7 uid=0 ses=3 exe=\"" + exe + "\" key=\"" + key + '"');
  }
  correlate::EventPtr make_event(std::string_view text) {
    auto event = std::make_unique<correlate::Event>();
    event->id = {2, 0, ++own};
    const std::string header = "audit(2.000:" + std::to_string(own) + "): ";
    event->append(tables::type::kDaemonErr, header + std::string(text), static_cast<std::uint32_t>(header.size()));
    return event;
  }

  correlate::TimePoint now{std::chrono::hours(1)};
  bool whole = false;  // a SYSCALL record is taken for one
  std::uint32_t own = 0;
  interpret::Names names{tests::patient(), tests::fixed_name};
  formats::EncoderContext context{.names = names, .node = {}};
  Router router{context, [this](std::string_view text) { return make_event(text); }};
};

// The serials of a raw text's events; behind the daemon's own, what they say.
std::string told(const Shelf& shelf) {
  std::string all;
  for (const auto& batch : shelf.batches)
    for (std::size_t i = 0; i < batch->events(); ++i) {
      const std::string_view event = batch->event(i);
      const std::size_t colon = event.find(':'), close = event.find(')');
      all += all.empty() ? "" : " ";
      if (event.starts_with("type=DAEMON_ERR"))
        (all += '<') += std::string(event.substr(close + 3, event.size() - close - 4)) + '>';
      else
        all += event.substr(colon + 1, close - colon - 1);
    }
  return all;
}

Route limited(const std::shared_ptr<Sink>& sink, config::RateLimit limit,
              std::shared_ptr<shape::Counts> counts = nullptr) {
  limit.enabled = true;
  return {.sink = sink, .format = "raw", .filter = {}, .rate_limit = std::move(limit), .counts = std::move(counts)};
}

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

TEST_CASE("an event that a format has no words for is counted, and is none of the batch") {
  Bench bench;
  const auto shelf = std::make_shared<Shelf>();
  const auto counts = std::make_shared<shape::Counts>();
  bench.router.set_routes({{.sink = shelf, .format = "auditrd", .filter = {}, .counts = counts}});
  bench.add(1);
  bench.router.flush();
  CHECK(shelf->batches.empty());
  CHECK(bench.router.flush_but_one() == nullptr);
  bench.add(2, tables::type::kUserAcct);
  bench.add(3);
  bench.add(4, tables::type::kUserAcct);
  bench.add(5);
  bench.router.flush();
  REQUIRE(shelf->batches.size() == 1);
  const Batch& batch = *shelf->batches[0];
  REQUIRE(batch.events() == 2);
  CHECK(batch.event(0) == batch.event(1));
  CHECK(batch.first_id == "1.000:2");
  CHECK(batch.last_id == "1.000:4");
  CHECK(counts->unspoken.value() == 3);
  CHECK(counts->filtered.value() == 0);
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

TEST_CASE("a rate limit withholds what comes too often of each value, and tells how much, when its time is over") {
  using namespace std::chrono_literals;
  Bench bench;
  const auto sink = std::make_shared<Shelf>(), other = std::make_shared<Shelf>();
  const auto counts = std::make_shared<shape::Counts>();
  bench.router.set_routes({limited(sink, {.events = 2, .per = 1000ms}, counts), {other, "raw", {}}});
  for (std::uint32_t i = 1; i <= 5; ++i) bench.call(i);
  bench.call(6, "priv");
  CHECK(bench.router.owes());
  // Logins are never withheld.
  for (std::uint32_t i = 7; i <= 9; ++i) bench.add(i, tables::type::kUserLogin, "pid=1 key=\"exec\"");
  bench.now += 500ms;  // one comes in each half of a second
  bench.call(10);
  bench.call(11);
  bench.now += 499ms;
  bench.call(12, "priv");
  bench.router.flush();
  CHECK(told(*sink) == "1 2 6 7 8 9 10 12");
  bench.now += 1ms;
  bench.call(13, "priv");
  bench.router.flush();
  CHECK(told(*sink) ==
        "1 2 6 7 8 9 10 12 <op=withheld cause=rate-limit sink=shelf by=key key=\"exec\" events=4 first=1.000:3 "
        "last=1.000:11 res=success> 13");
  CHECK_FALSE(bench.router.owes());
  CHECK(counts->withheld.value() == 4);
  CHECK(other->events() == 13);
  CHECK(sink->batches.back()->priority == std::vector<std::uint32_t>{0});
}

TEST_CASE("what is withheld is told without another event, at the end, and behind new routes") {
  using namespace std::chrono_literals;
  Bench bench;
  const auto sink = std::make_shared<Shelf>(), late = std::make_shared<Shelf>();
  const Route route = limited(sink, {.events = 1, .per = 1000ms, .burst = 2, .by = {}});
  bench.router.set_routes({route});
  for (std::uint32_t i = 1; i <= 3; ++i) bench.call(i, std::to_string(i));
  bench.router.set_routes({route, {late, "raw", {}}});  // somebody tails: nothing begins anew
  bench.call(4);
  bench.router.flush();
  CHECK(told(*sink) == "1 2");
  bench.router.tell_due(bench.now + 999ms);
  bench.router.flush();
  CHECK(told(*sink) == "1 2");
  bench.router.tell_due(bench.now + 1s);
  bench.router.flush();
  const std::string first =
      "1 2 <op=withheld cause=rate-limit sink=shelf by=none events=2 first=1.000:3 "
      "last=1.000:4 res=success>";
  CHECK(told(*sink) == first);
  bench.call(5);  // one second later there is one again
  bench.call(6);
  bench.router.finish();
  CHECK(told(*sink) == first +
                           " 5 <op=withheld cause=rate-limit sink=shelf by=none events=1 first=1.000:6 "
                           "last=1.000:6 res=success>");
  // Another limit: what the one before owes comes first.
  bench.call(7);
  bench.router.set_routes({limited(sink, {.events = 9, .per = 1000ms})});
  bench.call(8);
  bench.router.finish();
  CHECK(told(*sink).ends_with("first=1.000:7 last=1.000:7 res=success> 8"));
}

TEST_CASE(
    "a rate limit goes by several values, told as the kernel would write them, and never by more than it has room "
    "for") {
  using namespace std::chrono_literals;
  Bench bench;
  const auto sink = std::make_shared<Shelf>();
  bench.router.set_routes({limited(
      sink, {.events = 1,
             .per = 1000ms,
             .by = {config::Trait::kExe, config::Trait::kUser, config::Trait::kSyscall, config::Trait::kHost}})});
  for (std::uint32_t i = 1; i <= 2; ++i) bench.call(i, "exec", "/bin/a");
  for (std::uint32_t i = 3; i <= 4; ++i) bench.add(i, tables::type::kSyscall, "syscall=59 exe=2F6120622F63");
  bench.router.finish();
  CHECK(
      told(*sink) ==
      "1 3 <op=withheld cause=rate-limit sink=shelf by=exe,user,syscall,host exe=\"/bin/a\" auid=7 call=execve host=? "
      "events=1 first=1.000:2 last=1.000:2 res=success> <op=withheld cause=rate-limit sink=shelf "
      "by=exe,user,syscall,host exe=2F6120622F63 auid=? call=59 host=? events=1 first=1.000:4 last=1.000:4 "
      "res=success>");

  constexpr std::uint32_t kRoom = shape::Values<int>::kMost;
  const auto full = std::make_shared<Shelf>();
  bench.router.set_routes({limited(full, {.events = 1, .per = 1000ms, .by = {config::Trait::kExe}})});
  for (std::uint32_t i = 1; i <= kRoom + 5; ++i) bench.call(i, "exec", "/tmp/" + std::to_string(i));
  bench.call(kRoom + 6, "exec", std::string(4000, 'x'));
  bench.router.finish();
  CHECK(full->events() == kRoom + 1 + 1);
  CHECK(
      told(*full).ends_with("<op=withheld cause=rate-limit sink=shelf by=others events=5 first=1.000:1026 "
                            "last=1.000:1030 res=success>"));
  bench.now += 1s;  // all are full again, so there is room
  bench.call(2000, "exec", "/tmp/new");
  bench.call(2001, "exec", "/tmp/new");
  bench.call(2002, "exec", "/tmp/newer");
  bench.router.finish();
  CHECK(told(*full).ends_with(
      " 2000 2002 <op=withheld cause=rate-limit sink=shelf by=exe exe=\"/tmp/new\" events=1 first=1.000:2001 "
      "last=1.000:2001 res=success>"));
}

TEST_CASE("of events that are alike the first one goes on, and the others are a number") {
  using namespace std::chrono_literals;
  Bench bench;
  const auto sink = std::make_shared<Shelf>();
  const auto counts = std::make_shared<shape::Counts>();
  config::Aggregate aggregate;
  aggregate.enabled = true;
  const auto open = [&](std::uint32_t serial, const std::string& path, const std::string& more = "") {
    correlate::Event event;
    event.id = {1, 0, serial};
    event.first = event.last = bench.now;
    event.has_syscall = true;
    const std::string header = "audit(1.000:" + std::to_string(serial) + "): ";
    const auto add = [&](std::uint16_t type, const std::string& body) {
      event.append(type, header + body, static_cast<std::uint32_t>(header.size()));
    };
    add(tables::type::kSyscall, "arch=c000003e syscall=257 success=no pid=" + std::to_string(serial) +
                                    " auid=7 uid=0 exe=\"/bin/a\" key=\"access\"");
    add(tables::type::kCwd, "cwd=\"/etc\"");
    add(tables::type::kPath, "item=0 name=\"" + path + "\" nametype=NORMAL");
    if (!more.empty()) add(tables::type::kObjPid, more);
    bench.router.add(event);
  };
  bench.router.set_routes({{.sink = sink, .format = "raw", .filter = {}, .aggregate = aggregate, .counts = counts}});
  open(1, "/etc/shadow");
  open(2, "shadow");  // the same one
  open(3, "passwd");
  open(4, "shadow", "opid=1");  // has a record that nobody compared
  open(5, "shadow", "opid=1");
  for (std::uint32_t i = 6; i <= 7; ++i) bench.call(i);  // not known to be whole
  open(8, std::string(3000, 'x'));                       // too long to be kept
  open(9, std::string(3000, 'x'));
  bench.now += 9999ms;
  open(10, "shadow");
  CHECK(bench.router.owes());
  bench.now += 1ms;
  open(11, "shadow");
  open(12, "shadow");
  bench.router.flush();
  const std::string by =
      "<op=repeated sink=shelf by=key,syscall,user,uid,exe,outcome,path,address,command key=\"access\" call=openat "
      "auid=7 uid=0 exe=\"/bin/a\" success=no ";
  const std::string first = "1 3 4 5 6 7 8 9 " + by + "events=2 first=1.000:1 last=1.000:10 res=success> 11";
  CHECK(told(*sink) == first);
  bench.router.finish();
  CHECK(told(*sink) == first + ' ' + by + "events=1 first=1.000:11 last=1.000:12 res=success>");
  CHECK(counts->repeated.value() == 3);
  CHECK(counts->withheld.value() == 0);
}

TEST_CASE("what is counted together does not count for the rate limit") {
  Bench bench;
  const auto sink = std::make_shared<Shelf>();
  Route route = limited(sink, {.events = 1, .per = config::Milliseconds{1000}});
  route.aggregate = {.enabled = true, .window = config::Milliseconds{1000}, .by = {config::Trait::kExe}};
  bench.router.set_routes({route});
  bench.whole = true;
  for (std::uint32_t i = 1; i <= 3; ++i) bench.call(i);
  for (std::uint32_t i = 4; i <= 5; ++i) bench.call(i, "exec", "/bin/b");
  bench.router.finish();
  CHECK(told(*sink) ==
        "1 <op=repeated sink=shelf by=exe exe=\"/bin/a\" events=2 first=1.000:1 last=1.000:3 res=success> <op=repeated "
        "sink=shelf by=exe exe=\"/bin/b\" events=1 first=1.000:4 last=1.000:5 res=success> <op=withheld "
        "cause=rate-limit sink=shelf by=key key=\"exec\" events=1 first=1.000:4 last=1.000:4 res=success>");
}

TEST_CASE("what a filter left out and a redaction hid is counted for each sink") {
  Bench bench;
  const auto sink = std::make_shared<Shelf>();
  const auto all = std::make_shared<shape::Counts>(), logins = std::make_shared<shape::Counts>();
  const config::Redact redact{true, true, {}};
  bench.router.set_routes({{.sink = sink, .format = "raw", .filter = {}, .redact = redact, .counts = all},
                           {.sink = sink,
                            .format = "json",
                            .filter = with(&config::Filter::types, {"USER_LOGIN"}),
                            .redact = redact,
                            .counts = logins}});
  bench.add(1, tables::type::kExecve, R"(argc=3 a0="x" a1="--token=abc" a2="--password=x")");
  bench.add(2);
  bench.router.flush();
  CHECK(all->filtered.value() == 0);
  CHECK(all->redacted.value() == 1);
  CHECK(all->redacted_texts.value() == 2);
  CHECK(logins->filtered.value() == 1);
  CHECK(logins->redacted.value() == 0);
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
