// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/auditctl/auditctl.hpp"
#include "formats/registry.hpp"
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

test::Outcome nauditctl(const std::vector<std::string>& arguments) {
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

TEST_CASE("auditctl's options are told from nauditctl's own words") {
  for (const char* option : {"-l", "-a", "-w/etc", "--signal=TERM", "--reset-lost", "-R"})
    CHECK(is_auditctl_option(option));
  for (const char* word : {"-h", "--help", "--version", "rules", "status", "-", ""})
    CHECK_FALSE(is_auditctl_option(word));
}

TEST_CASE("help and version need no right and no kernel") {
  CHECK(nauditctl({"--help"}).code == 0);
  CHECK_THAT(nauditctl({"rules", "--help"}).out, Catch::Contains("apply"));
  const std::string convert = nauditctl({"convert", "--help"}).out;
  for (const formats::Format& format : formats::all_formats())
    CHECK_THAT(convert, Catch::Contains(std::string(format.help)));
  CHECK_THAT(nauditctl({"--version"}).out, Catch::StartsWith("nauditctl "));
}

TEST_CASE("a wrong command is told with the nearest right one, and ends with 2") {
  struct Case {
    std::vector<std::string> words;
    std::string message;
  };
  const Case cases[] = {
      {{"stauts"}, "nauditctl: there is no command 'stauts'; did you mean 'status'?"},
      {{"rules", "lst"}, "nauditctl rules: there is no command 'lst'; did you mean 'list'?"},
      {{"rulez", "--help"}, "did you mean 'rules'?"},
      {{"physician", "--help"}, "nauditctl: there is no command 'physician'; there are: status, doctor, sinks, tail,"},
      {{"help", "tial"}, "did you mean 'tail'?"},
      {{"a\x1b[2J"}, "there is no command 'a\\x1b[2J'"},
      {{}, "nauditctl: a command is missing; there are: status,"},
      {{"rules"}, "nauditctl rules: a command is missing; there are: list,"},
      {{"status", "--jsno"}, "--jsno"},
      {{"tail", "--count", "none"}, "--count"},
  };
  for (const Case& one : cases) {
    const test::Outcome outcome = nauditctl(one.words);
    CHECK(outcome.code == 2);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.error, Catch::Contains(one.message));
  }
}

TEST_CASE("the word help shows the help of a command") {
  CHECK(nauditctl({"help"}).out == nauditctl({"--help"}).out);
  CHECK(nauditctl({"help", "rules", "check"}).out == nauditctl({"rules", "check", "--help"}).out);
  CHECK(nauditctl({"help", "tail"}).code == 0);
}

}  // namespace
}  // namespace naudit::ctl
