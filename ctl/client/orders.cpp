// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/json.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/console.hpp"

// What the daemon only has to say "ok" to.
namespace naudit::ctl {
namespace {

// The daemon knows the command by the same name. `done` is said when it has been carried out.
CLI::App* add_order(CLI::App& app, int& exit_code, const std::string& name, const std::string& help,
                    std::string_view done) {
  CLI::App* const command = app.add_subcommand(name, help);
  const auto path = std::make_shared<std::string>();
  add_socket_option(*command, *path);
  command->callback([path, name, done, &exit_code] {
    base::JsonWriter request;
    request.begin_object();
    request.member("command", name);
    request.end_object();
    ControlClient(*path).ask(request.take());
    out(done);
    exit_code = 0;
  });
  return command;
}

}  // namespace

void add_reload_command(CLI::App& app, int& exit_code) {
  add_order(app, exit_code, "reload", "Makes nauditd read its configuration and rules again",
            "The new configuration is in use.\n")
      ->footer(
          "All or nothing: if anything is wrong, every problem is printed with its place, the exit code is 1, and the\n"
          "daemon goes on with what it had. Where that is not possible (a watched path cannot be looked up, the rules "
          "are "
          "locked\n"
          "until a reboot, the kernel does not answer in time), the exit code is 1, too, and the message says what is "
          "in\n"
          "use now.");
}

void add_rotate_command(CLI::App& app, int& exit_code) {
  add_order(app, exit_code, "rotate", "Makes every file sink start a new file", "");
}

}  // namespace naudit::ctl
