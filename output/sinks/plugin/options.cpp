// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/plugin/options.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/text.hpp"
#include "base/trusted_path.hpp"
#include "base/units.hpp"

namespace naudit::output {

using namespace std::chrono_literals;
using config::nested;

namespace {

constexpr mode_t kLeastMode = 0550;
constexpr std::uint32_t kMostRestarts = 1'000'000;

void check(const PluginOptions& options, const config::Sink&, const config::Report& report) {
  if (options.command.empty() || !options.command.front().starts_with('/')) {
    report("command", "expected a program's path from / on and its arguments, like [/sbin/audisp-syslog, LOG_INFO]" +
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

config::OptionTable plugin_options() {
  return config::OptionSpec<PluginOptions>{
      .rows =
          {
              {"command",
               config::list(&PluginOptions::command),
               "The program's path, and its arguments, each a word of the list; no shell reads them.",
               {.example = "[/sbin/audisp-syslog, LOG_INFO]"}},
              {"max_restarts", config::number(&PluginOptions::max_restarts, 0, kMostRestarts),
               "So often it is started again after it has ended; then it stays down until a reload, and events wait."},
              {"forgiven_after", config::duration(&PluginOptions::forgiven_after, 1ms, 24h * 365),
               "One that ran so long has all its restarts before it again."},
              {"retry.first", config::duration(nested(&PluginOptions::retry, &Retry::first), 1ms, 1h),
               "The wait before it is started again; it doubles each time, with some chance in it,"},
              {"retry.most", config::duration(nested(&PluginOptions::retry, &Retry::most), 1ms, 24h), "up to this."},
              {"grace", config::duration(&PluginOptions::grace, 0ms, 1min),
               "At a stop it gets the end of its input, after so long SIGTERM …"},
              {"kill_after", config::duration(&PluginOptions::kill_after, 0ms, 1min), "… and after this SIGKILL."},
              {"confined", config::flag(&PluginOptions::confined),
               "`true`: it runs with what rights nauditd has left itself, as an `exec` command does. `false`: with "
               "those that nauditd had at its start, as with auditd."},
          },
      .check = check,
  };
}

std::vector<std::string> plugin_warnings(const config::Sink& sink, bool look_at_disk) {
  const auto& options = sink.options.as<PluginOptions>();
  if (!look_at_disk || options.command.empty()) return {};
  const std::string why = program_refusal(options.command.front());
  if (why.empty()) return {};
  return {"command: " + why + "; events wait until it can be started"};
}

std::string program_refusal(const std::string& path) {
  const std::string program = base::in_quotes(path);
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0)
    return "cannot start " + program + ": " + std::generic_category().message(errno);
  if (!S_ISREG(found.st_mode)) return program + " is no regular file";
  if (found.st_uid != 0 && found.st_uid != ::geteuid())
    return program + " belongs to user id " + std::to_string(found.st_uid) + ", not to root";
  if ((found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return program + " can be written by " + ((found.st_mode & S_IWOTH) != 0 ? "everybody" : "its group") +
           ": chmod go-w " + program;
  if ((found.st_mode & kLeastMode) != kLeastMode)
    return program + " may not be read and run by its owner and its group: chmod ug+rx " + program;
  if (const auto unsafe = base::find_untrusted(path, base::PathPart::kWhole)) return unsafe->text();
  return {};
}

}  // namespace naudit::output
