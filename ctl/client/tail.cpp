// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "config/vocabulary.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/tail_request.hpp"
#include "ctl/console.hpp"

namespace naudit::ctl {
namespace {

bool write_out(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
}

int tail(const std::string& path, const TailOptions& options) {
  ControlClient client(path);
  client.ask(tail_request(options));
  const bool ended_by_daemon = client.stream(write_out);
  if (!ended_by_daemon || options.count > 0) return 0;
  error("nauditd has stopped.");
  return 1;
}

}  // namespace

void add_tail_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("tail", "Prints events as they happen, one line each, until Ctrl-C");
  command->footer(
      "An event is printed when it meets each option that is given. --key, --type, --syscall and --uid may be\n"
      "given several times; one of the values is then enough.\n"
      "A terminal that is too slow misses events, and says how many; the daemon and its sinks miss nothing.\n\n"
      "  nauditctl tail --key exec --outcome failure\n"
      "  nauditctl tail --json --uid 1000 | jq .how");
  const auto path = std::make_shared<std::string>();
  const auto options = std::make_shared<TailOptions>();
  add_socket_option(*command, *path);
  CLI::Option* const json = command->add_flag("--json", options->json, "As JSON, one object a line");
  command->add_flag("--raw", options->raw, "As the records that ausearch reads")->excludes(json);
  const auto list = [command](const char* name, std::vector<std::string>& values, const char* type, const char* help) {
    command->add_option(name, values, help)->type_name(type)->allow_extra_args(false);
  };
  list("--key", options->keys, "KEY", "Events of rules with this key");
  list("--type", options->types, "TYPE", "Events that have a record of this type, e.g. USER_LOGIN");
  list("--syscall", options->syscalls, "NAME", "Events of this system call, by name or number");
  list("--uid", options->uids, "USER", "Events of this user, by name or number; the login user counts too");
  command->add_option("--outcome", options->outcome, "Events with this outcome")
      ->check(CLI::IsMember({std::string(config::kOutcomes[0]), std::string(config::kOutcomes[1])}));
  command->add_option("--count", options->count, "Ends after so many events")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  command->callback([path, options, &exit_code] { exit_code = tail(*path, *options); });
}

}  // namespace naudit::ctl
