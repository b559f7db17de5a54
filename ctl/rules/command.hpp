// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

namespace CLI {
class App;
}

namespace naudit::ctl {

// `nauditctl rules`, and below it each of its commands, which has ctl/rules/<name>.cpp and its place in command.cpp.
void add_rules_command(CLI::App& app, int& exit_code);

// Exit codes: 0, and 1 for trouble; where that means more, it says so.

void add_list_command(CLI::App& rules, int& exit_code);
// 1: there are errors. Advice does not change it.
void add_check_command(CLI::App& rules, int& exit_code);
// 1: there is a difference.
void add_diff_command(CLI::App& rules, int& exit_code);
// 1: something could not be loaded, or waits for the next boot.
void add_apply_command(CLI::App& rules, int& exit_code);
void add_explain_command(CLI::App& rules, int& exit_code);
// 1: a line was not taken over.
void add_import_command(CLI::App& rules, int& exit_code);
// 1: there was something that auditctl cannot be told.
void add_export_command(CLI::App& rules, int& exit_code);
void add_generate_command(CLI::App& rules, int& exit_code);
// `stats`: needs a nauditd that runs.
void add_rule_stats_command(CLI::App& rules, int& exit_code);

}  // namespace naudit::ctl
