// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/error.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/client/status_text.hpp"
#include "ctl/console.hpp"
#include "ctl/terminal.hpp"

namespace naudit::ctl {
namespace {

constexpr int kExitTrouble = 3;

int show_status(const std::string& path, bool as_json, const std::string& colour) {
  const rapidjson::Document answer = ControlClient(path).ask(R"({"command":"status"})");
  const auto status = answer.FindMember("status");
  if (status == answer.MemberEnd() || !status->value.IsObject()) throw base::Error("nauditd told no status");
  const StatusReport report = status_report(status->value, layout_of_stdout(colour));
  if (as_json) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    status->value.Accept(writer);
    out(std::string(buffer.GetString(), buffer.GetSize()) + '\n');
  } else {
    out(report.text);
  }
  return report.is_well ? 0 : kExitTrouble;
}

}  // namespace

void add_status_command(CLI::App& app, int& exit_code) {
  CLI::App* const command =
      app.add_subcommand("status", "Shows how nauditd, the kernel's audit system and each sink are doing");
  command->footer(
      "Exit code: 0 all is well; 1 nauditd does not answer; 3 something was lost, or a sink or the registration is\n"
      "not in order. Lines that say so start with '!', and the end says in sentences what needs attention, or that\n"
      "nothing does. What the kernel has lost is counted since boot; nauditctl --reset-lost sets it to 0.");
  const auto path = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  add_socket_option(*command, *path);
  command->add_flag("--json", *json, "As one JSON object (docs/control-socket.md)");
  const auto colour = std::make_shared<std::string>();
  add_colour_option(*command, *colour);
  command->callback([path, json, colour, &exit_code] { exit_code = show_status(*path, *json, *colour); });
}

}  // namespace naudit::ctl
