// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/correlator.hpp"

#include <algorithm>
#include <string>

#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"

namespace naudit::correlate {
namespace {

using namespace std::chrono_literals;
namespace type = tables::type;

constexpr std::uint16_t kAnomPromiscuous = 1700;
constexpr std::uint16_t kUserLogin = 1112;

class Bench {
 public:
  explicit Bench(Source source = Source::kLive) : Bench(Correlator::Options{.source = source}) {}
  explicit Bench(const Correlator::Options& options) : correlator(options, pool) {}

  Bench& add(std::uint16_t record, const std::string& id, const std::string& body = "a=1", std::string_view node = {}) {
    correlator.add({.type = record, .text = "audit(" + id + "): " + body, .node = node, .name = {}}, now, out);
    return *this;
  }
  Bench& wait(std::chrono::milliseconds time) {
    now += time;
    correlator.age(now, out);
    return *this;
  }

  TimePoint now{1000s};
  EventPool pool{64};
  EventBatch out;
  Correlator correlator;
};

std::string types_of(const Event& event) {
  std::string text;
  for (const RecordSpan& record : event.records()) text += (text.empty() ? "" : " ") + std::to_string(record.type);
  return text;
}

TEST_CASE("an event with a SYSCALL record is whole at its EOE, and not before") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:7").add(type::kCwd, "1.000:7").add(type::kPath, "1.000:7");
  bench.add(type::kProctitle, "1.000:7");
  CHECK(bench.out.empty());
  bench.add(type::kEoe, "1.000:7", "");
  REQUIRE(bench.out.size() == 1);
  CHECK(types_of(*bench.out[0]) == "1300 1307 1302 1327");
  CHECK(bench.out[0]->id == EventId{1, 0, 7});
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
  CHECK_FALSE(bench.out[0]->late);
  CHECK(bench.correlator.counters().open.value() == 0);
  CHECK(bench.correlator.counters().open_bytes.value() == 0);
}

TEST_CASE("a URINGOP record is waited for as a SYSCALL record is") {
  Bench bench;
  bench.add(type::kUringop, "1.000:7").wait(1s);
  CHECK(bench.out.empty());
  bench.add(type::kEoe, "1.000:7", "");
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
}

TEST_CASE("interleaved events are taken apart and leave in the order they end") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").add(type::kSyscall, "1.000:2").add(type::kPath, "1.000:1");
  bench.add(type::kPath, "1.000:2").add(type::kEoe, "1.000:2", "").add(type::kEoe, "1.000:1", "");
  REQUIRE(bench.out.size() == 2);
  CHECK(bench.out[0]->id.serial == 2);
  CHECK(bench.out[1]->id.serial == 1);
  for (const auto& event : bench.out) CHECK(types_of(*event) == "1300 1302");
}

TEST_CASE("an event whose EOE is lost leaves an idle host by its age, flagged") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1");
  CHECK(bench.correlator.next_due() == bench.now + 2s);
  bench.wait(1999ms);
  CHECK(bench.out.empty());
  bench.wait(1ms);
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kTimeout);
  CHECK(bench.correlator.counters().incomplete.value() == 1);
  CHECK_FALSE(bench.correlator.next_due());
}

TEST_CASE("each record of an event starts its time anew") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").wait(1500ms).add(type::kPath, "1.000:1").wait(1500ms);
  CHECK(bench.out.empty());
  bench.wait(500ms);
  CHECK(bench.out.size() == 1);
}

TEST_CASE("an EOE that comes too late changes nothing and is counted") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").wait(2s).add(type::kEoe, "1.000:1", "");
  CHECK(bench.out.size() == 1);
  CHECK(bench.correlator.counters().eoe_alone.value() == 1);
  CHECK(bench.correlator.counters().open.value() == 0);
}

TEST_CASE("records that come after their event went out are a continuation, flagged late") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").add(type::kEoe, "1.000:1", "").add(type::kPath, "1.000:1").wait(250ms);
  REQUIRE(bench.out.size() == 2);
  CHECK(bench.out[1]->id == bench.out[0]->id);
  CHECK(bench.out[1]->late);
  CHECK(bench.out[1]->incomplete == Incomplete::kNo);
  CHECK(bench.correlator.counters().late.value() == 1);
}

