// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/subcommand.hpp"

#include <algorithm>
#include <span>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "config/yaml/document.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/console.hpp"
#include "ctl/convert/command.hpp"
#include "ctl/doctor/command.hpp"
#include "ctl/migrate/command.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/spool/command.hpp"
#include "ctl/top/command.hpp"

namespace naudit::ctl {
namespace {

constexpr int kExitWrongUse = 2;

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string listed_commands(const CLI::App& app) {
  std::string text;
  for (const CLI::App* const one : commands_of(app)) text += (text.empty() ? "" : ", ") + one->get_name();
  return text;
}

// What is wrong with the words that should name a command; empty if nothing is. CLI11 does not say which word it does
// not know, and prints the help of the whole program for a word that is followed by --help.
std::string wrong_command(const CLI::App& app, std::span<const std::string> words, const std::string& name) {
  const std::vector<const CLI::App*> commands = commands_of(app);
  if (commands.empty()) return {};
  if (words.empty())
    return name + ": a command is missing; there are: " + listed_commands(app) + ". See " + name + " --help";
  const std::string& word = words[0];
  if (word.starts_with('-')) return {};
  for (const CLI::App* const one : commands)
    if (one->get_name() == word) return wrong_command(*one, words.subspan(1), name + ' ' + word);
  std::vector<std::string_view> known;
  for (const CLI::App* const one : commands) known.push_back(one->get_name());
  const std::string_view near = config::nearest(word, known);
  return name + ": there is no command " + base::in_quotes(word) + "; " +
         (near.empty() ? "there are: " + listed_commands(app) : "did you mean " + base::in_quotes(near) + "?");
}

// "nauditctl help rules check" is "nauditctl rules check --help".
std::vector<std::string> without_help_word(std::vector<std::string> arguments) {
  if (arguments.empty() || arguments[0] != "help") return arguments;
  arguments.erase(arguments.begin());
  arguments.emplace_back("--help");
  return arguments;
}

}  // namespace

int run_subcommand(const std::vector<std::string>& arguments) {
  CLI::App app{
      "Controls nauditd and the kernel's audit system. Takes auditctl's options too: nauditctl -l, nauditctl -s."};
  app.name("nauditctl");
  app.set_version_flag("--version", std::string("nauditctl ") + NAUDIT_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  // In the order of the help.
  for (auto* const add : {add_status_command, add_doctor_command, add_sinks_command, add_tail_command, add_top_command,
                          add_metrics_command, add_rules_command, add_migrate_command, add_convert_command,
                          add_spool_command, add_reload_command, add_rotate_command})
    add(app, exit_code);

  const std::vector<std::string> words = without_help_word(arguments);
  if (const std::string wrong = wrong_command(app, words, app.get_name()); !wrong.empty()) {
    error(wrong);
    return kExitWrongUse;
  }
  // CLI11 takes the words from the back.
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& failure) {
    // The help and the version are "errors", too. CLI11's own numbers begin at 100.
    if (app.exit(failure) == 0) return 0;
    return app.got_subcommand("doctor") ? kDoctorWrongUse : kExitWrongUse;
  }
  return exit_code;
}

}  // namespace naudit::ctl
