// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/wire.hpp"

#include <cstring>

#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

std::uint32_t word_at(const std::vector<std::byte>& bytes, std::size_t offset) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + offset, sizeof word);
  return word;
}

void put_word(std::vector<std::byte>& bytes, std::size_t offset, std::uint32_t word) {
  std::memcpy(bytes.data() + offset, &word, sizeof word);
}

constexpr std::size_t kFieldCount = 8, kFields = 268, kValues = 524, kOperators = 780, kBufferLength = 1036;

TEST_CASE("a watch is encoded as the kernel's structure lays it out") {
  const auto bytes = encode(test::rule("-w /etc/passwd -p wa -k id").rule);
  CHECK(bytes.size() == 1040 + 16);
  CHECK(word_at(bytes, 0) == 4);
  CHECK(word_at(bytes, 4) == 2);
  CHECK(word_at(bytes, kFieldCount) == 3);
  CHECK(word_at(bytes, 12) == 0xFFFFFFFF);
  CHECK(word_at(bytes, kFields) == 105);
  CHECK(word_at(bytes, kValues) == 11);
  CHECK(word_at(bytes, kOperators) == 0x40000000);
  CHECK(word_at(bytes, kValues + 4) == 10);
  CHECK(word_at(bytes, kBufferLength) == 13);
  CHECK(std::memcmp(bytes.data() + 1040, "/etc/passwdid\0\0\0", 16) == 0);
}

TEST_CASE("what was encoded is decoded to the same rule") {
  for (const char* line :
       {"-a always,exit -F arch=b64 -S execve,openat -F auid>=1000 -F auid!=unset -F key=exec",
        "-A never,exit -F exe=/usr/bin/x -F path=/tmp/y -C uid!=obj_uid", "-a always,exclude -F msgtype=CWD",
        "-a never,filesystem -F fstype=tracefs", "-a always,io_uring -S openat -k ring", "-a never,task"}) {
    const Rule rule = test::rule(line).rule;
    const auto decoded = decode(encode(rule));
    REQUIRE(decoded);
    CHECK(*decoded == rule);
  }
}

TEST_CASE("prepending is a flag beside the list") {
  CHECK(word_at(encode(test::rule("-A always,exit -S 59").rule), 0) == 0x14);
}

TEST_CASE("a rule shorter than its head is refused") {
  const auto bytes = encode(test::rule("-w /etc/passwd").rule);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1039}})
    CHECK_FALSE(decode(std::span(bytes).first(size)));
}

TEST_CASE("a count of fields beyond the array is refused") {
  auto bytes = encode(test::rule("-w /etc/passwd").rule);
  put_word(bytes, kFieldCount, 65);
  CHECK_FALSE(decode(bytes));
  put_word(bytes, kFieldCount, 0xFFFFFFFF);
  CHECK_FALSE(decode(bytes));
}

TEST_CASE("strings that claim more bytes than there are, are refused") {
  auto bytes = encode(test::rule("-w /etc/passwd -k id").rule);
  SECTION("the buffer") {
    put_word(bytes, kBufferLength, 0xFFFFFFFF);
  }
  SECTION("the first string") {
    put_word(bytes, kValues, 14);
  }
  SECTION("a string that would wrap the sum") {
    put_word(bytes, kValues, 0xFFFFFFFF);
  }
  SECTION("the buffer is shorter than the strings") {
    put_word(bytes, kBufferLength, 12);
  }
  CHECK_FALSE(decode(bytes));
}

TEST_CASE("64 fields are decoded") {
  Rule rule;
  rule.fields.assign(64, Field{FieldId::kAuid, Operator::kGreater, 7, {}});
  const auto decoded = decode(encode(rule));
  REQUIRE(decoded);
  CHECK(decoded->fields.size() == 64);
}

TEST_CASE("the kernel's class bits and the way of insertion make no other rule") {
  Rule sent = test::rule("-A always,exit -S all -F auid=5").rule;
  Rule listed = sent;
  listed.prepend = false;
  listed.syscalls.words[63] = 0x0000FFFF;
  CHECK(identity(sent) == identity(listed));
  listed.syscalls.words[0] = 1;
  CHECK(identity(sent) != identity(listed));
}

TEST_CASE("strings and lengths cannot be shifted into an equal identity") {
  Rule a, b;
  a.fields = {{FieldId::kPath, Operator::kEqual, 0, "/ab"}, {FieldId::kKey, Operator::kEqual, 0, "c"}};
  b.fields = {{FieldId::kPath, Operator::kEqual, 0, "/a"}, {FieldId::kKey, Operator::kEqual, 0, "bc"}};
  CHECK(identity(a) != identity(b));
}

}  // namespace
}  // namespace naudit::rules