TEST_CASE("records before their SYSCALL record are kept in the order they came") {
  Bench bench;
  bench.add(type::kAvc, "1.000:1").add(type::kPath, "1.000:1").add(type::kSyscall, "1.000:1").wait(300ms);
  CHECK(bench.out.empty());
  bench.add(type::kEoe, "1.000:1", "");
  REQUIRE(bench.out.size() == 1);
  CHECK(types_of(*bench.out[0]) == "1400 1302 1300");
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
}

TEST_CASE("a record that comes twice is in its event twice") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").add(type::kPath, "1.000:1").add(type::kPath, "1.000:1");
  bench.add(type::kEoe, "1.000:1", "");
  REQUIRE(bench.out.size() == 1);
  CHECK(types_of(*bench.out[0]) == "1300 1302 1302");
}

TEST_CASE("serials that wrap, and one serial at another millisecond or node, are different events") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:4294967295").add(type::kSyscall, "1.000:0");
  bench.add(type::kSyscall, "1.001:0").add(type::kSyscall, "2.000:0").add(type::kSyscall, "1.000:0", "a=1", "other");
  CHECK(bench.correlator.counters().open.value() == 5);
  bench.add(type::kEoe, "1.000:0", "");
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->node.empty());
  CHECK(bench.correlator.counters().open.value() == 4);
  bench.add(type::kEoe, "1.000:0", "", "other");
  REQUIRE(bench.out.size() == 2);
  CHECK(bench.out[1]->node == "other");
}

TEST_CASE("stamps that jump have no say in what is due") {
  Bench bench;
  bench.add(type::kSyscall, "1700000000.000:1").add(type::kSyscall, "5.000:2").add(type::kSyscall, "9999999999.000:3");
  bench.wait(1s);
  CHECK(bench.out.empty());
  bench.wait(1s);
  CHECK(bench.out.size() == 3);
}

TEST_CASE("more open events than allowed push out the one that has been silent the longest") {
  Bench bench(Correlator::Options{.max_open = 3});
  bench.add(type::kSyscall, "1.000:1").wait(1ms).add(type::kSyscall, "1.000:2").wait(1ms);
  bench.add(type::kLogin, "1.000:3").wait(1ms).add(type::kPath, "1.000:1").wait(1ms).add(type::kSyscall, "1.000:4");
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->id.serial == 2);
  CHECK(bench.out[0]->incomplete == Incomplete::kEvicted);
  bench.add(type::kSyscall, "1.000:5");
  REQUIRE(bench.out.size() == 2);
  CHECK(bench.out[1]->id.serial == 3);
  CHECK(bench.correlator.counters().evicted.value() == 2);
  // What comes of it afterwards is late.
  bench.add(type::kPath, "1.000:2").wait(250ms);
  CHECK(std::ranges::any_of(bench.out, [](const auto& event) { return event->id.serial == 2 && event->late; }));
}

TEST_CASE("more open bytes than allowed push events out, too") {
  Bench bench(Correlator::Options{.max_open_bytes = 1000});
  bench.add(type::kSyscall, "1.000:1", std::string(400, 'x')).add(type::kSyscall, "1.000:2", std::string(400, 'x'));
  CHECK(bench.out.empty());
  bench.add(type::kPath, "1.000:2", std::string(400, 'x'));
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->id.serial == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kEvicted);
  CHECK(bench.correlator.counters().open_bytes.value() <= 1000);
  // One that is too large alone goes as well.
  bench.add(type::kSyscall, "1.000:3", std::string(2000, 'x'));
  CHECK(bench.correlator.counters().open.value() == 0);
  CHECK(bench.correlator.counters().open_bytes.value() == 0);
  CHECK(bench.correlator.counters().evicted.value() == 3);
}

TEST_CASE("records of user space and of the daemon are events of their own, at once") {
  const auto record = GENERATE(as<std::uint16_t>(), 1005, 1100, 1112, 1124, 1200, 1299, 2000, 2100, 2404, 2999);
  Bench bench;
  bench.add(record, "1.000:1").add(record, "1.000:1");
  REQUIRE(bench.out.size() == 2);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
  CHECK(bench.correlator.counters().open.value() == 0);
}

TEST_CASE("records without a SYSCALL record are whole after the quiet time") {
  const std::uint16_t record = GENERATE(as<std::uint16_t>(), type::kLogin, type::kAvc, kAnomPromiscuous, type::kTty,
                                        type::kConfigChange, type::kReplace, 1425, 0);
  Bench bench;
  bench.add(record, "1.000:1").wait(249ms);
  CHECK(bench.out.empty());
  CHECK(bench.correlator.next_due() == bench.now + 1ms);
  bench.wait(1ms);
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
}

