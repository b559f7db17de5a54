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

using Places = std::vector<std::string>;

// The arguments, those that are not known as "?", then the places that are missing, and those that are too many.
struct Told {
  Told(EventOf::Records records) : of(records) {
    const Execve& execve = of.decoded.execve();
    for (std::size_t i = 0; i < execve.size(); ++i) {
      argv.emplace_back(execve.is_missing(i) ? "?" : execve[i]);
      if (execve.is_cut(i)) argv.back() += '~';
    }
    missing = execve.missing();
    unexpected = execve.unexpected();
    CHECK_FALSE(execve.is_simple());
    CHECK(execve.is_whole() == (missing.empty() && unexpected.empty()));
    CHECK((of.decoded.incomplete() == correlate::Incomplete::kBrokenArguments) == !execve.is_whole());
  }

  EventOf of;
  Places argv, missing, unexpected;
};

TEST_CASE("a number that is left out inside a record is an empty argument of an old kernel") {
  const Told inside{{kExecve, R"(argc=4 a0="grep" a2="f" a3="g")"}};
  CHECK(inside.argv == Places{"grep", "", "f", "g"});
  CHECK(inside.missing.empty());
  const Told last{{kExecve, R"(argc=5 a0="x" a3="y")"}};
  CHECK(last.argv == Places{"x", "", "", "y"});
  CHECK(last.missing == Places{"a4"});
  // As many as that are damage.
  const Told many{{kExecve, R"(argc=4000000001 a0="x" a4000000000="y")"}};
  CHECK(many.argv == Places{"x", "?", "y"});
  CHECK(many.missing == Places{"a1..a3999999999"});
}

TEST_CASE("arguments of a record that did not come are missing, and not glued over") {
  const Told middle{{kExecve, R"(argc=6 a0="x" a1="y")"}, {kExecve, R"(a4="z" a5="w")"}};
  CHECK(middle.argv == Places{"x", "y", "?", "z", "w"});
  CHECK(middle.missing == Places{"a2..a3"});
  const Told first{{kExecve, R"(a1="y" a2="z")"}};
  CHECK(first.argv == Places{"?", "y", "z"});
  CHECK(first.missing == Places{"a0", "argc"});
  const Told last{{kExecve, R"(argc=3 a0="x" a1="y")"}};
  CHECK(last.argv == Places{"x", "y"});
  CHECK(last.missing == Places{"a2"});
}

TEST_CASE("a piece that did not come ends its argument") {
  const Told middle{{kExecve, "argc=3 a0=\"sh\" a1=\"-c\" a2_len=36 a2[0]=6563686F2027"},
                    {kExecve, "a2[2]=2F7573722F"}};
  CHECK(middle.argv == Places{"sh", "-c", "echo '~"});
  CHECK(middle.missing == Places{"a2[1]"});
  const Told first{{kExecve, "argc=2 a0=\"sh\""}, {kExecve, "a1[1]=\"b\" a1[2]=\"c\""}};
  CHECK(first.argv == Places{"sh", "?"});
  CHECK(first.missing == Places{"a1[0]"});
  const Told last{{kExecve, "argc=3 a0=\"sh\" a1_len=9 a1[0]=\"abc\" a1[1]=\"def\" a2=\"x\""}};
  CHECK(last.argv == Places{"sh", "abcdef~", "x"});
  CHECK(last.missing == Places{"a1[2].."});
  const Told several{{kExecve, "argc=2 a0=\"sh\" a1_len=90 a1[0]=\"abc\" a1[4]=\"d\" a1[6]=\"e\""}};
  CHECK(several.argv == Places{"sh", "abc~"});
  CHECK(several.missing == Places{"a1[1]..a1[3]", "a1[5]"});
  const Told none{{kExecve, "argc=3 a0=\"sh\" a1_len=90 a2=\"x\""}};
  CHECK(none.argv == Places{"sh", "?", "x"});
  CHECK(none.missing == Places{"a1[0].."});
}

TEST_CASE("a length is that of the text, or of its hexadecimal digits") {
  CHECK(Told{{kExecve, "argc=1 a0_len=6 a0[0]=616263 a0[1]=646566"}}.missing.empty());
  CHECK(Told{{kExecve, "argc=1 a0_len=12 a0[0]=616263 a0[1]=646566"}}.missing.empty());
  CHECK(Told{{kExecve, "argc=1 a0_len=6 a0[0]=\"abc\" a0[1]=646566"}}.missing.empty());
  CHECK(Told{{kExecve, "argc=1 a0_len=13 a0[0]=616263 a0[1]=646566"}}.missing == Places{"a0[2].."});
  CHECK(Told{{kExecve, "argc=1 a0_len=7 a0[0]=\"abc\" a0[1]=\"def\""}}.missing == Places{"a0[2].."});
}

TEST_CASE("an argument that stands there twice is one; with another text it is told") {
  const Told same{{kExecve, R"(argc=2 a0="x" a1="y")"}, {kExecve, R"(argc=2 a0="x" a1="y")"}};
  CHECK(same.argv == Places{"x", "y"});
  CHECK(same.missing.empty());
  CHECK(same.unexpected.empty());
  const Told other{{kExecve, R"(argc=1 a0="id")"}, {kExecve, R"(argc=2 a0="su" a1="-")"}};
  CHECK(other.argv == Places{"id", "-"});
  CHECK(other.unexpected == Places{"argc", "a0", "a1"});
  const Told piece{{kExecve, "argc=1 a0_len=4 a0[0]=\"ab\" a0[0]=\"xx\" a0[1]=\"cd\""}};
  CHECK(piece.argv == Places{"abcd"});
  CHECK(piece.unexpected == Places{"a0[0]"});
  const Told beyond{{kExecve, R"(argc=1 a0="x" a1="y" a2="z")"}};
  CHECK(beyond.unexpected == Places{"a1..a2"});
}

TEST_CASE("of many places the first are named") {
  std::string body = "argc=1000 a0=\"x\"";
  EventOf of{{kExecve, body}};
  for (int i = 2; i < 1000; i += 2) of.event.append(kExecve, "audit(1.000:2): a" + std::to_string(i) + "=1", 16);
  of.decoded.decode(of.event);
  CHECK(of.decoded.execve().missing().size() == Execve::kMostPlaces);
  CHECK(of.decoded.execve().missing().front() == "a1");
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
