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
#include <vector>

#include <CLI/CLI.hpp>

#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/tail_request.hpp"
#include "ctl/client/tally.hpp"
#include "ctl/console.hpp"
#include "ctl/filter_options.hpp"
#include "ctl/terminal.hpp"

namespace naudit::ctl {
namespace {

constexpr const char* kHomeAndClear = "\033[H\033[2J";

struct Options {
  std::string socket;
  TailOptions tail;
  std::vector<std::string> by = {"program", "user"};
  std::size_t most = 10;
  double interval = 2;      // seconds
  std::uint64_t count = 0;  // of looks; 0 = until Ctrl-C
};

int top(Options& options) {
  using Clock = std::chrono::steady_clock;
  options.tail.json = true;
  Tally::View view{.kinds = {}, .most = options.most, .width = 0};
  for (std::size_t i = 0; i < kTallies.size(); ++i)
    view.kinds.at(i) = std::ranges::count(options.by, std::string_view(kTallies.at(i).name)) > 0;
  ControlClient client(options.socket);
  tell_unknown_users(options.tail.filter);
  client.ask(tail_request(options.tail));
  Tally tally(Clock::now());
  const auto show = [&tally, &view] {
    view.width = layout_of_stdout().width;
    if (isatty(STDOUT_FILENO) != 0) out(kHomeAndClear);
    out(tally.text(view, Clock::now()));
    return std::fflush(stdout) == 0;
  };
  std::uint64_t shown = 0;
  const auto on_time = [&] { return show() && (++shown < options.count || options.count == 0); };
  const auto on_bytes = [&tally](std::string_view bytes) {
    tally.take(bytes);
    return true;
  };
  const auto interval =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(options.interval));
  const bool ended_by_daemon = client.stream(on_bytes, {.every = interval, .call = on_time});
  if (!ended_by_daemon) return 0;
  show();
  error("nauditd has stopped.");
  return 1;
}

}  // namespace

void add_top_command(CLI::App& app, int& exit_code) {
  CLI::App* const command =
      app.add_subcommand("top", "Shows which programs and users make the events, the noisiest first, until Ctrl-C");
  command->footer(
      kFilterHelp +
      std::string("NOW/S is the rate since the screen before, MEAN/S the rate since the start: events a second, over\n"
                  "the time that has passed. top reads a stream of its own, as tail does; while no top runs, the\n"
                  "daemon does no work for it. USER is who logged in, or else whom the program runs as.\n"
                  "'nauditctl rules stats' shows which rules make the events.\n\n"
                  "  nauditctl top --key exec\n"
                  "  nauditctl top --by program --by key --interval 10 --count 1"));
  const auto options = std::make_shared<Options>();
  add_socket_option(*command, options->socket);
  std::vector<std::string> kinds;
  for (const TallyKind& kind : kTallies) kinds.emplace_back(kind.name);
  command->add_option("--by", options->by, "What to count by; may be given several times")
      ->check(CLI::IsMember(kinds))
      ->allow_extra_args(false)
      ->capture_default_str();
  command->add_option("--most", options->most, "Shows at most this many rows of each")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--interval", options->interval, "Seconds from one screen to the next")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command->add_option("--count", options->count, "Ends after this many screens")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  add_filter_options(*command, options->tail.filter, options->tail.outcome);
  command->callback([options, &exit_code] { exit_code = top(*options); });
}

}  // namespace naudit::ctl
