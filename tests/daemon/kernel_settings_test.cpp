// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fstream>

#include "daemon/kernel/settings.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/read.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using Catch::Matchers::Contains;

namespace {

rules::RuleSet rules_of(const std::string& text) {
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  rules::read_auditctl_rules(text, "a.rules", rules::system_environment(), false, set, problems);
  REQUIRE(problems.empty());
  return set;
}

config::Loaded yaml(const std::string& kernel) {
  return config::parse("kernel: {" + kernel + "}\nsinks: [{name: log, type: file, path: /x}]\n", "nauditd.yaml",
                       output::kinds());
}

}  // namespace

TEST_CASE("what nauditd.yaml names counts; what the rule file says against it is told with its place") {
  rules::RuleSet set = rules_of("-b 100\n-r 7\n-e 0\n");
  const auto wanted = daemon::kernel_settings(yaml("backlog_limit: 200, rate_limit: 7, enabled: true"), set);
  CHECK(wanted.values.backlog_limit == 200U);
  CHECK(set.settings.backlog_limit == 200U);
  CHECK(wanted.values.rate_limit == 7U);
  CHECK(set.settings.enabled == 1U);
  REQUIRE(set.notes().size() == 2);
  CHECK(set.notes()[0].text().starts_with("a.rules:3"));
  CHECK_THAT(set.notes()[0].text(), Contains("enabled 0 is of no effect: nauditd.yaml:1:") && Contains("sets it to 1"));
  CHECK(set.notes()[1].text().starts_with("a.rules:1"));
  CHECK_THAT(set.notes()[1].text(), Contains("backlog_limit 100 is of no effect") && Contains("sets it to 200"));
}

TEST_CASE("a rule file counts where nauditd.yaml only has its default, or keeps the kernel's") {
  rules::RuleSet set = rules_of("-b 100\n-b 101\n-e 0\n-f 0\n");
  const auto wanted = daemon::kernel_settings(yaml("enabled: keep"), set);
  CHECK(wanted.values.backlog_limit == 101U);
  CHECK(wanted.values.enabled == 0U);
  CHECK(wanted.values.failure == 0U);
  CHECK(wanted.values.backlog_wait_time == 0U);
  CHECK_FALSE(wanted.values.rate_limit);
  CHECK(set.notes().empty());
}

TEST_CASE("the lock is no value: it stays with the rule files, whatever nauditd.yaml says") {
  rules::RuleSet set = rules_of("-e 2\n");
  const auto wanted = daemon::kernel_settings(yaml("enabled: true"), set);
  CHECK(wanted.values.enabled == 1U);
  CHECK(set.settings.enabled == 2U);
  CHECK(set.notes().empty());
}

TEST_CASE("the place of a setting in YAML is its own") {
  rules::RuleSet set;
  const tests::TempDir directory;
  const std::string path = directory.file("r.yaml");
  std::ofstream(path) << "kernel:\n  failure: silent\n  backlog_limit: 5\nrules: []\n";
  set = rules::read_rules(std::vector<std::string>{path}, rules::system_environment(), {.check_permissions = false});
  static_cast<void>(daemon::kernel_settings(yaml("backlog_limit: 66"), set));
  REQUIRE(set.notes().size() == 1);
  CHECK(set.notes()[0].text().starts_with(path + ":3:"));
}
