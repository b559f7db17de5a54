// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/top/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/tail_request.hpp"
#include "ctl/console.hpp"
#include "ctl/filter_options.hpp"
#include "ctl/terminal.hpp"
#include "ctl/top/full_screen.hpp"
#include "ctl/top/screen_lines.hpp"
#include "ctl/top/tally.hpp"

namespace naudit::ctl {
namespace {

struct Options {
  std::string socket;
  TailOptions tail;
  std::vector<std::string> by;  // empty: as many as there is room for
  std::size_t most = 10;
  std::optional<double> interval;  // seconds
  std::uint64_t count = 0;         // of looks; 0 = until Ctrl-C
};

using Clock = std::chrono::steady_clock;
using Kinds = std::array<bool, kTallyKinds>;

Kinds kinds_of(const Options& options, std::initializer_list<std::string_view> otherwise) {
  Kinds kinds{};
  for (std::size_t i = 0; i < kTallies.size(); ++i) {
    const std::string_view name = kTallies.at(i).name;
    kinds.at(i) =
        options.by.empty() ? std::ranges::count(otherwise, name) > 0 : std::ranges::count(options.by, name) > 0;
  }
  return kinds;
}

std::chrono::milliseconds interval_of(const Options& options, double otherwise) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::duration<double>(options.interval.value_or(otherwise)));
}

// The daemon's status, over a connection of its own, since that of the stream has only events.
class StatusLook {
 public:
  explicit StatusLook(std::string path) : path_(std::move(path)) {}

  void take() {
    try {
      if (!client_) client_.emplace(path_, kPatience);
      answer_ = client_->ask(R"({"command":"status"})");
      trouble_.clear();
    } catch (const base::Error& failure) {
      client_.reset();
      answer_.SetNull();
      trouble_ = failure.what();
    }
  }
  [[nodiscard]] const rapidjson::Value& status() const { return base::json_member(answer_, "status"); }
  [[nodiscard]] const std::string& trouble() const noexcept { return trouble_; }

 private:
  static constexpr std::chrono::seconds kPatience{3};

  std::string path_;
  std::optional<ControlClient> client_;
  rapidjson::Document answer_;
  std::string trouble_;
};

// One text after the other, for a pipe, a file, or so many looks.
bool show_texts(ControlClient& client, const Options& options) {
  Tally tally(Clock::now());
  Tally::View view{.kinds = kinds_of(options, {"program", "user"}), .most = options.most, .width = 0};
  const auto show = [&tally, &view] {
    view.width = layout_of_stdout().width;
    out(tally.text(view, Clock::now()));
    return std::fflush(stdout) == 0;
  };
  std::uint64_t shown = 0;
  const auto on_time = [&] { return show() && (++shown < options.count || options.count == 0); };
  const auto on_bytes = [&tally](std::string_view bytes) {
    tally.take(bytes);
    return true;
  };
  const bool ended_by_daemon = client.stream(on_bytes, {.every = interval_of(options, 2), .call = on_time});
  if (ended_by_daemon) show();
  return ended_by_daemon;
}

bool show_screen(ControlClient& client, const Options& options) {
  const Kinds kinds = kinds_of(options, {"key", "program", "user", "syscall"});
  Tally tally(Clock::now());
  StatusLook look(options.socket);
  std::optional<FullScreen> screen;  // once signals that end us are taken care of
  std::vector<ScreenLine> lines;
  const auto show = [&] {
    look.take();
    if (!screen) screen.emplace();
    lines = top_screen(tally, kinds, Clock::now(), look.status(), look.trouble(), screen->size());
    screen->show(lines);
    return true;
  };
  const auto on_terminal = [&] {
    if (!screen) return true;
    if (screen->wants_end()) return false;
    screen->size();
    screen->show(lines);
    return true;
  };
  const auto on_bytes = [&tally](std::string_view bytes) {
    tally.take(bytes);
    return true;
  };
  return client.stream(on_bytes,
                       {.every = interval_of(options, 1), .call = show, .at_once = true, .on_terminal = on_terminal});
}

bool has_screen(const Options& options) {
  const char* const term = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe): there is one thread
  return options.count == 0 && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 && term != nullptr &&
         std::string_view(term) != "dumb";
}

int top(Options& options) {
  options.tail.json = true;
  ControlClient client(options.socket);
  tell_unknown_users(options.tail.filter);
  client.ask(tail_request(options.tail));
  const bool ended_by_daemon = has_screen(options) ? show_screen(client, options) : show_texts(client, options);
  if (!ended_by_daemon) return 0;
  error("nauditd has stopped.");
  return 1;
}

}  // namespace

void add_top_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "top", "Shows what makes the events, the noisiest first, and how the sinks are doing, until q or Ctrl-C");
  command->footer(
      kFilterHelp +
      std::string(
          "On a terminal it fills the screen: rates by key, program, user and system call, and each sink. With\n"
          "--count, or into a pipe, it prints one text after the other.\n"
          "NOW/S is the rate since the screen before, MEAN/S the rate since the start: events a second, over\n"
          "the time that has passed. top reads a stream of its own, as tail does; while no top runs, the\n"
          "daemon does no work for it. USER is who logged in, or else whom the program runs as.\n"
          "'nauditctl rules stats' shows which rules make the events.\n\n"
          "  nauditctl top --key exec\n"
          "  nauditctl top --by program --by key --interval 10 --count 1"));
  const auto options = std::make_shared<Options>();
  add_socket_option(*command, options->socket);
  std::vector<std::string> kinds;
  for (const TallyKind& kind : kTallies) kinds.emplace_back(kind.name);
  command
      ->add_option(
          "--by", options->by,
          "What to count by; may be given several times; otherwise by program and user, on a screen also by key and "
          "system call")
      ->check(CLI::IsMember(kinds))
      ->allow_extra_args(false);
  command->add_option("--most", options->most, "Shows at most this many rows of each, in texts")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--interval", options->interval, "Seconds from one screen to the next; otherwise 1, of texts 2")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 3600.0));
  command->add_option("--count", options->count, "Ends after this many texts")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  add_filter_options(*command, options->tail.filter, options->tail.outcome);
  command->callback([options, &exit_code] { exit_code = top(*options); });
}

}  // namespace naudit::ctl
