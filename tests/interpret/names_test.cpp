// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/names.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

using namespace std::chrono_literals;

constexpr Names::Time kStart{1000s};

// A user database that counts the questions and can be made to hang.
class Directory {
 public:
  std::optional<std::string> ask(NameId id) {
    std::unique_lock lock(mutex_);
    ++asked_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !hangs_; });
    if (id.number >= 90000) return std::nullopt;
    return prefix_ + (id.kind == NameId::Kind::kUser ? "u" : "g") + std::to_string(id.number);
  }
  void hang() { set(hangs_, true); }
  void recover() { set(hangs_, false); }
  void rename(const std::string& prefix) { set(prefix_, prefix); }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  void wait_for_question(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_ >= count; });
  }

 private:
  template <class T>
  void set(T& member, const T& value) {
    const std::lock_guard lock(mutex_);
    member = value;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool hangs_ = false;
  int asked_ = 0;
  std::string prefix_;
};

struct Fixture {
  std::shared_ptr<Directory> directory = std::make_shared<Directory>();
  NamesOptions options{.entries = 64, .wait = 60s, .wait_percent = 100, .lifetime = 600s, .absence = 60s};

  Names names() {
    return Names(options, [directory = directory](NameId id) { return directory->ask(id); });
  }
};

// The name once the answer has come; the answer is on its way when this is called.
std::string eventual_user(Names& names, std::uint32_t uid, Names::Time now) {
  std::string_view name = names.user(uid, now);
  while (name.empty()) {
    std::this_thread::yield();
    name = names.user(uid, now);
  }
  return std::string(name);
}

TEST_CASE("a name is asked for once and then known") {
  Fixture fixture;
  Names names = fixture.names();
  CHECK(names.user(1000, kStart) == "u1000");
  CHECK(names.group(1000, kStart) == "g1000");
  CHECK(names.user(1000, kStart + 599s) == "u1000");
  CHECK(names.group(1000, kStart + 599s) == "g1000");
  CHECK(fixture.directory->asked() == 2);
  CHECK(names.counters().asked == 2);
  CHECK(names.counters().late == 0);
}

TEST_CASE("minus one is unset and nobody is asked") {
  Fixture fixture;
  Names names = fixture.names();
  CHECK(names.user(0xFFFFFFFF, kStart) == "unset");
  CHECK(names.group(0xFFFFFFFF, kStart) == "unset");
  CHECK(fixture.directory->asked() == 0);
}

TEST_CASE("that an id has no name is remembered too") {
  Fixture fixture;
  Names names = fixture.names();
  for (int i = 0; i < 100; ++i) CHECK(names.user(90001, kStart + 59s).empty());
  CHECK(fixture.directory->asked() == 1);
}

TEST_CASE("an old name is used until the new one is there") {
  Fixture fixture;
  Names names = fixture.names();
  CHECK(names.user(1, kStart) == "u1");
  fixture.directory->rename("new-");
  fixture.directory->hang();
  CHECK(names.user(1, kStart + 601s) == "u1");
  CHECK(names.user(1, kStart + 602s) == "u1");
  fixture.directory->wait_for_question(2);
  fixture.directory->recover();
  while (names.user(1, kStart + 603s) == "u1") std::this_thread::yield();
  CHECK(names.user(1, kStart + 604s) == "new-u1");
  CHECK(fixture.directory->asked() == 2);
}

TEST_CASE("when the directory hangs, events go on without the name until it answers") {
  Fixture fixture;
  fixture.options.wait = 1ms;
  Names names = fixture.names();
  fixture.directory->hang();
  CHECK(names.user(5, kStart).empty());
  CHECK(names.user(5, kStart).empty());
  CHECK(names.counters().late == 1);
  fixture.directory->recover();
  CHECK(eventual_user(names, 5, kStart) == "u5");
  CHECK(fixture.directory->asked() == 1);
}

