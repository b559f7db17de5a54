// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/audispd.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "formats/auditd/frame.hpp"
#include "tables/record_types.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

constexpr std::uint16_t kUserLogin = 1112;

const std::string kLog =
    "type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=59 auid=1000 uid=0 key=(null)\n"
    "type=CWD msg=audit(1700000000.123:45): cwd=\"/\"\n"
    "type=PROCTITLE msg=audit(1700000000.123:45): proctitle=\"sh\"\n"
    "type=EOE msg=audit(1700000000.123:45):\n"
    "type=USER_LOGIN msg=audit(1700000001.001:46): pid=1 uid=0 msg='res=success'\n";

EncoderOptions chosen(bool names, bool node = false) {
  AudispdOptions options;
  options.names = names;
  options.node = node;
  return options;
}

std::vector<Frame> frames_of(std::string_view bytes) {
  std::vector<Frame> frames;
  for (Frame frame; read_frame(bytes, frame) == FrameResult::kWhole; bytes.remove_prefix(frame.size))
    frames.push_back(frame);
  CHECK(bytes.empty());
  return frames;
}

TEST_CASE("plugins get the records of an event in their order, and the end of it where it came") {
  CHECK(tests::Encoding("audispd", chosen(false))(kLog) == kLog);
  // What no log has told is not told.
  std::string without = kLog;
  without.erase(without.find("type=EOE"), std::string("type=EOE msg=audit(1700000000.123:45):\n").size());
  CHECK(tests::Encoding("audispd", chosen(false))(without) == without);
}

TEST_CASE("plugins get names behind the records, and none behind the end of an event") {
  const std::string text = tests::Encoding("audispd", chosen(true))(kLog);
  CHECK_THAT(text, Catch::Contains("key=(null)\x1D"
                                   "ARCH=x86_64 SYSCALL=execve AUID=\"jo\" UID=\"root\"\n") &&
                       Catch::Contains("\ntype=EOE msg=audit(1700000000.123:45):\ntype=USER_LOGIN "));
}

TEST_CASE("this machine's name stands before each record if that is wanted, and another one's where it has one") {
  tests::Encoding named("audispd", chosen(false, true));
  named.set_node("web1");
  CHECK_THAT(named(kLog), Catch::StartsWith("node=web1 type=SYSCALL ") &&
                              Catch::Contains("\nnode=web1 type=EOE msg=") &&
                              Catch::Contains("\nnode=web1 type=USER_LOGIN "));
  tests::Encoding unnamed("audispd", chosen(false));
  unnamed.set_node("web1");
  CHECK(unnamed(kLog) == kLog);
  CHECK_THAT(
      unnamed("node=db7 type=CWD msg=audit(1.000:2): cwd=\"/\"\nnode=db7 type=EOE msg=audit(1.000:2): \n"),
      Catch::StartsWith("node=db7 type=CWD msg=audit(1.000:2): cwd=\"/\"\nnode=db7 type=EOE msg=audit(1.000:2):\n"));
}

TEST_CASE("a binary record is the kernel's text behind its type, or the whole line where there is more to it") {
  const std::string bare = tests::Encoding("audispd-binary", chosen(false))(kLog);
  const std::vector<Frame> frames = frames_of(bare);
  REQUIRE(frames.size() == 5);
  CHECK(frames[0].type == tables::type::kSyscall);
  CHECK(frames[0].text == "audit(1700000000.123:45): arch=c000003e syscall=59 auid=1000 uid=0 key=(null)");
  CHECK(frames[3].type == tables::type::kEoe);
  CHECK(frames[3].text == "audit(1700000000.123:45): ");
  CHECK(frames[4].type == kUserLogin);

  const std::string lines = tests::Encoding("audispd", chosen(true))(kLog);
  const std::string whole = tests::Encoding("audispd-binary", chosen(true))(kLog);
  std::string text;
  for (const Frame& frame : frames_of(whole)) {
    CHECK(frame.type == 0);  // version 1: the line tells
    (text += frame.text) += '\n';
  }
  CHECK(text == lines);
  CHECK(whole.substr(8, 4) == std::string("\x14\x05\0\0", 4));  // 1300, little-endian as this machine
}

TEST_CASE("a newline within a record is a space to a plugin that reads lines, and stays in the kernel's own text") {
  correlate::Event event;
  event.id = {1, 0, 2};
  event.ended = true;
  event.append(kUserLogin, "audit(1.000:2): msg='a\nb'", 16);
  CHECK(tests::Encoding("audispd", chosen(false))(event) ==
        "type=USER_LOGIN msg=audit(1.000:2): msg='a b'\ntype=EOE msg=audit(1.000:2):\n");
  const std::string binary = tests::Encoding("audispd-binary", chosen(false))(event);
  const auto frames = frames_of(binary);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].text == "audit(1.000:2): msg='a\nb'");
  const std::string lines = tests::Encoding("audispd-binary", chosen(true))(event);
  CHECK(frames_of(lines).size() == 2);
}

TEST_CASE("an event that is nothing but its end, a type without a name and a line that is no record") {
  correlate::Event event;
  event.ended = true;
  CHECK(tests::Encoding("audispd", chosen(true))(event) == "type=EOE msg=audit(0.000:0):\n");
  CHECK(frames_of(tests::Encoding("audispd-binary", chosen(true))(event)).size() == 1);
  CHECK(tests::Encoding("audispd", chosen(false))("type=UNKNOWN[1499] msg=audit(1.000:2): x=1\n") ==
        "type=UNKNOWN[1499] msg=audit(1.000:2): x=1\n");
  CHECK(tests::Encoding("audispd", chosen(false))("no record\n") == "no record\n");
}

}  // namespace
}  // namespace naudit::formats
