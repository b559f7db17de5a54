// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "library/naudit.h"
#include "tests/library/handles.hpp"
#include "tests/support/catch.hpp"

namespace naudit::library {
namespace {

constexpr std::string_view kExec =
    "node=web1 type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=59 success=no exit=-13 a0=1 a1=2 a2=3 "
    "a3=4 "
    "items=1 ppid=1 pid=2 auid=4294967295 uid=0 tty=(none) comm=6361740A exe=\"/usr/bin/cat\" "
    "key=6578656301707269760174\n"
    "node=web1 type=EXECVE msg=audit(1700000000.123:45): argc=2 a0=\"cat\" a1=2F6574632F7368610A646F77\n"
    "node=web1 type=PATH msg=audit(1700000000.123:45): item=0 name=\"/usr/bin/cat\" inode=1 mode=0100755 "
    "nametype=NORMAL\n"
    "node=web1 type=PROCTITLE msg=audit(1700000000.123:45): proctitle=636174002F657463\n";

Event only_event(std::string_view log) {
  const Reader reader = make_reader();
  REQUIRE(feed(reader, log) == NAUDIT_OK);
  REQUIRE(naudit_reader_flush(reader.get()) == NAUDIT_OK);
  Event event = next(reader);
  REQUIRE(event != nullptr);
  return event;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string value(const naudit_field* field) {
  naudit_text text;
  REQUIRE(naudit_field_value(field, &text) == NAUDIT_OK);
  return string_of(text);
}

std::string interpreted(const naudit_field* field) {
  naudit_text text;
  REQUIRE(naudit_field_interpreted(field, &text) == NAUDIT_OK);
  return string_of(text);
}

// name raw value interpreted kind
std::string line_of(const naudit_field* field) {
  return string_of(naudit_field_name(field)) + ' ' + string_of(naudit_field_raw(field)) + ' ' + value(field) + ' ' +
         interpreted(field) + ' ' + naudit_field_kind(field) + (naudit_field_is_claim(field) != 0 ? " claim" : "");
}

std::vector<std::string> lines_of(const naudit_record* record) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < naudit_record_field_count(record); ++i)
    lines.push_back(line_of(naudit_record_field(record, i)));
  return lines;
}

TEST_CASE("an event says when, where and what") {
  const Event event = only_event(kExec);
  CHECK(naudit_event_seconds(event.get()) == 1700000000);
  CHECK(naudit_event_milliseconds(event.get()) == 123);
  CHECK(naudit_event_serial(event.get()) == 45);
  CHECK(string_of(naudit_event_node(event.get())) == "web1");
  CHECK(naudit_event_incomplete(event.get()).data == nullptr);
  CHECK(naudit_event_is_late(event.get()) == 0);
  CHECK(string_of(naudit_event_action(event.get())) == "executed");
  CHECK(string_of(naudit_event_kind(event.get())) == "audit-rule");
  CHECK(naudit_event_success(event.get()) == 0);
  naudit_text object;
  REQUIRE(naudit_event_object(event.get(), &object) == NAUDIT_OK);
  CHECK(string_of(object) == "/usr/bin/cat");
  CHECK(string_of(naudit_event_key(event.get(), 0)) == "exec");
  CHECK(string_of(naudit_event_key(event.get(), 2)) == "t");
  CHECK(naudit_event_key(event.get(), 3).data == nullptr);
  CHECK(naudit_event_argument_count(event.get()) == 2);
  CHECK(string_of(naudit_event_argument(event.get(), 1)) == "/etc/sha\ndow");
  CHECK(naudit_event_argument(event.get(), 2).data == nullptr);
}

TEST_CASE("records and fields stand in their order, each with what it means") {
  const Event event = only_event(kExec);
  REQUIRE(naudit_event_record_count(event.get()) == 4);
  const naudit_record* const call = naudit_event_record(event.get(), 0);
  CHECK(naudit_record_type(call) == 1300);
  CHECK(string_of(naudit_record_type_name(call)) == "SYSCALL");
  CHECK(string_of(naudit_record_text(call)).starts_with("audit(1700000000.123:45): arch=c000003e syscall=59 "));
  const std::string keys = "exec\1priv\1t";
  CHECK(lines_of(call) == std::vector<std::string>{
                              "arch c000003e c000003e x86_64 arch",
                              "syscall 59 59 execve syscall",
                              "success no no no success",
                              "exit -13 -13 EACCES exit",
                              "a0 1 1 1 argument",
                              "a1 2 2 2 argument",
                              "a2 3 3 3 argument",
                              "a3 4 4 4 argument",
                              "items 1 1 1 number",
                              "ppid 1 1 1 number",
                              "pid 2 2 2 number",
                              "auid 4294967295 4294967295 unset uid",
                              "uid 0 0 0 uid",
                              "tty (none) (none) (none) plain",
                              "comm 6361740A cat\n cat\n encoded",
                              "exe \"/usr/bin/cat\" /usr/bin/cat /usr/bin/cat encoded",
                              "key 6578656301707269760174 " + keys + " exec,priv,t keys",
                          });
  const naudit_record* const path = naudit_event_find_record(event.get(), naudit_type_number("PATH"));
  CHECK(line_of(naudit_record_find_field(path, "mode")) == "mode 0100755 0100755 file,755 mode");
  CHECK(value(naudit_event_find_field(event.get(), "proctitle")) == std::string("cat\0/etc", 8));
  CHECK(interpreted(naudit_event_find_field(event.get(), "proctitle")) == "cat /etc");
  CHECK(naudit_event_record(event.get(), 4) == nullptr);
  CHECK(naudit_record_field(path, 1000) == nullptr);
  CHECK(naudit_event_find_record(event.get(), 1) == nullptr);
  CHECK(naudit_event_find_field(event.get(), "nothing") == nullptr);
}

TEST_CASE("what a program claims stands apart") {
  const Event event = only_event(
      "type=USER_LOGIN msg=audit(1700000001.000:46): pid=9 uid=0 auid=1000 ses=3 msg='op=login acct=6A6F uid=5 "
      "exe=\"/usr/sbin/sshd\" res=success'\n");
  const naudit_record* const record = naudit_event_record(event.get(), 0);
  CHECK(line_of(naudit_record_find_field(record, "uid")) == "uid 0 0 0 uid");
  CHECK(line_of(naudit_record_find_claim(record, "uid")) == "uid 5 5 5 uid claim");
  CHECK(value(naudit_record_find_claim(record, "acct")) == "jo");
  CHECK(naudit_record_find_field(record, "acct") == nullptr);
  CHECK(naudit_event_find_field(event.get(), "acct") == nullptr);
  CHECK(naudit_event_success(event.get()) == 1);
  CHECK(naudit_event_argument_count(event.get()) == 0);
  CHECK(naudit_field_record(naudit_record_find_claim(record, "acct")) == record);
}

TEST_CASE("the permissions of an AVC are fields") {
  const Event event = only_event(
      "type=AVC msg=audit(1700000002.000:47): avc:  denied  { read write } for  pid=1 comm=\"x\" tclass=file\n");
  const std::vector<std::string> lines = lines_of(naudit_event_record(event.get(), 0));
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "seresult denied denied denied plain");
  CHECK(lines[1].starts_with("seperms read write read write read write "));
  CHECK(naudit_event_success(event.get()) == 0);
}

