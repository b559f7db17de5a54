// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/transaction.hpp"

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
  TransactionReport load(const std::vector<std::string>& lines, bool lenient = false) {
    set = RuleSet();
    std::vector<base::Problem> problems;
    std::string text;
    for (const std::string& line : lines) text += line + '\n';
    read_auditctl_rules(text, "r.rules", test::machine(), false, set, problems);
    REQUIRE(problems.empty());
    wanted = set.rules();
    return load_into_kernel(set, wanted, kernel, settings, {state(), false, lenient});
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
  const TransactionReport report = loader.load({kOne, kTwo, "-b 100", "-e 2"}, true);
  CHECK(report.problems.size() == 1);
  CHECK(report.added == 1);
  CHECK(loader.kernel.rules.size() == 1);
  CHECK(loader.settings.log == std::vector<std::string>{"backlog_limit 100"});
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