TEST_CASE("records that only go with a SYSCALL record are flagged without it") {
  const std::uint16_t record =
      GENERATE(as<std::uint16_t>(), type::kPath, type::kCwd, type::kExecve, type::kSockaddr, type::kProctitle);
  Bench bench;
  SECTION("after the quiet time") {
    bench.add(record, "1.000:1").wait(250ms);
  }
  SECTION("at their EOE") {
    bench.add(record, "1.000:1").add(type::kEoe, "1.000:1", "");
  }
  SECTION("at the end") {
    bench.add(record, "1.000:1").correlator.flush(Incomplete::kStopped, bench.out);
  }
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kNoSyscall);
}

TEST_CASE("in a stored log PROCTITLE ends an event that has its SYSCALL record") {
  Bench bench(Source::kStored);
  bench.add(type::kProctitle, "1.000:1");
  CHECK(bench.out.empty());
  bench.add(type::kSyscall, "1.000:2").add(type::kPath, "1.000:2").add(type::kProctitle, "1.000:2");
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
  // What stands behind it is a continuation.
  bench.add(type::kPath, "1.000:2").wait(2s);
  REQUIRE(bench.out.size() == 3);
  CHECK(bench.out[2]->late);
}

TEST_CASE("that an event's EOE came is noted on it") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").add(type::kEoe, "1.000:1", "").add(kUserLogin, "1.000:2");
  bench.add(kAnomPromiscuous, "1.000:3").wait(1s);
  REQUIRE(bench.out.size() == 3);
  CHECK(bench.out[0]->ended);
  CHECK_FALSE(bench.out[1]->ended);
  CHECK_FALSE(bench.out[2]->ended);
}

TEST_CASE("where a stored log has EOE records they end its events, the first one's too") {
  Bench bench(Source::kStored);
  bench.add(type::kSyscall, "1.000:1").add(type::kProctitle, "1.000:1").add(type::kEoe, "1.000:1", "");
  bench.add(type::kSyscall, "1.000:2").add(type::kSyscall, "1.000:3").add(type::kProctitle, "1.000:2");
  bench.add(type::kProctitle, "1.000:3");
  CHECK(bench.out.size() == 1);
  bench.add(type::kEoe, "1.000:2", "").add(type::kEoe, "1.000:3", "");
  REQUIRE(bench.out.size() == 3);
  for (const auto& event : bench.out) CHECK(event->ended);
  // Where they come no more, silence ends one event, and PROCTITLE those behind it.
  bench.add(type::kSyscall, "1.000:4").add(type::kProctitle, "1.000:4").wait(2s);
  bench.add(type::kSyscall, "1.000:5").add(type::kProctitle, "1.000:5");
  REQUIRE(bench.out.size() == 5);
  for (std::size_t i = 3; i < 5; ++i) {
    CHECK_FALSE(bench.out[i]->ended);
    CHECK(bench.out[i]->incomplete == Incomplete::kNo);
  }
}

TEST_CASE("a second SYSCALL under one id is another event, and both are marked") {
  for (const Source source : {Source::kStored, Source::kLive}) {
    Bench bench(source);
    bench.add(type::kSyscall, "1.000:2", "pid=1").add(type::kSyscall, "1.000:2", "pid=2").add(type::kPath, "1.000:2");
    REQUIRE(bench.out.size() == 1);
    CHECK(types_of(*bench.out[0]) == "1300");
    CHECK(bench.out[0]->incomplete == Incomplete::kSecondSyscall);
    CHECK(bench.out[0]->source == source);
    bench.add(source == Source::kLive ? type::kEoe : type::kProctitle, "1.000:2");
    REQUIRE(bench.out.size() == 2);
    CHECK(types_of(*bench.out[1]).starts_with("1300 1302"));
    CHECK(bench.out[1]->incomplete == Incomplete::kSecondSyscall);
    CHECK_FALSE(bench.out[1]->late);
    CHECK(bench.correlator.counters().open.value() == 0);
  }
  // Of two machines that say who they are nothing mixes.
  Bench bench(Source::kStored);
  bench.add(type::kSyscall, "1.000:2", "a=1", "one").add(type::kSyscall, "1.000:2", "a=1", "two").wait(2s);
  REQUIRE(bench.out.size() == 2);
  for (const auto& event : bench.out) CHECK(event->incomplete == Incomplete::kNo);
}

