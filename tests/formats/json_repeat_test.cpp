// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "formats/json/repeat.hpp"
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
  const interpret::Field field{.name = "uid", .value = "0", .id = 0, .spelling = interpret::Spelling::kBare};
  JsonRepeat repeat;
  const JsonRepeat::Time start{milliseconds{5000}};
  const JsonRepeat::Names jo{.beside = "AUID=\"jo\""};
  repeat.begin(jo, start);
  repeat.add(field, true, true, 8);
  repeat.end("\"uid\":0,");
  CHECK(repeat.is_usable(1, jo, start + milliseconds{999}, seconds{1}));
  CHECK_FALSE(repeat.is_usable(1, jo, start + milliseconds{1000}, seconds{1}));
  CHECK_FALSE(repeat.is_usable(1, jo, start - milliseconds{1}, seconds{1}));
  CHECK_FALSE(repeat.is_usable(2, jo, start, seconds{1}));
  CHECK_FALSE(repeat.is_usable(1, {.beside = "AUID=\"ann\""}, start, seconds{1}));
  CHECK_FALSE(repeat.is_usable(1, {.beside = jo.beside, .in_event = true}, start, seconds{1}));
  CHECK_FALSE(repeat.is_usable(1, {.beside = jo.beside, .of_machine = true}, start, seconds{1}));
  CHECK(repeat.has_name(0, field));
  CHECK(repeat.has_value(0, field));
  CHECK_FALSE(repeat.has_value(0, {.name = "uid", .value = "1", .id = 0, .spelling = interpret::Spelling::kBare}));
  CHECK_FALSE(repeat.has_value(0, {.name = "uid", .value = "0", .id = 0, .spelling = interpret::Spelling::kQuoted}));
  CHECK(repeat.json(0, 1) == "\"uid\":0,");
}

}  // namespace
}  // namespace naudit::formats
