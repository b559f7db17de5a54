// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/sinks_text.hpp"
#include "ctl/console.hpp"
#include "ctl/terminal.hpp"

namespace naudit::ctl {
namespace {

constexpr int kExitTrouble = 3;

int show_sinks(const std::string& path, bool as_json, const std::string& colour) {
  const rapidjson::Document answer = ControlClient(path).ask(R"({"command":"status"})");
  const rapidjson::Value& sinks = base::json_member(base::json_member(answer, "status"), "sinks");
  if (!sinks.IsArray()) throw base::Error("nauditd told no sinks");
  const StatusReport report = sinks_report(sinks, layout_of_stdout(colour));
  if (as_json) {
    base::JsonWriter writer;
    writer.value(sinks);
    out(writer.take() + '\n');
  } else {
    out(report.text);
  }
  return report.is_well ? 0 : kExitTrouble;
}

}  // namespace

void add_sinks_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("sinks", "Shows how each sink is doing");
  command->footer(
      "WAITING: events, their bytes, and for how long the oldest of them has waited. A line that starts with '!' is "
      "of\n"
      "a sink that is not in order, or has lost events since it was started.\n"
      "Exit code: 0 all is well; 1 nauditd does not answer; 3 a sink is not in order, or has lost something.");
  const auto path = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  add_socket_option(*command, *path);
  command->add_flag("--json", *json, "As one JSON list (docs/control-socket.md, sinks[])");
  const auto colour = std::make_shared<std::string>();
  add_colour_option(*command, *colour);
  command->callback([path, json, colour, &exit_code] { exit_code = show_sinks(*path, *json, *colour); });
}

}  // namespace naudit::ctl
