// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/key_counts.hpp"

#include "tests/support/catch.hpp"

using namespace naudit;
using daemon::KeyCounts;
using daemon::KeyReport;
using std::chrono::seconds;

namespace {

constexpr std::uint16_t kSyscall = 1300, kUringop = 1336, kConfigChange = 1305, kLogin = 1112;

class Counted {
 public:
  void event(std::uint16_t type, const std::string& text, std::uint64_t at = 1) {
    correlate::Event event;
    event.id = {.seconds = at, .millis = 5, .serial = 1};
    const std::string head = "audit(1.005:1): ";
    event.append(type, head + text, static_cast<std::uint32_t>(head.size()));
    decoded_.decode(event);
    counts.add(decoded_);
  }
  void call(const std::string& key, int times = 1) {
    for (int i = 0; i < times; ++i) event(kSyscall, "arch=c000003e syscall=59 success=yes key=" + key);
  }
  void after(seconds time) {
    now += time;
    counts.advance(now);
  }
  KeyReport report() { return counts.report(now); }

  KeyCounts::TimePoint now{};
  KeyCounts counts{now};

 private:
  interpret::DecodedEvent decoded_;
};

const daemon::KeyCount& of(const KeyReport& report, const std::string& key) {
  for (const KeyReport::Key& one : report.keys)
    if (one.name == key) return one.count;
  throw std::runtime_error("no count of " + key);
}

}  // namespace

TEST_CASE("events are counted by key, and those without one by kind") {
  Counted counted;
  counted.call("\"exec\"", 3);
  counted.call("(null)");
  counted.event(kUringop, "uring_op=18 success=yes key=\"ring\"");
  counted.event(kLogin, "pid=1 uid=0 msg='op=login res=success'");
  counted.event(kConfigChange, "op=add_rule key=\"exec\" list=4 res=1");
  const KeyReport report = counted.report();
  CHECK(of(report, "exec").total == 3);
  CHECK(of(report, "ring").total == 1);
  CHECK(report.no_key.total == 1);
  CHECK(report.no_call.total == 2);
  CHECK(report.all.total == 7);
  CHECK(of(report, "exec").last_ms == 1005);
}

TEST_CASE("an event counts for each of its keys once, and the same key may be spelled in two ways") {
  Counted counted;
  counted.call("657865630154313035390165786563");  // exec, T1059, exec, joined by 0x01
  counted.call("\"exec\"");
  counted.call("65786563");
  counted.call("\"65786563\"");  // in quotes it is a name
  const KeyReport report = counted.report();
  CHECK(of(report, "exec").total == 3);
  CHECK(of(report, "T1059").total == 1);
  CHECK(of(report, "65786563").total == 1);
  CHECK(report.all.total == 4);
}

TEST_CASE("a window forgets what is older than it") {
  Counted counted;
  counted.call("\"a\"", 60);
  counted.after(seconds{65});
  CHECK(of(counted.report(), "a").recent == std::array<std::uint64_t, 3>{60, 60, 60});
  counted.after(seconds{6});  // 71 s: the slice of the events lies behind the last minute
  counted.call("\"a\"");
  CHECK(of(counted.report(), "a").recent == std::array<std::uint64_t, 3>{1, 61, 61});
  counted.after(seconds{300});
  CHECK(of(counted.report(), "a").recent == std::array<std::uint64_t, 3>{0, 1, 61});
  counted.after(seconds{600});
  CHECK(of(counted.report(), "a").recent == std::array<std::uint64_t, 3>{0, 0, 1});
  counted.after(seconds{100'000});
  CHECK(of(counted.report(), "a").recent == std::array<std::uint64_t, 3>{0, 0, 0});
  CHECK(of(counted.report(), "a").total == 61);
}

TEST_CASE("a window covers what was counted, up to a slice more than its length") {
  using std::chrono::milliseconds;
  Counted counted;
  counted.after(seconds{7});
  CHECK(counted.report().covered[0] == seconds{7});
  counted.after(seconds{70});
  CHECK(counted.report().covered == std::array<milliseconds, 3>{seconds{67}, seconds{77}, seconds{77}});
}

TEST_CASE("a steady rate is told as it is, whenever one asks") {
  Counted counted;
  for (int i = 0; i < 1200; ++i) {
    counted.after(seconds{1});
    counted.call("\"a\"", 5);
    if (i < 20) continue;
    const KeyReport report = counted.report();
    for (std::size_t window = 0; window < 3; ++window) {
      const double rate = static_cast<double>(of(report, "a").recent.at(window)) /
                          std::chrono::duration<double>(report.covered.at(window)).count();
      REQUIRE(rate == Approx(5).epsilon(0.1));
    }
  }
}

TEST_CASE("keys are bounded: what is more is counted together") {
  Counted counted;
  for (std::size_t i = 0; i < 10 * KeyCounts::kMostKeys; ++i) counted.call('"' + std::to_string(i) + '"');
  counted.call("\"0\"");
  const KeyReport report = counted.report();
  CHECK(report.keys.size() == KeyCounts::kMostKeys);
  CHECK(of(report, "0").total == 2);
  CHECK(report.more_keys.total == 9 * KeyCounts::kMostKeys);
  CHECK(report.all.total == 10 * KeyCounts::kMostKeys + 1);
}
