// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/doctor/report.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <rapidjson/document.h>

#include "ctl/doctor/looks.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"

using Catch::Matchers::Contains;

namespace naudit::ctl {
namespace {

std::vector<Verdict> made() {
  return {{find_check("locked"), Outcome::found(Level::kNote, "It is locked", {"reboot"})},
          {find_check("sinks"), Outcome::found(Level::kCritical, "The sink 'a\x1b[31m\u202e' delivers nothing",
                                               {"nauditctl sinks", "look"})},
          {find_check("lost"), Outcome::unknown("only root can ask the kernel")},
          {find_check("stall"), Outcome::unknown("only root can ask the kernel")},
          {find_check("disk"), Outcome::unrelated("nothing is written to a disk here")},
          {find_check("clock"), Outcome::well()}};
}

}  // namespace

TEST_CASE("what is gravest comes first, and what is from outside is escaped") {
  CHECK(doctor_text(made(), {}) ==
        "critical: The sink 'a\\x1b[31m\\xe2\\x80\\xae' delivers nothing [sinks]\n"
        "  What a sink cannot deliver waits in its queue or spool, and is lost when that is full.\n"
        "  fix: nauditctl sinks\n"
        "       look\n"
        "\n"
        "note: It is locked [locked]\n"
        "  A changed rule file takes effect at the next boot only.\n"
        "  fix: reboot\n"
        "\n"
        "not looked at: lost, stall: only root can ask the kernel\n"
        "\n"
        "1 critical, 1 note; of 6 checks: 1 well, 2 not looked at, 1 not applying here\n");
}

TEST_CASE("on a terminal sentences are broken, commands are not, and levels have colours") {
  const std::string text = doctor_text(made(), {.width = 40, .colour = true});
  CHECK_THAT(text, Contains("\033[1;31mcritical\033[0m: The sink"));
  CHECK_THAT(text, Contains("\033[36mnote\033[0m: It is locked"));
  CHECK_THAT(text, Contains("\n  What a sink cannot deliver waits in\n  its queue or spool, and is lost when\n"));
}

TEST_CASE("the exit status is that of a monitoring plugin") {
  std::vector<Verdict> verdicts = made();
  CHECK(static_cast<int>(exit_status(verdicts)) == 2);
  verdicts[1].outcome.findings[0].level = Level::kWarning;
  CHECK(static_cast<int>(exit_status(verdicts)) == 1);
  verdicts[1].outcome.findings[0].level = Level::kNote;
  CHECK(static_cast<int>(exit_status(verdicts)) == 3);
  verdicts[2].outcome = verdicts[3].outcome = Outcome::well();
  CHECK(static_cast<int>(exit_status(verdicts)) == 0);
}

TEST_CASE("the JSON is one line, and has every check with its result") {
  const std::string text = doctor_json(made());
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(text.find('\x1b') == std::string::npos);
  rapidjson::Document json;
  json.Parse(text.c_str());
  REQUIRE(json.IsObject());
  CHECK(json["version"].GetInt() == 1);
  CHECK(std::string(json["status"].GetString()) == "critical");
  CHECK(json["exit_code"].GetInt() == 2);
  CHECK(json["counts"]["critical"].GetUint64() == 1);
  CHECK(json["counts"]["not_looked_at"].GetUint64() == 2);
  std::string lines;
  for (const auto& check : json["checks"].GetArray()) {
    lines += std::string(check["id"].GetString()) + ' ' + check["result"].GetString();
    if (check.HasMember("reason")) lines += std::string(": ") + check["reason"].GetString();
    for (const auto& finding : check["findings"].GetArray())
      for (const auto& line : finding["fix"].GetArray())
        lines += std::string("; ") + finding["level"].GetString() + ' ' + line.GetString();
    lines += '\n';
  }
  CHECK(lines ==
        "locked note; note reboot\n"
        "sinks critical; critical nauditctl sinks; critical look\n"
        "lost not-looked-at: only root can ask the kernel\n"
        "stall not-looked-at: only root can ask the kernel\n"
        "disk does-not-apply: nothing is written to a disk here\n"
        "clock well\n");
}

TEST_CASE("a word for a shell is one word, whatever is in it") {
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("'; rm -rf $HOME") == R"(''\''; rm -rf $HOME')");
}

TEST_CASE("docs/doctor.md is the table of the checks") {
  const std::string path = NAUDIT_SOURCE_DIR "/docs/doctor.md";
  const std::string wanted = doctor_page();
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  if (update) std::ofstream(path) << wanted;
  std::ifstream file(path);
  const std::string is(std::istreambuf_iterator<char>(file), {});
  INFO("UPDATE_GOLDEN=1 build/dev/tests/ctl_test \"docs/doctor.md*\" writes it");
  CHECK(naudit::tests::difference(wanted, is) == "");
}

}  // namespace naudit::ctl
