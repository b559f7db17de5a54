// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/reload.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "ctl/client/connection.hpp"
#include "ctl/console.hpp"

namespace naudit::ctl {

void add_reload_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("reload", "Makes nauditd read its configuration and rules again");
  command->footer(
      "All or nothing: if anything is wrong, every problem is printed with its place, the exit code is 1, and the\n"
      "daemon goes on with what it had.");
  const auto path = std::make_shared<std::string>();
  add_socket_option(*command, *path);
  command->callback([path, &exit_code] {
    ControlClient(*path).ask(R"({"command":"reload"})");
    out("The new configuration is in use.\n");
    exit_code = 0;
  });
}

}  // namespace naudit::ctl
