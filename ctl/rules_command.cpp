// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules_command.hpp"

#include <CLI/CLI.hpp>

namespace naudit::ctl {

void add_rules_command(CLI::App& app, int& exit_code) {
  (void)exit_code;
  CLI::App* rules = app.add_subcommand("rules", "Lists, checks and loads audit rules");
  rules->require_subcommand(1);
}

}  // namespace naudit::ctl
