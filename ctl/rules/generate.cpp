// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <memory>

#include <CLI/CLI.hpp>

#include "ctl/auditctl/augenrules.hpp"
#include "ctl/rules/command.hpp"

namespace naudit::ctl {

void add_generate_command(CLI::App& app, int& exit_code) {
  const auto wanted = std::make_shared<Augenrules>();
  wanted->program = "nauditctl rules generate";
  CLI::App* command =
      app.add_subcommand("generate", "Make one rule file of a directory of *.rules, as augenrules does");
  command->add_option("--source", wanted->source, "The directory")->capture_default_str();
  command->add_option("--target", wanted->target, "The file; written only when it changes, the old one kept as .prev")
      ->capture_default_str();
  command->add_flag("--check", wanted->only_check, "Only say whether the file would change");
  command->add_flag("--load", wanted->load, "Load the file afterwards, as auditctl -R does");
  command->callback([wanted, &exit_code] { exit_code = generate_rules(*wanted); });
}

}  // namespace naudit::ctl
