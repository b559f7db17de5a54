// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/doctor/command.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "ctl/console.hpp"
#include "ctl/doctor/gather.hpp"
#include "ctl/doctor/report.hpp"
#include "ctl/terminal.hpp"

namespace naudit::ctl {
namespace {

struct Options {
  Sources sources;
  double interval = 1;  // seconds
  bool json = false;
  bool list = false;
  std::string explain;
  std::vector<std::string> only;
  std::string colour;
};

int run(const Options& options) {
  const base::Layout layout = layout_of_stdout(options.colour);
  if (options.list) {
    out(list_text(layout));
    return 0;
  }
  if (!options.explain.empty()) {
    out(explain_text(*find_check(options.explain), layout));
    return 0;
  }
  Sources sources = options.sources;
  sources.interval =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(options.interval));
  const std::vector<Verdict> verdicts = examine(gather(sources), options.only);
  out(options.json ? doctor_json(verdicts) : doctor_text(verdicts, layout));
  return static_cast<int>(exit_status(verdicts));
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_code) {
  CLI::App* const command =
      app.add_subcommand("doctor", "Looks for what is wrong with auditing on this machine, and says what to do");
  command->footer(
      "It changes nothing, and works without a running nauditd, beside auditd, in a container, and for an ordinary\n"
      "user, who is told what could not be looked at.\n"
      "Exit code, as of monitoring plugins: 0 all is well; 1 a warning; 2 something critical; 3 nothing found, and\n"
      "something could not be looked at, or the command line is wrong. Notes change nothing. docs/doctor.md has all\n"
      "checks.\n\n"
      "  nauditctl doctor --only lost --only sinks --json");
  const auto options = std::make_shared<Options>();
  command->add_option("--socket", options->sources.socket, "The daemon's control socket; otherwise the configuration's")
      ->envname("NAUDIT_SOCKET")
      ->type_name("PATH");
  command
      ->add_option("--config", options->sources.config,
                   "nauditd's configuration; otherwise that of the running nauditd, or /etc/naudit/nauditd.yaml")
      ->type_name("FILE");
  command
      ->add_option("--interval", options->interval,
                   "Seconds between two looks at counters, to see which are rising; 0: one look")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  std::vector<std::string> ids;
  for (const Check& check : all_checks()) ids.emplace_back(check.id);
  command->add_option("--only", options->only, "Makes only this check; may be given several times")
      ->type_name("CHECK")
      ->check(CLI::IsMember(ids))
      ->allow_extra_args(false);
  CLI::Option* const json = command->add_flag("--json", options->json, "As one JSON object (docs/doctor.md)");
  command->add_flag("--list", options->list, "Lists the checks")->excludes(json);
  command->add_option("--explain", options->explain, "Says what a check looks at, and why")
      ->type_name("CHECK")
      ->check(CLI::IsMember(ids))
      ->excludes(json);
  add_colour_option(*command, options->colour);
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace naudit::ctl