TEST_CASE("in a stored log of an old kernel, without PROCTITLE, silence ends an event and is no fault") {
  Bench bench(Source::kStored);
  bench.add(type::kSyscall, "1.000:1").add(type::kPath, "1.000:1").wait(2s);
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
}

TEST_CASE("a record without a readable header goes out alone, under the last good stamp") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:9");
  bench.correlator.add({.type = type::kPath, .text = "audit(nonsense", .node = {}, .name = {}}, bench.now, bench.out);
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kMalformed);
  CHECK(bench.out[0]->id == EventId{1, 0, 9});
  CHECK(bench.out[0]->body(bench.out[0]->records()[0]) == "audit(nonsense");
  CHECK(bench.correlator.counters().malformed.value() == 1);
  CHECK(bench.correlator.counters().incomplete.value() == 0);
  CHECK(bench.correlator.counters().open.value() == 1);
}

TEST_CASE("one event that never ends holds back none of those behind it") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1");
  for (int i = 2; i < 1000; ++i) {
    const std::string id = "1.000:" + std::to_string(i);
    bench.add(type::kSyscall, id).add(type::kEoe, id, "");
    REQUIRE(bench.out.size() == static_cast<std::size_t>(i - 1));
  }
}

TEST_CASE("as many events as are allowed by default can be open at once") {
  Bench bench;
  constexpr int kMany = 16384;
  for (int i = 0; i < kMany; ++i) bench.add(type::kSyscall, "1.000:" + std::to_string(i));
  CHECK(bench.correlator.counters().open.value() == kMany);
  CHECK(bench.out.empty());
  for (int i = 0; i < kMany; ++i) {
    const std::string id = "1.000:" + std::to_string((i * 7919) % kMany);
    bench.add(type::kPath, id).add(type::kEoe, id, "");
  }
  CHECK(bench.out.size() == kMany);
  CHECK(bench.correlator.counters().incomplete.value() == 0);
  CHECK(bench.correlator.counters().open_bytes.value() == 0);
}

TEST_CASE("flush emits all that is open, with its reason") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").add(type::kLogin, "1.000:2");
  bench.correlator.flush(Incomplete::kStopped, bench.out);
  REQUIRE(bench.out.size() == 2);
  CHECK(bench.out[0]->id.serial == 2);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
  CHECK(bench.out[1]->incomplete == Incomplete::kStopped);
  CHECK(bench.correlator.counters().open.value() == 0);
}

TEST_CASE("new options count for what is open") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1");
  bench.correlator.set_options({.timeout = 10ms});
  bench.wait(10ms);
  CHECK(bench.out.size() == 1);
}

TEST_CASE("records, events and open bytes add up") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1", "").add(type::kUser, "1.000:2").add(type::kSyscall, "1.000:3", "");
  CHECK(bench.correlator.counters().open_bytes.value() == 2 * std::string("audit(1.000:1): ").size());
  bench.add(type::kEoe, "1.000:1", "");
  CHECK(bench.correlator.counters().records.value() == 4);
  CHECK(bench.correlator.counters().events.value() == 2);
}

TEST_CASE("an event that had its PROCTITLE is whole though its EOE does not come, after a quiet time") {
  Bench bench;
  bench.add(type::kSyscall, "1.000:1").add(type::kProctitle, "1.000:1");
  CHECK(bench.correlator.next_due() == bench.now + 250ms);
  bench.wait(249ms);
  CHECK(bench.out.empty());
  bench.wait(1ms);
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
  CHECK(bench.correlator.counters().incomplete.value() == 0);
  // One that is missing is no rule.
  CHECK(bench.correlator.counters().eoe_missing.value() == 0);
}

