// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// nauditctl under the name bsmconv, and `nauditctl convert --format bsm`.
#include <unistd.h>

#include <algorithm>
#include <string>

#include "tests/ctl/convert/convert_run.hpp"
#include "tests/support/bsm_trail.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/frames.hpp"

namespace naudit::ctl {
namespace {

using test::convert_text;
using test::Outcome;
using test::TempDir;

// What stands for itself is whole at once, the call only with the end of the log.
const std::string kLog =
    "node=web1 type=USER_LOGIN msg=audit(1700000000.000:6): pid=1 uid=0 auid=0 ses=1 msg='op=login acct=\"jo\" "
    "res=failed'\n"
    "node=web1 type=SYSCALL msg=audit(1700000000.093:7): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 "
    "a3=4 "
    "pid=5 auid=1000 uid=0 comm=6120620A63 key=\"exec\"\n"
    "node=web1 type=CWD msg=audit(1700000000.093:7): cwd=\"/root\"\n";

Outcome bsmconv(const std::string& text, std::vector<std::string> arguments) {
  const TempDir directory;
  directory.write("log", text);
  const std::string program = directory.file("bsmconv");
  REQUIRE(symlink(NAUDIT_NAUDITCTL, program.c_str()) == 0);
  arguments.push_back(directory.file("log"));
  return test::run(program, std::move(arguments));
}

TEST_CASE("bsmconv writes a trail: a file token, the records, a file token") {
  const Outcome outcome = bsmconv(kLog, {});
  CHECK(outcome.code == 0);
  CHECK(outcome.error.empty());
  const tests::BsmTrail trail = tests::read_bsm(outcome.out);
  CHECK_THAT(trail.wrong, Catch::Matchers::Equals(""));
  CHECK(trail.files == std::vector<std::string>{"", ""});
  REQUIRE(trail.records.size() == 2);
  CHECK(trail.records[0].event == 6152);
  CHECK(trail.records[1].sequence() == 7);
  CHECK(trail.records[1].event == 23);
  CHECK(trail.records[1].millis == 93);

  const tests::BsmTrail same = tests::read_bsm(convert_text(kLog, {"--format", "bsm"}).out);
  REQUIRE(same.records.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) CHECK(same.records[i].bytes == trail.records[i].bytes);
}

TEST_CASE("bsmconv takes the format's options, a machine and a file to write") {
  const TempDir directory;
  const std::string file = directory.file("x.bsm");
  const Outcome outcome =
      bsmconv(kLog, {"--option", "event_numbers=null", "--option", "cwd=text", "--node", "other", "-o", file});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.empty());
  const tests::BsmTrail trail = tests::read_bsm(test::read_all(file));
  CHECK_THAT(trail.wrong, Catch::Matchers::Equals(""));
  CHECK(trail.files == std::vector<std::string>{file, file});
  REQUIRE(trail.records.size() == 2);
  CHECK(trail.records[1].event == 0);
  CHECK(trail.records[1].find(tests::bsm_token::kPath) == nullptr);
  CHECK(trail.records[0].find(tests::bsm_token::kZone)->texts[0] == "web1");  // the record's own
  CHECK(bsmconv(kLog, {"--option", "event_numbers=some"}).code != 0);
  CHECK(bsmconv(kLog, {"--format", "json"}).code == 2);
}

TEST_CASE("bsmconv -v prints what was read, one field a line, whatever is in it") {
  const std::string tree =
      "event 1700000000.000:6 node=web1\n"
      "  record USER_LOGIN\n"
      "    pid = 1\n"
      "    auid = 7\n"
      "    msg\n"
      "      op = login\n"
      "      acct = jo\n"
      "      res = failed\n"
      "event 1700000000.093:7 node=web1 incomplete=no_syscall\n"
      "  record CWD\n"
      "    cwd = /a\\x0ab\n";
  const std::string log =
      "node=web1 type=USER_LOGIN msg=audit(1700000000.000:6): pid=1 auid=7 msg='op=login acct=\"jo\" res=failed'\n"
      "node=web1 type=CWD msg=audit(1700000000.093:7): cwd=2F610A62\n";
  CHECK(bsmconv(log, {"-v"}).out == tree);
  CHECK(convert_text(log, {"-v"}).out == tree);
  CHECK(convert_text(log, {"-v", "--jobs", "3"}).out == tree);
}

TEST_CASE("a captured stream of audisp-remote gives the same trail as the log") {
  const std::string record = "type=USER_LOGIN msg=audit(1700000001.000:8): pid=1 uid=0 msg='op=login res=failed'";
  const std::string plain = convert_text(record + "\n", {"--format", "bsm"}).out;
  const std::string framed = convert_text(tests::remote_frame(record, 1), {"--format", "bsm"}).out;
  const tests::BsmTrail left = tests::read_bsm(plain);
  const tests::BsmTrail right = tests::read_bsm(framed);
  REQUIRE(left.records.size() == 1);
  REQUIRE(right.records.size() == 1);
  CHECK(left.records[0].bytes == right.records[0].bytes);
}

TEST_CASE("our own JSON gives the same trail, and the names that it tells") {
  const std::string log =
      "type=USER_LOGIN msg=audit(1700000001.000:8): pid=1 uid=0 auid=1000 msg='op=login acct=\"jo\" res=failed'"
      "\x1d"
      "UID=\"root\" AUID=\"jo\"\n";
  const tests::BsmTrail straight = tests::read_bsm(convert_text(log, {"--format", "bsm"}).out);
  const tests::BsmTrail through = tests::read_bsm(convert_text(test::json_of(log), {"--format", "bsm"}).out);
  REQUIRE(straight.records.size() == 1);
  REQUIRE(through.records.size() == 1);
  auto texts = through.records[0].texts();
  for (const std::string& text : straight.records[0].texts()) {
    INFO(text);
    CHECK(std::ranges::count(texts, text) >= 1);
  }
  CHECK(straight.records[0].find(tests::bsm_token::kSubject32)->numbers ==
        through.records[0].find(tests::bsm_token::kSubject32)->numbers);
}

}  // namespace
}  // namespace naudit::ctl
