// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "formats/json/repeat.hpp"
#include "interpret/record/event_names.hpp"
#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

const std::filesystem::path kCases = NAUDIT_SOURCE_DIR "/tests/data/records";

// What an encoder that has written nothing before makes of it.
std::string alone(correlate::Event& event) {
  tests::Encoding json("json");
  return json(event);
}

correlate::EventPtr syscall_event(const std::string& body) {
  auto event = std::make_unique<correlate::Event>();
  event->source = correlate::Source::kStored;
  event->id = {.seconds = 1, .millis = 2, .serial = 3};
  event->append(tables::type::kSyscall, "audit(1.002:3): " + body, 16);
  return event;
}

TEST_CASE("an event is written the same, whatever was written before it") {
  std::vector<correlate::EventPtr> events;
  for (const auto& entry : std::filesystem::directory_iterator(kCases)) {
    if (entry.path().extension() != ".txt") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    tests::StoredLog log;
    const std::string lines{std::istreambuf_iterator<char>(file), {}};
    log.add_all(lines);
    log.finish();
    for (auto& event : log.events) events.push_back(std::move(event));
  }
  REQUIRE(events.size() > 20);
  tests::Encoding warm("json");
  for (auto& event : events) {
    event->last = {};  // all at one time: what was written before counts
    const std::string expected = alone(*event);
    CHECK(warm(*event) == expected);
    CHECK(warm(*event) == expected);
  }
}

TEST_CASE("fields that repeat are written the same beside those that change") {
  const std::string common = " success=yes exit=3 a0=1 a1=2 ppid=1 pid=10 auid=0 uid=0 gid=0 comm=\"a\" key=(null)";
  const std::vector<std::string> bodies = {
      "arch=c000003e syscall=59" + common,
      "arch=c000003e syscall=257" + common,
      "arch=40000003 syscall=257" + common,  // the same number, another call
      "arch=40000003 syscall=11" + common,
      "arch=c000003e syscall=59" + common + " pid=11",           // a name again
      "arch=c000003e syscall=59 PID=10" + common.substr(12),     // a name that differs by case, as many fields
      "arch=c000003e syscall=59" + common + "  uid=1 trailing",  // irregular
      "arch=c000003e syscall=59 success=yes",                    // fewer
      "arch=c000003e syscall=59 success=\"yes\"",                // spelled otherwise
      "arch=c000003e syscall=59 success=yes",
  };
  tests::Encoding warm("json");
  for (int round = 0; round < 3; ++round) {
    for (const std::string& body : bodies) {
      INFO(body);
      const auto event = syscall_event(body);
      CHECK(warm(*event) == alone(*event));
    }
  }
}

TEST_CASE("the name that a later kernel's call was given is that of its own record") {
  const std::string call = "arch=c000003e syscall=9999 success=yes exit=0 pid=10 auid=0 uid=0 key=(null)\x1d";
  tests::Encoding warm("json");
  for (const char* name : {"foo", "bar", "foo"}) {
    const auto event = syscall_event(call + "ARCH=x86_64 SYSCALL=" + name + " AUID=\"root\" UID=\"root\"");
    CHECK_THAT(warm(*event), Catch::Contains("\"syscall_name\":\"" + std::string(name) + '"'));
  }
}

TEST_CASE("what was written is not used for longer than a second") {
  using std::chrono::milliseconds;
  using std::chrono::seconds;
  JsonOrigin origin;
  const JsonOrigin::Time start{milliseconds{5000}};
  const JsonOrigin::Names jo{.told = "AUID=\"jo\""};
  origin.set(7, 0b10, jo, start);
  CHECK(origin.is_usable(7, jo, start + milliseconds{999}, seconds{1}));
  CHECK_FALSE(origin.is_usable(7, jo, start + milliseconds{1000}, seconds{1}));
  CHECK_FALSE(origin.is_usable(7, jo, start - milliseconds{1}, seconds{1}));
  CHECK_FALSE(origin.is_usable(8, jo, start, seconds{1}));
  CHECK_FALSE(origin.is_usable(7, {.told = "AUID=\"ann\""}, start, seconds{1}));
  CHECK_FALSE(origin.is_usable(7, {.told = jo.told, .in_event = true}, start, seconds{1}));
  CHECK_FALSE(origin.is_usable(7, {.told = jo.told, .of_machine = true}, start, seconds{1}));
  CHECK(origin.changed(0b100) == 0b110);
  origin.forget();
  CHECK_FALSE(origin.is_usable(7, jo, start, seconds{1}));
  CHECK_FALSE(origin.is_usable(0, jo, start, seconds{1}));
}

