// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/exec/options.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/trusted_path.hpp"
#include "base/units.hpp"

namespace naudit::output {

using namespace std::chrono_literals;
using config::nested;

namespace {

void check(const ExecOptions& options, const config::Sink&, const config::Report& report) {
  if (options.command.empty() || !options.command.front().starts_with('/')) {
    report("command", "expected a program's path from / on and its arguments, like [/usr/bin/logger, -t, audit]" +
                          (options.command.empty() ? "" : ", not " + base::in_quotes(options.command.front())));
  }
  for (const std::string& word : options.command)
    if (word.find('\0') != std::string::npos) report("command", "a word of a command has no NUL in it");
  if (options.retry.first > options.retry.most) {
    report("retry", "the first wait, " + base::duration_text(options.retry.first) + ", is longer than the longest, " +
                        base::duration_text(options.retry.most));
  }
}

}  // namespace

config::OptionTable exec_options() {
  return config::OptionSpec<ExecOptions>{
      .rows =
          {
              {"command",
               config::list(&ExecOptions::command),
               "The program's path, and its arguments, each a word of the list; no shell reads them.",
               {.example = "[/usr/local/bin/alert, --quiet]"}},
              {"grace", config::duration(&ExecOptions::grace, 0ms, 1min),
               "At a stop it gets the end of its input, and after so long SIGTERM and SIGKILL."},
              {"retry.first", config::duration(nested(&ExecOptions::retry, &Retry::first), 10ms, 1h),
               "The wait before it is started again; it doubles each time, with some chance in it,"},
              {"retry.most", config::duration(nested(&ExecOptions::retry, &Retry::most), 10ms, 24h), "up to this."},
          },
      .check = check,
  };
}

std::vector<std::string> exec_warnings(const config::Sink& sink, bool look_at_disk) {
  const auto& options = sink.options.as<ExecOptions>();
  if (!look_at_disk || options.command.empty() || ::access(options.command.front().c_str(), X_OK) == 0) return {};
  return {"command: cannot start " + base::in_quotes(options.command.front()) + ": " +
          std::generic_category().message(errno) + "; events wait until it can be started"};
}

void check_program(const config::Sink& sink) {
  const auto& options = sink.options.as<ExecOptions>();
  if (const auto unsafe = base::find_untrusted(options.command.front(), base::PathPart::kWhole))
    throw base::Error("sink '" + sink.name + "': command: " + unsafe->text());
}

}  // namespace naudit::output