TEST_CASE("a number is read as its field is written") {
  const Event event = only_event(kExec);
  std::int64_t number = 77;
  const auto is_number = [&](const char* name) {
    return naudit_field_number(naudit_event_find_field(event.get(), name), &number) == 1;
  };
  CHECK((is_number("exit") && number == -13));
  CHECK((is_number("arch") && number == 0xC000003E));
  CHECK((is_number("mode") && number == 0100755));
  CHECK((is_number("auid") && number == 4294967295));
  CHECK((is_number("a3") && number == 4));
  number = 77;
  CHECK_FALSE(is_number("comm"));
  CHECK_FALSE(is_number("tty"));
  CHECK_FALSE(is_number("proctitle"));
  CHECK_FALSE(is_number("nothing"));
  CHECK(number == 77);
}

TEST_CASE("every field of the collected logs is a part of its record") {
  std::size_t fields = 0;
  for (const auto& entry : std::filesystem::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records")) {
    if (entry.path().extension() != ".txt") continue;
    INFO(entry.path());
    const Reader reader = make_reader("raw");
    REQUIRE(feed(reader, bytes_of(entry.path())) == NAUDIT_OK);
    REQUIRE(naudit_reader_flush(reader.get()) == NAUDIT_OK);
    while (const Event event = next(reader)) {
      for (std::size_t i = 0; i < naudit_event_record_count(event.get()); ++i) {
        const naudit_record* const record = naudit_event_record(event.get(), i);
        const std::string text = string_of(naudit_record_text(record));
        for (std::size_t j = 0; j < naudit_record_field_count(record); ++j) {
          const naudit_field* const field = naudit_record_field(record, j);
          const bool is_there = text.find(string_of(naudit_field_raw(field))) != std::string::npos;
          CHECK(is_there);
          interpreted(field);
          ++fields;
        }
      }
    }
  }
  CHECK(fields > 1000);
}