TEST_CASE("where no EOE comes PROCTITLE ends an event at once, until an EOE is seen again") {
  Bench bench;
  for (const char* const id : {"1.000:1", "1.000:2", "1.000:3", "1.000:4"})
    bench.add(type::kSyscall, id).add(type::kProctitle, id);
  bench.wait(250ms);
  CHECK(bench.out.size() == 4);
  CHECK(bench.correlator.counters().eoe_missing.value() == 1);
  bench.add(type::kSyscall, "1.000:5").add(type::kPath, "1.000:5");
  CHECK(bench.out.size() == 4);
  bench.add(type::kProctitle, "1.000:5");
  REQUIRE(bench.out.size() == 5);
  CHECK(types_of(*bench.out[4]) == "1300 1302 1327");
  bench.add(type::kSyscall, "1.000:6").add(type::kProctitle, "1.000:6").add(type::kEoe, "1.000:6", "");
  CHECK(bench.out.size() == 6);
  CHECK(bench.correlator.counters().eoe_missing.value() == 0);
  bench.add(type::kSyscall, "1.000:7").add(type::kProctitle, "1.000:7");
  CHECK(bench.out.size() == 6);
  bench.add(type::kEoe, "1.000:7", "");
  CHECK(bench.out.size() == 7);
  for (const auto& event : bench.out) CHECK(event->incomplete == Incomplete::kNo);
  CHECK(bench.correlator.counters().late.value() == 0);
}

TEST_CASE("where neither EOE nor PROCTITLE comes a quiet time ends an event") {
  Bench bench;
  for (const char* const id : {"1.000:1", "1.000:2", "1.000:3"}) bench.add(type::kSyscall, id);
  bench.wait(2s);
  CHECK(bench.out.size() == 3);
  CHECK(bench.out[0]->incomplete == Incomplete::kTimeout);
  CHECK(bench.out[2]->incomplete == Incomplete::kNo);
  bench.add(type::kSyscall, "2.000:4").add(type::kExecve, "2.000:4");
  bench.wait(249ms);
  CHECK(bench.out.size() == 3);
  bench.wait(1ms);
  REQUIRE(bench.out.size() == 4);
  CHECK(bench.out[3]->incomplete == Incomplete::kNo);
  // PROCTITLE is back, so an event without one is not whole.
  bench.add(type::kSyscall, "3.000:5").add(type::kProctitle, "3.000:5");
  CHECK(bench.out.size() == 5);
  bench.add(type::kSyscall, "3.000:6").wait(1s);
  CHECK(bench.out.size() == 5);
  bench.wait(1s);
  REQUIRE(bench.out.size() == 6);
  CHECK(bench.out[5]->incomplete == Incomplete::kTimeout);
}

TEST_CASE("EOE of some keeps the others waiting for theirs") {
  Bench bench;
  for (int i = 0; i < 10; ++i) {
    const std::string id = "1.000:" + std::to_string(i);
    bench.add(type::kSyscall, id).add(type::kProctitle, id);
    if (i % 2 == 0) bench.add(type::kEoe, id, "");
    bench.wait(250ms);
  }
  CHECK(bench.out.size() == 10);
  CHECK(bench.correlator.counters().eoe_missing.value() == 0);
}

TEST_CASE("a record that the kernel makes outside of every call is an event at once") {
  Bench bench;
  bench.add(type::kNetfilterPkt, "1.000:1", "mark=0 saddr=::1 daddr=::1 proto=58");
  bench.add(type::kLandlockDomain, "1.000:2", "domain=195ba459b status=deallocated denials=3");
  REQUIRE(bench.out.size() == 2);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);
  bench.add(type::kLandlockDomain, "1.000:3", "domain=195ba459c status=allocated mode=enforcing pid=1");
  CHECK(bench.out.size() == 2);
}

TEST_CASE("a record that is alone as a rule waits for a moment only, and for its call if that comes") {
  Bench bench;
  bench.add(type::kBpf, "1.000:1", "prog-id=7 op=UNLOAD");
  CHECK(bench.correlator.next_due() == bench.now + 20ms);
  bench.wait(20ms);
  REQUIRE(bench.out.size() == 1);
  CHECK(bench.out[0]->incomplete == Incomplete::kNo);

  bench.add(type::kBpf, "1.000:2", "prog-id=8 op=UNLOAD").add(type::kSyscall, "1.000:2").wait(1s);
  CHECK(bench.out.size() == 1);
  bench.add(type::kEoe, "1.000:2", "");
  REQUIRE(bench.out.size() == 2);
  CHECK(types_of(*bench.out[1]) == "1334 1300");

  bench.add(type::kBpf, "1.000:3", "prog-id=9 op=LOAD").wait(249ms);
  CHECK(bench.out.size() == 2);
  bench.wait(1ms);
  CHECK(bench.out.size() == 3);
}

}  // namespace
}  // namespace naudit::correlate