TEST_CASE("what was written of a record is kept field by field") {
  JsonRepeat repeat;
  repeat.begin(7, 0, {}, {});
  repeat.add(JsonRepeat::Field::kFixed, true, 6);
  repeat.add(JsonRepeat::Field::kOfCall, false, 12);
  repeat.add(JsonRepeat::Field::kPlain, true, 18);
  repeat.end("\"a\":1,\"b\":2,\"c\":3,");
  CHECK(repeat.json(0, 1) == "\"a\":1,");
  CHECK(repeat.json(1, 3) == "\"b\":2,\"c\":3,");
  CHECK(repeat.kinds().fixed == 0b001);
  CHECK(repeat.kinds().lossy == 0b010);
  CHECK(repeat.kinds().of_call == 0b010);
  CHECK(repeat.kinds().plain == 0b100);
  CHECK(repeat.tail_json(7).empty());
  repeat.set_tail(8, "\"x\"");
  CHECK(repeat.tail_json(8).empty());
  repeat.set_tail(7, "\"y\"");
  CHECK(repeat.tail_json(7) == "\"y\"");
}

TEST_CASE("an argument that changes changes what the others mean") {
  const std::string head = "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c ";
  const std::string rest = " items=1 ppid=1 pid=10 auid=0 uid=0 gid=0 comm=\"a\" exe=\"/a\" key=(null)";
  tests::Encoding warm("json");
  for (const char* arguments : {"a1=7ff0 a2=0 a3=1a4", "a1=7ff0 a2=41 a3=1a4", "a1=7ff8 a2=41 a3=1a4",
                                "a1=7ff8 a2=0 a3=1a4", "a1=fff a2=241 a3=1ff", "a1=0 a2=2 a3=1ff"}) {
    INFO(arguments);
    const auto event = syscall_event(head + arguments + rest);
    CHECK(warm(*event) == alone(*event));
  }
}

TEST_CASE("a subject is written anew where one of its fields changes") {
  const auto body = [](const std::string& who) {
    return "arch=c000003e syscall=39 success=yes exit=3 a0=0 a1=0 a2=0 a3=0 items=0 " + who +
           " comm=\"a\" exe=\"/a\" subj=unconfined key=(null)";
  };
  tests::Encoding warm("json");
  for (int round = 0; round < 2; ++round) {
    for (const char* who :
         {"ppid=1 pid=10 auid=0 uid=0 gid=0 tty=pts0 ses=1", "ppid=1 pid=10 auid=0 uid=1 gid=0 tty=pts0 ses=1",
          "ppid=2 pid=10 auid=0 uid=1 gid=0 tty=pts0 ses=1", "ppid=2 pid=10 auid=0 uid=1 gid=0 tty=(none) ses=1",
          "ppid=2 pid=10 auid=0 uid=1 gid=0 tty=(none) ses=4294967295",
          "ppid=2 pid=10 auid=4294967295 uid=1000 gid=0 tty=pts1 ses=2",
          "ppid=2 pid=10 auid=x uid=1000 gid=5 tty=pts1 ses=2"}) {
      INFO(who);
      const auto event = syscall_event(body(who));
      CHECK(warm(*event) == alone(*event));
    }
  }
}