TEST_CASE("the options of a format are checked by its own table") {
  const Reader reader = make_reader("mozdef");
  CHECK(naudit_reader_set(reader.get(), "format.prefix", "<") == NAUDIT_OK);
  CHECK(naudit_reader_set(reader.get(), "format.nothing", "x") == NAUDIT_ERROR_ARGUMENT);
  CHECK(string_of(naudit_reader_message(reader.get())).find("nothing") != std::string::npos);
  REQUIRE(feed(reader, kExec) == NAUDIT_OK);
  CHECK(text_of(next(reader)).starts_with("<{\"category\""));
  const Reader json = make_reader("json");
  CHECK(naudit_reader_set(json.get(), "format.prefix", "<") == NAUDIT_ERROR_ARGUMENT);
}

TEST_CASE("names and numbers belong together") {
  CHECK(string_of(naudit_type_name(1300)) == "SYSCALL");
  CHECK(naudit_type_number("SYSCALL") == 1300);
  CHECK(naudit_type_name(99999).data == nullptr);
  CHECK(naudit_type_name(-1).data == nullptr);
  CHECK(naudit_type_number("NOTHING") == -1);
  const std::uint32_t x86_64 = naudit_arch_number("x86_64");
  CHECK(x86_64 == 0xC000003E);
  CHECK(string_of(naudit_arch_name(x86_64)) == "x86_64");
  CHECK(naudit_arch_number("pdp11") == 0);
  CHECK(naudit_arch_name(1).data == nullptr);
  CHECK(naudit_arch_number("b64") != 0);
  CHECK(string_of(naudit_syscall_name(x86_64, 59)) == "execve");
  CHECK(naudit_syscall_number(x86_64, "execve") == 59);
  CHECK(naudit_syscall_number(naudit_arch_number("aarch64"), "execve") == 221);
  CHECK(naudit_syscall_number(x86_64, "nothing") == -1);
  CHECK(naudit_syscall_name(x86_64, 99999).data == nullptr);
  CHECK(string_of(naudit_errno_name(13)) == "EACCES");
  CHECK(naudit_errno_number("EACCES") == 13);
  CHECK(naudit_errno_number("nothing") == -1);
  CHECK(naudit_type_number(nullptr) == -1);
  CHECK(naudit_syscall_number(x86_64, nullptr) == -1);
}

}  // namespace
}  // namespace naudit::library
