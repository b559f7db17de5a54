// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/last_events.hpp"
#include "ctl/client/line_style.hpp"
#include "ctl/client/tail_request.hpp"
#include "ctl/console.hpp"
#include "ctl/filter_options.hpp"
#include "ctl/terminal.hpp"

namespace naudit::ctl {
namespace {

constexpr std::size_t kMostLines = 100'000;

// What of the past is shown first.
struct History {
  std::size_t lines = 10;
  std::string file;  // empty: the daemon's log
};

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

// The log of the daemon, or the one that was named. Nothing if none is wanted, and if there is none.
std::optional<LastEvents> open_log(ControlClient& client, const History& history) {
  if (history.lines == 0) return std::nullopt;
  if (!history.file.empty()) return std::make_optional<LastEvents>(EventLog{.path = history.file, .node = {}});
  const rapidjson::Document answer = client.ask(R"({"command":"status"})");
  auto log = log_of_daemon(base::json_member(answer, "status"));
  if (!log) return std::nullopt;
  try {
    return std::make_optional<LastEvents>(*std::move(log));
  } catch (const base::Error& failure) {
    error(fmt::format("The last events cannot be shown: {}", failure.what()));
  }
  return std::nullopt;
}

std::vector<std::string> read_last(const LastEvents& log, const TailOptions& options, std::size_t lines) {
  config::Filter filter = options.filter;
  if (!options.outcome.empty())
    filter.outcome = options.outcome == "success" ? config::Outcome::kSuccess : config::Outcome::kFailure;
  try {
    return log.read(format_of(options), filter, lines);
  } catch (const base::Error& failure) {
    error(fmt::format("The last events cannot be shown: {}", failure.what()));
  }
  return {};
}

int tail(const std::string& path, TailOptions options, const History& history, const std::string& colour) {
  auto client = std::make_unique<ControlClient>(path);
  const std::optional<LastEvents> log = open_log(*client, history);
  tell_unknown_users(options.filter);
  client->ask(tail_request(options));
  // What happens from here on is in the stream, so that nothing falls between the two.
  std::vector<std::string> last;
  if (log) last = read_last(*log, options, history.lines);
  LineColours colours;
  const bool is_coloured = format_of(options) == "line" && layout_of_stdout(colour).colour;
  const auto show = [&](std::string_view bytes) { return write_out(is_coloured ? colours.take(bytes) : bytes); };
  for (const std::string& event : last)
    if (!show(event)) return 0;
  if (isatty(STDERR_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) error("Waiting for events; Ctrl-C ends.");
  ShownEvents shown(std::string(format_of(options)), last);
  std::uint64_t lines = 0;
  const auto print = [&lines, &shown, &show](std::string_view bytes) {
    lines += static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
    return show(shown.take(bytes));
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
  CLI::App* const command =
      app.add_subcommand("tail", "Prints the last events, and then new ones as they happen, until Ctrl-C");
  command->footer(
      kFilterHelp +
      std::string(
          "The last ten events come first. They are read from the log of the first file sink that has no filter and "
          "the\n"
          "format json, raw or enriched. With --count they are shown only if -n is given, too.\n"
          "When nauditd stops, tail waits until it is back.\n"
          "A terminal that is too slow misses events, and says how many; the daemon and its sinks miss nothing.\n\n"
          "  nauditctl tail --key exec --outcome failure\n"
          "  nauditctl tail -n 100 --path /etc/\n"
          "  nauditctl tail --json --uid 1000 | jq .how"));
  const auto path = std::make_shared<std::string>();
  const auto options = std::make_shared<TailOptions>();
  const auto history = std::make_shared<History>();
  const auto colour = std::make_shared<std::string>();
  add_socket_option(*command, *path);
  CLI::Option* const json = command->add_flag("--json", options->json, "As JSON, one object a line");
  command->add_flag("--raw", options->raw, "As the records that ausearch reads")->excludes(json);
  CLI::Option* const lines =
      command->add_option("-n,--lines", history->lines, "Shows this many of the last events first; 0 shows none")
          ->type_name("NUMBER")
          ->check(CLI::Range(std::size_t{0}, kMostLines))
          ->capture_default_str();
  command->add_option("--file", history->file, "Reads the last events from this log, instead of the daemon's")
      ->type_name("FILE");
  add_colour_option(*command, *colour);
  add_filter_options(*command, options->filter, options->outcome);
  command->add_option("--count", options->count, "Ends after this many new events")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  command->callback([path, options, history, lines, colour, &exit_code] {
    if (options->count > 0 && lines->count() == 0) history->lines = 0;
    exit_code = tail(*path, *options, *history, *colour);
  });
}

}  // namespace naudit::ctl