TEST_CASE("the name that another record of the event tells is not kept") {
  const std::string call =
      "arch=c000003e syscall=39 success=yes exit=3 a0=0 a1=0 a2=0 a3=0 items=1 ppid=1 pid=10 "
      "auid=77 uid=77 gid=0 comm=\"a\" exe=\"/a\" key=(null)";
  tests::Encoding warm("json");
  for (const char* name : {"jo", "ann", "jo"}) {
    const auto event = syscall_event(call);
    event->append(
        tables::type::kPath,
        "audit(1.002:3): item=0 name=\"/x\" ouid=77 ogid=0 nametype=NORMAL\x1dOUID=\"" + std::string(name) + "\"", 16);
    const std::string json = warm(*event);
    CHECK(json == alone(*event));
    CHECK_THAT(json, Catch::Contains("\"auid_name\":\"" + std::string(name) + '"'));
  }
}

TEST_CASE("an event whose records are all as before has its own head, and what the event says of itself") {
  const std::string call =
      "arch=c000003e syscall=39 success=yes exit=3 a0=0 a1=0 a2=0 a3=0 items=1 ppid=1 pid=10 "
      "auid=77 uid=77 gid=0 comm=\"a\" exe=\"/a\" key=\"k\"";
  const std::string cwd = "cwd=\"/srv\"";
  const auto make = [&](const std::string& id, const std::string& second, const std::string& behind = ": ") {
    auto event = std::make_unique<correlate::Event>();
    event->source = correlate::Source::kStored;
    event->id = {.seconds = 1, .millis = 2, .serial = static_cast<std::uint32_t>(std::stoul(id))};
    const std::string head = "audit(1.002:" + id + ')' + behind;
    event->append(tables::type::kSyscall, head + call, static_cast<std::uint32_t>(head.size()));
    event->append(tables::type::kCwd, head + second, static_cast<std::uint32_t>(head.size()));
    return event;
  };
  std::vector<correlate::EventPtr> events;
  for (const char* id : {"3", "4", "12345"}) events.push_back(make(id, cwd));
  events.push_back(make("5", "cwd=\"/var\""));
  events.push_back(make("6", cwd));
  events.push_back(make("7", cwd, ":"));  // no header that could be made again
  events.push_back(make("8", cwd));
  events.back()->incomplete = correlate::Incomplete::kEvicted;
  events.push_back(make("9", cwd));
  events.back()->late = true;
  events.push_back(make("10", cwd));
  events.back()->node = "other";
  for (const char* name : {"jo", "ann"}) {
    events.push_back(make("11", cwd));
    interpret::append_event_name(false, 77, name, events.back()->names);
  }
  events.push_back(make("12", cwd));
  events.back()->append(tables::type::kCwd, "audit(1.002:12): cwd=\"/srv\"", 16);  // one more
  events.push_back(make("13", cwd));
  tests::Encoding warm("json");
  for (int round = 0; round < 3; ++round) {
    for (const auto& event : events) {
      const std::string json = warm(*event);
      CHECK(json == alone(*event));
      CHECK_THAT(json, Catch::Contains("\"serial\":" + std::to_string(event->id.serial) + ','));
    }
  }
  CHECK_THAT(warm(*events[9]), Catch::Contains("\"uid_name\":\"jo\""));
  CHECK_THAT(warm(*events[10]), Catch::Contains("\"uid_name\":\"ann\""));
  CHECK_THAT(warm(*events[7]), Catch::Contains("\"late\":true"));
}

TEST_CASE("a message that a program sends again is written as before, and one that differs is not") {
  const auto make = [](const std::string& who) {
    auto event = std::make_unique<correlate::Event>();
    event->source = correlate::Source::kLive;
    event->id = {.seconds = 1, .millis = 2, .serial = 3};
    event->append(1105,
                  "audit(1.002:3): pid=10 uid=0 auid=0 ses=1 msg='op=PAM:session_open acct=\"" + who +
                      "\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success'",
                  16);
    return event;
  };
  tests::Encoding warm("json");
  for (const char* who : {"root", "root", "jo", "root", "jo", "jo", "root\"x"}) {
    const auto event = make(who);
    CHECK(warm(*event) == alone(*event));
  }
}

}  // namespace
}  // namespace naudit::formats
