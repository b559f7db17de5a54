// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/tail_request.hpp"
#include "ctl/console.hpp"
#include "ctl/filter_options.hpp"

namespace naudit::ctl {
namespace {

bool write_out(std::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
}

// A daemon that is being restarted is back within a second or two; one that stays away is waited for until Ctrl-C.
std::unique_ptr<ControlClient> connect_again(const std::string& path, const TailOptions& options) {
  constexpr std::chrono::milliseconds kPause{500};
  for (;; std::this_thread::sleep_for(kPause)) {
    try {
      auto client = std::make_unique<ControlClient>(path);
      client->ask(tail_request(options));
      return client;
    } catch (const base::Error&) {
      continue;  // why, has been said: it has stopped
    }
  }
}

int tail(const std::string& path, TailOptions options) {
  auto client = std::make_unique<ControlClient>(path);
  client->ask(tail_request(options));
  if (isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) error("Waiting for events; Ctrl-C ends.");
  std::uint64_t lines = 0;
  const auto print = [&lines](std::string_view bytes) {
    lines += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
    return write_out(bytes);
  };
  for (;;) {
    if (!client->stream(print)) return 0;
    if (options.count > 0 && lines >= options.count) return 0;
    if (options.count > 0) options.count -= std::exchange(lines, 0);
    error("nauditd has stopped; waiting for it to come back. Ctrl-C ends.");
    client = connect_again(path, options);
    error("nauditd is back. What happened meanwhile is in its sinks, but not here.");
  }
}

}  // namespace

void add_tail_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("tail", "Prints events as they happen, one line each, until Ctrl-C");
  command->footer(
      kFilterHelp +
      std::string(
          "When nauditd stops, tail waits until it is back.\n"
          "A terminal that is too slow misses events, and says how many; the daemon and its sinks miss nothing.\n\n"
          "  nauditctl tail --key exec --outcome failure\n"
          "  nauditctl tail --json --uid 1000 | jq .how"));
  const auto path = std::make_shared<std::string>();
  const auto options = std::make_shared<TailOptions>();
  add_socket_option(*command, *path);
  CLI::Option* const json = command->add_flag("--json", options->json, "As JSON, one object a line");
  command->add_flag("--raw", options->raw, "As the records that ausearch reads")->excludes(json);
  add_filter_options(*command, options->filter, options->outcome);
  command->add_option("--count", options->count, "Ends after so many events")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  command->callback([path, options, &exit_code] { exit_code = tail(*path, *options); });
}

}  // namespace naudit::ctl