TEST_CASE("nothing waits for a directory that is known to hang") {
  Fixture fixture;
  fixture.options.wait = 1ms;
  fixture.options.entries = 4096;
  Names names = fixture.names();
  fixture.directory->hang();
  CHECK(names.user(1, kStart).empty());

  for (std::uint32_t uid = 2; uid < 500; ++uid) CHECK(names.user(uid, kStart).empty());
  CHECK(names.counters().late == 499);
  CHECK(names.counters().waits == 1);
  fixture.directory->recover();
  CHECK(eventual_user(names, 499, kStart) == "u499");
}

TEST_CASE("waiting takes no more than its share of the time") {
  Fixture fixture;
  fixture.options.wait = 20ms;
  fixture.options.wait_percent = 0;
  Names names = fixture.names();
  fixture.directory->hang();
  CHECK(names.user(1, kStart).empty());  // takes all of the 20 ms there ever are
  fixture.directory->recover();
  CHECK(eventual_user(names, 1, kStart) == "u1");
  CHECK(names.counters().waits == 1);
  CHECK(eventual_user(names, 2, kStart + 1000s) == "u2");
  CHECK(names.counters().waits == 1);
}

TEST_CASE("the number of names that are kept and of open questions is bounded") {
  Fixture fixture;
  fixture.options.entries = 64;
  Names names = fixture.names();
  for (std::uint32_t uid = 0; uid < 5000; ++uid) CHECK(names.user(uid, kStart) == "u" + std::to_string(uid));
  CHECK(names.user(4999, kStart) == "u4999");
  CHECK(fixture.directory->asked() == 5000);
  CHECK(names.user(0, kStart) == "u0");
  CHECK(fixture.directory->asked() == 5001);

  Fixture stuck;
  stuck.options.wait = 0ms;
  stuck.options.entries = 8192;
  Names waiting = stuck.names();
  stuck.directory->hang();
  for (std::uint32_t uid = 0; uid < 3000; ++uid) waiting.user(uid, kStart);
  CHECK(waiting.counters().skipped >= 3000 - Resolver::kMostQuestions - 1);
  CHECK(waiting.counters().asked <= Resolver::kMostQuestions + 1);
  stuck.directory->recover();
  CHECK(eventual_user(waiting, 2999, kStart) == "u2999");
}

TEST_CASE("a name in use stays when others push for its place") {
  Fixture fixture;
  fixture.options.entries = 8;
  Names names = fixture.names();
  for (std::uint32_t uid = 1; uid < 200; ++uid) {
    CHECK(names.user(0, kStart) == "u0");
    CHECK(names.user(uid, kStart) == "u" + std::to_string(uid));
  }
  CHECK(fixture.directory->asked() == 200);
}

TEST_CASE("after a flush everything is asked for again, and an answer from before does not count") {
  Fixture fixture;
  Names names = fixture.names();
  CHECK(names.user(7, kStart) == "u7");
  fixture.directory->rename("second-");
  names.flush();
  CHECK(names.user(7, kStart) == "second-u7");

  Fixture slow;
  slow.options.wait = 1ms;
  Names late = slow.names();
  slow.directory->hang();
  CHECK(late.user(7, kStart).empty());
  slow.directory->wait_for_question(1);
  late.flush();
  CHECK(late.user(8, kStart).empty());
  slow.directory->recover();
  CHECK(eventual_user(late, 8, kStart) == "u8");
  CHECK(eventual_user(late, 7, kStart) == "u7");
  CHECK(slow.directory->asked() == 3);
}

TEST_CASE("the end does not wait for a directory that hangs for ever") {
  const auto directory = std::make_shared<Directory>();
  directory->hang();
  {
    Resolver resolver([directory](NameId id) { return directory->ask(id); }, 1ms);
    REQUIRE(resolver.ask({NameId::Kind::kUser, 1}));
    directory->wait_for_question(1);
  }
  directory->recover();  // the thread that was left behind ends by itself
}

TEST_CASE("the system knows root and not every number") {
  CHECK(system_name({NameId::Kind::kUser, 0}) == "root");
  CHECK(system_name({NameId::Kind::kGroup, 0}) == "root");
  CHECK_FALSE(system_name({NameId::Kind::kUser, 3999999999U}));
}

}  // namespace
}  // namespace naudit::interpret
