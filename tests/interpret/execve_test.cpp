// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/execve.hpp"

#include "tables/record_types.hpp"
#include "tests/interpret/event_of.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

using tables::type::kExecve;

std::vector<std::string> arguments(const Execve& execve) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < execve.size(); ++i) all.emplace_back(execve[i]);
  return all;
}

TEST_CASE("arguments are quoted, hexadecimal or empty") {
  const EventOf of{{kExecve, R"(argc=3 a0="sh" a1=6120 a2="")"}};
  Execve execve;
  execve.read(of.decoded);
  CHECK(arguments(execve) == std::vector<std::string>{"sh", "a ", ""});
  CHECK(execve.argc() == 3);
  CHECK(execve.is_simple());
}

TEST_CASE("an argument in pieces is one, with its length left out") {
  const EventOf of{{kExecve, R"(argc=3 a0="x" a1_len=8 a1[0]="abcd" a1[1]=6566 a1[2]="gh" a2="y")"}};
  Execve execve;
  execve.read(of.decoded);
  CHECK(arguments(execve) == std::vector<std::string>{"x", "abcdefgh", "y"});
  CHECK_FALSE(execve.is_simple());
}

TEST_CASE("arguments go on from record to record, in the middle of a piece too") {
  const EventOf of{
      {kExecve, R"(argc=3 a0="x" a1_len=4 a1[0]="ab")"}, {kExecve, R"(a1[1]="cd")"}, {kExecve, R"(a2="y")"}};
  Execve execve;
  execve.read(of.decoded);
  CHECK(arguments(execve) == std::vector<std::string>{"x", "abcd", "y"});
  CHECK_FALSE(execve.is_simple());
}

TEST_CASE("arguments that are missing show in argc") {
  const EventOf of{{kExecve, R"(argc=5 a0="x" a3="y")"}};
  Execve execve;
  execve.read(of.decoded);
  CHECK(arguments(execve) == std::vector<std::string>{"x", "y"});
  CHECK(execve.argc() == 5);
  CHECK_FALSE(execve.is_simple());
}

TEST_CASE("numbers that are spelled in another way are read, but are not simple") {
  for (const char* const body : {R"(argc=01 a0="x")", R"(argc="1" a0="x")", R"(argc=1 a00="x")", R"(a0="x" argc=1)",
                                 R"(argc=1 argc=1 a0="x")", R"(a0="x")", R"(argc=1 a0="x" b=1)"}) {
    INFO(body);
    const EventOf of{{kExecve, body}};
    Execve execve;
    execve.read(of.decoded);
    CHECK(arguments(execve) == std::vector<std::string>{"x"});
    CHECK_FALSE(execve.is_simple());
  }
}

TEST_CASE("names that only look like arguments are none") {
  const EventOf of{{kExecve, R"(argc=1 a0="x" auid=1 a="1" a99999999999="2" a1x="3" a0_lengh=4)"}};
  Execve execve;
  execve.read(of.decoded);
  CHECK(arguments(execve) == std::vector<std::string>{"x"});
}

TEST_CASE("70,000 arguments in many records are all there") {
  constexpr int kMany = 70'000;
  correlate::Event event;
  std::string body = "argc=" + std::to_string(kMany);
  for (int i = 0; i < kMany; ++i) {
    body += " a" + std::to_string(i) + "=\"" + std::to_string(i) + '"';
    if (body.size() > 7500 || i == kMany - 1) {
      event.append(kExecve, body, 0);
      body.clear();
    }
  }
  DecodedEvent decoded;
  decoded.decode(event);
  Execve execve;
  execve.read(decoded);
  REQUIRE(execve.size() == kMany);
  CHECK(execve[0] == "0");
  CHECK(execve[kMany - 1] == std::to_string(kMany - 1));
  CHECK(execve.argc() == kMany);
}

}  // namespace
}  // namespace naudit::interpret
