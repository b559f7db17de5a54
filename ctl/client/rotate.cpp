// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/rotate.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "ctl/client/connection.hpp"

namespace naudit::ctl {

void add_rotate_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("rotate", "Makes every file sink start a new file");
  const auto path = std::make_shared<std::string>();
  add_socket_option(*command, *path);
  command->callback([path, &exit_code] {
    ControlClient(*path).ask(R"({"command":"rotate"})");
    exit_code = 0;
  });
}

}  // namespace naudit::ctl
