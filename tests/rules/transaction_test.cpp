// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/transaction.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "rules/kernel/owned.hpp"
#include "rules/read.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::rules {
namespace {

using test::FakeKernel;
using test::FakeSettings;

const char* const kOne = "-a always,exit -F arch=b64 -S mkdir -F key=one";
const char* const kTwo = "-a always,exit -F arch=b64 -S rmdir -F key=two";

class Loader {
 public:
  TransactionReport load(const std::vector<std::string>& lines, OnRefusal on_refusal = OnRefusal::kTakeBack,
                         bool is_part = false) {
    set = RuleSet();
    std::vector<base::Problem> problems;
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    read_auditctl_rules(text, "r.rules", test::machine(), false, set, problems);
    REQUIRE(problems.empty());
    wanted = set.rules();
    return load_into_kernel(set, wanted, kernel, settings, {state(), false, on_refusal, is_part});
  }
  std::string state() { return owned_path(directory.file("state")); }

  tests::TempDir directory;
  FakeKernel kernel;
  FakeSettings settings;
  RuleSet set;
  std::vector<WantedRule> wanted;
};

TEST_CASE("a locked kernel is asked for nothing, and the report has what waits") {
  Loader loader;
  loader.kernel.rules = {test::rule(kOne).rule};
  loader.settings.now.enabled = 2;
  const TransactionReport report = loader.load({kTwo, "-b 8192", "-e 2"});
  CHECK(report.locked);
  CHECK(report.problems.empty());
  CHECK(report.plan.missing == 1);
  CHECK(loader.kernel.log.empty());
  CHECK(loader.settings.log.empty());
  CHECK(read_owned(loader.state()).size() == 0);
}

TEST_CASE("settings follow the rules, the lock last; what is so already is not sent") {
  Loader loader;
  loader.settings.now.failure = 1;
  loader.settings.now.enabled = 1;
  CHECK(loader.load({"-e 2", "-f 1", "-b 8192", kOne}).problems.empty());
  CHECK(loader.settings.log == std::vector<std::string>{"backlog_limit 8192", "enabled 2"});
  loader.settings.log.clear();
  loader.settings.now.enabled = 1;
  CHECK(loader.load({"-f 1", "-b 8192", kOne, "--loginuid-immutable"}).problems.empty());
  CHECK(loader.settings.log == std::vector<std::string>{"loginuid_immutable"});
  loader.settings.log.clear();
  loader.kernel.log.clear();
  CHECK(loader.load({"-f 1", "-b 8192", kOne, "--loginuid-immutable"}).problems.empty());
  CHECK(loader.settings.log.empty());
  CHECK(loader.kernel.log.empty());
}

TEST_CASE("after a refusal the kernel is neither changed nor locked, and the place is told") {
  Loader loader;
  loader.kernel.refuse = test::rule(kTwo).rule;
  const TransactionReport report = loader.load({kOne, kTwo, "-e 2"});
  REQUIRE(report.problems.size() == 1);
  CHECK_THAT(report.problems[0].text(),
             Catch::StartsWith("r.rules:2:1: the kernel refuses to add " + std::string(kTwo)));
  CHECK(loader.kernel.rules.empty());
  CHECK(loader.settings.log.empty());
}

TEST_CASE("when lenient the others are loaded, but a set with a problem does not lock") {
  Loader loader;
  loader.kernel.refuse = test::rule(kTwo).rule;
  const TransactionReport report = loader.load({kOne, kTwo, "-b 100", "-e 2"}, OnRefusal::kLeaveOut);
  CHECK(report.problems.size() == 1);
  CHECK(report.added == 1);
  CHECK(loader.kernel.rules.size() == 1);
  CHECK(loader.settings.log == std::vector<std::string>{"backlog_limit 100"});
}

const char* const kHome = "-a always,exit -F arch=b64 -F path=/home/jo/.ssh/keys -F perm=wa -F key=home";
const char* const kShare = "-a always,exit -F arch=b64 -F dir=/srv/share -F perm=wa -F key=share";
const char* const kProgram = "-a always,exit -F arch=b64 -S execve -F exe=/opt/tool -F key=tool";

TEST_CASE("a path that the kernel cannot look up leaves out its rule only, whatever the error") {
  for (const auto why : {std::errc::permission_denied, std::errc::no_such_file_or_directory, std::errc::not_a_directory,
                         std::errc::too_many_symbolic_link_levels, std::errc::filename_too_long,
                         std::errc::invalid_argument, std::errc::io_error}) {
    for (const char* const line : {kHome, kShare, kProgram}) {
      CAPTURE(line, std::make_error_code(why).message());
      Loader loader;
      REQUIRE(loader.load({kOne}).added == 1);
      loader.kernel.refuse = test::rule(line).rule;
      loader.kernel.refusal = why;
      const TransactionReport report = loader.load({line, kTwo});
      CHECK_FALSE(report.rolled_back);
      CHECK(report.added == 1);
      CHECK(report.removed == 1);
      REQUIRE(report.problems.size() == 1);
      CHECK_THAT(report.problems[0].text(), Catch::StartsWith("r.rules:1:1: the kernel refuses to add "));
      REQUIRE(loader.kernel.rules.size() == 1);
      CHECK(identity(loader.kernel.rules[0]) == identity(test::rule(kTwo).rule));
      // It is there again.
      loader.kernel.refuse.reset();
      CHECK(loader.load({line, kTwo}).problems.empty());
      CHECK(loader.kernel.rules.size() == 2);
    }
  }
}

TEST_CASE("a rule without a path, and an error that no path causes, take everything back") {
  for (const auto why : {std::errc::permission_denied, std::errc::invalid_argument}) {
    Loader loader;
    loader.kernel.refuse = test::rule(kTwo).rule;
    loader.kernel.refusal = why;
    CHECK(loader.load({kOne, kTwo}).rolled_back);
    CHECK(loader.kernel.rules.empty());
  }
  Loader loader;
  loader.kernel.refuse = test::rule(kHome).rule;
  loader.kernel.refusal = std::errc::not_enough_memory;
  CHECK(loader.load({kOne, kHome}).rolled_back);
}

TEST_CASE("a path does not decide whether the kernel is locked, any other refusal does") {
  Loader loader;
  loader.kernel.refuse = test::rule(kHome).rule;
  loader.kernel.refusal = std::errc::permission_denied;
  CHECK(loader.load({kOne, kHome, "-e 2"}).problems.size() == 1);
  CHECK(loader.settings.log == std::vector<std::string>{"enabled 2"});
}

TEST_CASE("what is no longer wanted stays if asked, when a rule is refused that may replace it") {
  Loader loader;
  REQUIRE(loader.load({kOne}).added == 1);
  loader.kernel.refuse = test::rule(kTwo).rule;
  const TransactionReport report =
      loader.load({kTwo, "-a always,exit -F arch=b64 -S link -F key=new"}, OnRefusal::kKeep);
  CHECK(report.added == 1);
  CHECK(report.removed == 0);
  CHECK(loader.kernel.rules.size() == 2);
  // It is still known as ours.
  loader.kernel.refuse.reset();
  CHECK(loader.load({kTwo}).removed == 2);
  CHECK(loader.kernel.rules.size() == 1);
}

TEST_CASE("a part of the rules removes nothing and does not lock, and ours stay known") {
  Loader loader;
  REQUIRE(loader.load({kOne, kTwo}).added == 2);
  const TransactionReport part =
      loader.load({"-a always,exit -F arch=b64 -S link -F key=new", "-e 2"}, OnRefusal::kKeep, true);
  CHECK(part.added == 1);
  CHECK(part.plan.unwanted == 0);
  CHECK(loader.kernel.rules.size() == 3);
  CHECK(loader.settings.log.empty());
  CHECK(loader.load({kOne}).removed == 2);
  CHECK(loader.kernel.rules.size() == 1);
}

TEST_CASE("rules are loaded, changed and removed where their list cannot be written, and that is told") {
  Loader loader;
  loader.directory.write("state", "a file where the folder should be");
  const TransactionReport report = loader.load({kOne, kTwo, "-b 100"});
  CHECK(report.added == 2);
  CHECK(report.problems.empty());
  CHECK_THAT(report.not_remembered, Catch::Contains("rules.loaded: the list of our rules cannot be written"));
  CHECK(loader.kernel.rules.size() == 2);
  CHECK(loader.settings.log == std::vector<std::string>{"backlog_limit 100"});
  // Once it can, it is, with nothing to change in the kernel.
  std::filesystem::remove(loader.directory.file("state"));
  const TransactionReport again = loader.load({kOne, kTwo, "-b 100"});
  CHECK(again.added == 0);
  CHECK(again.not_remembered.empty());
  CHECK(read_owned(loader.state()).size() == 2);
  CHECK(loader.load({kTwo}).removed == 1);
}

TEST_CASE("a list of our rules that others could have made decides nothing, and stays for whoever looks") {
  Loader loader;
  REQUIRE(loader.load({kOne, kTwo}).added == 2);
  SECTION("others can write it") {
    REQUIRE(::chmod(loader.state().c_str(), 0606) == 0);
  }
  SECTION("it has a second name") {
    std::filesystem::create_hard_link(loader.state(), loader.directory.file("other"));
  }
  SECTION("a link leads to it") {
    std::filesystem::rename(loader.state(), loader.directory.file("other"));
    std::filesystem::create_symlink(loader.directory.file("other"), loader.state());
  }
  CHECK(read_owned(loader.state()).size() == 0);
  const TransactionReport report = loader.load({kOne});
  CHECK(report.removed == 0);  // nobody knows whose the other one is
  CHECK_THAT(report.not_remembered, Catch::Contains("the list of our rules is not written: "));
  CHECK(loader.kernel.rules.size() == 2);
}

TEST_CASE("one sentence says how many rules a locked kernel keeps waiting") {
  CHECK(locked_text(1) == "locked: 1 rule waits for a reboot");
  CHECK(locked_text(61) == "locked: 61 rules wait for a reboot");
}

TEST_CASE("ours are known by the next loader, and go when they are not wanted any more") {
  Loader loader;
  loader.kernel.rules = {test::rule("-a always,exit -S 9 -F key=theirs").rule};
  CHECK(loader.load({kOne, kTwo}).added == 2);
  const TransactionReport report = loader.load({kTwo});
  CHECK(report.removed == 1);
  CHECK(report.plan.foreign.size() == 1);
  CHECK(loader.kernel.rules.size() == 2);
}

TEST_CASE("a loader that is killed while it moves rules leaves no bridge behind") {
  for (int steps = 0; steps < 12; ++steps) {
    CAPTURE(steps);
    Loader loader;
    REQUIRE(loader.load({kOne, kTwo}).added == 2);
    loader.kernel.dead_after = loader.kernel.calls + steps;
    loader.load({kTwo, "-a always,exit -F arch=b64 -S link -F key=new", kOne});
    loader.kernel.dead_after.reset();
    CHECK(loader.load({kTwo, kOne}).problems.empty());
    REQUIRE(loader.kernel.rules.size() == 2);
    CHECK(identity(loader.kernel.rules[0]) == identity(test::rule(kTwo).rule));
  }
}

}  // namespace
}  // namespace naudit::rules
