// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/explain.hpp"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/sources.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {
namespace {

struct Options {
  RuleFiles files;
  std::string rule;
};

int explain(const Options& options) {
  const rules::Environment environment = rules::system_environment();
  std::vector<rules::WantedRule> wanted;
  if (options.rule.empty()) {
    wanted = options.files.read(environment).rules();
  } else {
    rules::RuleSet set;
    std::vector<base::Problem> problems;
    rules::read_auditctl_rules(options.rule, "", environment, false, set, problems);
    if (!problems.empty()) throw base::Error(problems[0].message);
    wanted = set.rules();
  }
  for (const rules::WantedRule& rule : wanted) {
    const std::string place = options.rule.empty() ? "    # " + rule.place.text() : "";
    out(rules::rule_line(rule.rule, environment.native) + place + "\n    " + rules::explain(rule.rule) + '\n');
  }
  return 0;
}

}  // namespace

void add_explain_command(CLI::App& rules, int& exit_code) {
  CLI::App* const command = rules.add_subcommand("explain", "Say in words what the rules catch");
  const auto options = std::make_shared<Options>();
  options->files.add_to(*command);
  command->add_option("--rule", options->rule, "One rule in auditctl's syntax instead of files");
  command->callback([options, &exit_code] { exit_code = explain(*options); });
}

}  // namespace naudit::ctl
