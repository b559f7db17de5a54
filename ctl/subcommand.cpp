// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/subcommand.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "ctl/client/commands.hpp"
#include "ctl/convert/command.hpp"
#include "ctl/rules/command.hpp"

namespace naudit::ctl {

int run_subcommand(const std::vector<std::string>& arguments) {
  CLI::App app{
      "Controls nauditd and the kernel's audit system. Takes auditctl's options too: nauditctl -l, nauditctl -s."};
  app.name("nauditctl");
  app.set_version_flag("--version", std::string("nauditctl ") + NAUDIT_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  // In the order of the help.
  for (auto* const add : {add_status_command, add_tail_command, add_rules_command, add_convert_command,
                          add_reload_command, add_rotate_command})
    add(app, exit_code);

  // CLI11 takes the words from the back.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& failure) {
    return app.exit(failure);
  }
  return exit_code;
}

}  // namespace naudit::ctl
