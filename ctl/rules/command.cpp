// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/command.hpp"

#include <CLI/CLI.hpp>

namespace naudit::ctl {

void add_rules_command(CLI::App& app, int& exit_code) {
  CLI::App* const rules = app.add_subcommand("rules", "Lists, checks, compares and loads audit rules");
  rules->require_subcommand(1);
  // In the order of the help.
  for (auto* const add : {add_list_command, add_check_command, add_diff_command, add_apply_command, add_explain_command,
                          add_import_command, add_export_command, add_generate_command, add_rule_stats_command})
    add(*rules, exit_code);
}

}  // namespace naudit::ctl
