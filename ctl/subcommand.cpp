// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/subcommand.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "ctl/client/reload.hpp"
#include "ctl/client/rotate.hpp"
#include "ctl/client/status.hpp"
#include "ctl/client/tail.hpp"
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
  // One line for each subcommand, in the order of the help.
  add_status_command(app, exit_code);
  add_tail_command(app, exit_code);
  add_rules_command(app, exit_code);
  add_convert_command(app, exit_code);
  add_reload_command(app, exit_code);
  add_rotate_command(app, exit_code);

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
