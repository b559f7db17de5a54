// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <spdlog/spdlog.h>

#include "config/loader.hpp"
#include "config/print.hpp"
#include "daemon/checks.hpp"
#include "daemon/daemon.hpp"
#include "daemon/exit_code.hpp"
#include "daemon/log.hpp"
#include "daemon/pipeline/plugins.hpp"
#include "daemon/replay.hpp"
#include "output/filter.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/advice/report.hpp"

namespace {

using naudit::daemon::ExitCode;

struct Arguments {
  std::string config = "/etc/naudit/nauditd.yaml";
  std::string replay;
  bool check = false;
};

int report(ExitCode code, const std::exception& error) {
  fmt::print(stderr, "nauditd: {}\n", error.what());
  return static_cast<int>(code);
}

int run(const Arguments& arguments) {
  // What a start would refuse. Files that an ordinary user checks are his own, and root will install them.
  const bool check_permissions = !arguments.check || ::geteuid() == 0;
  naudit::config::Loaded loaded = naudit::config::load(arguments.config, naudit::output::kinds(), check_permissions);
  const naudit::config::Config written = loaded.config;
  naudit::daemon::PluginsRead plugins = naudit::daemon::add_plugins(loaded, check_permissions);
  naudit::daemon::check_sinks(loaded);
  naudit::daemon::check_sources(loaded, /*reads_files=*/arguments.check);
  if (check_permissions) naudit::daemon::check_folders(loaded);
  if (arguments.check) {
    naudit::daemon::check_sink_files(loaded);
    if (check_permissions) naudit::daemon::check_written_files(loaded);
    const naudit::daemon::RulesChecked checked = naudit::daemon::check_rules(loaded, check_permissions);
    fmt::print("# In effect:\n{}", naudit::config::print(written, naudit::output::kinds()));
    for (const naudit::output::FoundPlugin& one : plugins.found)
      if (one.sink)
        fmt::print("# sink '{}', of type {}: {}\n", one.sink->name, one.sink->type, one.file);
      else if (one.problems.empty())
        fmt::print("# {}: not active\n", one.file);
    for (const std::string& problem : plugins.problems()) fmt::print("# warning: {}\n", problem);
    for (const naudit::config::Sink& sink : loaded.config.sinks) {
      std::vector<std::string> warnings = naudit::output::sink_warnings(sink, /*look_at_disk=*/true);
      std::ranges::move(naudit::output::filter_warnings(naudit::output::with_numbers(sink.filter)),
                        std::back_inserter(warnings));
      for (const std::string& warning : warnings) fmt::print("# warning: sink '{}': {}\n", sink.name, warning);
    }
    for (const naudit::config::Source& source : loaded.config.sources)
      if (source.plain)
        fmt::print("# warning: source '{}': whoever reaches {} can send events in any machine's name\n", source.name,
                   source.listen);
    if (!loaded.config.metrics.is_loopback)
      fmt::print("# warning: metrics.listen: whoever reaches {} can read the metrics, without a password and TLS\n",
                 loaded.config.metrics.address);
    std::fflush(stdout);
    fmt::print(stderr, "{}{}", naudit::rules::notes_text(checked.notes, {}),
               naudit::rules::advice_text(checked.losses, {}));
    // The verdict is the last line, whatever stands before it.
    fmt::print("# {}: in order, with {} rules\n", arguments.config, checked.rules);
    return static_cast<int>(ExitCode::kOk);
  }
  naudit::daemon::set_up_log(loaded.config.daemon.log_level);
  if (!arguments.replay.empty()) {
    for (const std::string& problem : plugins.problems()) spdlog::warn("{}", problem);
    return naudit::daemon::replay(loaded.config, arguments.replay);
  }
  bool left_behind = false;
  {
    naudit::daemon::Daemon daemon(std::move(loaded), arguments.config, std::move(plugins));
    daemon.run();
    left_behind = daemon.left_behind();
  }
  if (left_behind) ::_exit(static_cast<int>(ExitCode::kOk));
  return static_cast<int>(ExitCode::kOk);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"nauditd: the audit daemon. Whole, decoded events to files, TCP and HTTPS.", "nauditd"};
  app.set_version_flag("--version", "nauditd " NAUDIT_VERSION);
  app.add_option("-c,--config", arguments.config, "The configuration file")->capture_default_str();
  app.add_flag("--check", arguments.check, "Check the configuration, print the effective one, and end");
  app.add_option("--replay", arguments.replay,
                 "Run a stored audit log through the pipeline and its sinks instead of the kernel, print each event as "
                 "a line, and end ('-': standard input)");
  app.footer(
      "Signals: TERM, INT stop; HUP reloads the configuration; USR1 rotates the files.\n"
      "Exit codes: 0 stopped as asked, 1 cannot start, 2 usage, 4 rights are missing, 6 configuration.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
  }
  try {
    return run(arguments);
  } catch (const naudit::daemon::StartError& error) {
    return report(error.code(), error);
  } catch (const naudit::base::Error& error) {
    return report(ExitCode::kConfig, error);
  } catch (const std::exception& error) {
    return report(ExitCode::kStart, error);
  }
}
