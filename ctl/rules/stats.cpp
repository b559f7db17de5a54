// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/stats_text.hpp"
#include "ctl/terminal.hpp"

namespace naudit::ctl {
namespace {

constexpr const char* kHomeAndClear = "\033[H\033[2J";

struct Options {
  std::string socket;
  RuleStatsView view;
  std::string over = "1m";
  bool json = false;
  bool no_rules = false;
  double watch = 0;         // seconds; 0 = once
  std::uint64_t count = 0;  // of looks, with watch; 0 = until Ctrl-C
};

struct Look {
  RuleStatsLook look;
  std::chrono::steady_clock::time_point at;
};

void show_json(const rapidjson::Value& stats) {
  base::JsonWriter json;
  json.value(stats);
  out(json.take() + '\n');
}

// `last` is the look before, if there was one, and becomes this one.
void show(const Options& options, std::optional<Look>& last) {
  const rapidjson::Document answer = ControlClient(options.socket).ask(R"({"command":"rule_stats"})");
  const rapidjson::Value& stats = base::json_member(answer, "rule_stats");
  if (!stats.IsObject()) throw base::Error("nauditd told no rule_stats");
  if (options.json) {
    show_json(stats);
  } else {
    if (options.watch > 0 && isatty(STDOUT_FILENO) != 0) out(kHomeAndClear);
    RuleStatsView view = options.view;
    view.width = layout_of_stdout().width;
    const auto now = std::chrono::steady_clock::now();
    if (last) {
      last->look.seconds = std::chrono::duration<double>(now - last->at).count();
      view.before = &last->look;
    }
    out(rule_stats_text(stats, view));
    last = Look{.look = rule_stats_look(stats), .at = now};
  }
  std::fflush(stdout);
}

int run(Options& options) {
  options.view.rules = !options.no_rules;
  options.view.window = options.over == "1m" ? 0 : options.over == "5m" ? 1 : 2;
  std::optional<Look> last;
  show(options, last);
  for (std::uint64_t shown = 1; options.watch > 0 && (options.count == 0 || shown < options.count); ++shown) {
    std::this_thread::sleep_for(std::chrono::duration<double>(options.watch));
    show(options, last);
  }
  return 0;
}

}  // namespace

void add_rule_stats_command(CLI::App& rules, int& exit_code) {
  CLI::App* const command = rules.add_subcommand("stats", "Show how many events each rule key brings, the most first");
  command->footer(
      "Rates are events a second over the last 1, 5 and 15 minutes, counted by the running nauditd whether or not a\n"
      "sink wants them. An event of a rule with several keys counts for each. SHARE is of all events in the window\n"
      "that --over names. '(no key)' are system calls without a key, '(no system call)' are logins, messages of\n"
      "programs and the like. With --watch, NOW is the rate since the look before, and the key with the highest one\n"
      "comes first. The mean over a minute is low when a storm begins, NOW is not. 'nauditctl top' shows which\n"
      "program or user makes the events.\n\n"
      "  nauditctl rules stats --watch 2");
  const auto options = std::make_shared<Options>();
  add_socket_option(*command, options->socket);
  CLI::Option* const json = command->add_flag("--json", options->json, "As one JSON object (docs/control-socket.md)");
  command->add_option("--over", options->over, "Sort by this window: 1m, 5m or 15m")
      ->check(CLI::IsMember({"1m", "5m", "15m"}))
      ->capture_default_str()
      ->excludes(json);
  command->add_option("--most", options->view.most, "Show at most this many keys")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--no-rules", options->no_rules, "Leave out the rules below each key");
  command->add_option("--watch", options->watch, "Show them again after this many seconds, until Ctrl-C")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 3600.0));
  command->add_option("--count", options->count, "With --watch: end after this many looks")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace naudit::ctl
