// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/json.hpp"
#include "ctl/client/commands.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/console.hpp"

namespace naudit::ctl {
namespace {

int show_metrics(const std::string& path) {
  const rapidjson::Document answer = ControlClient(path).ask(R"({"command":"metrics"})");
  const std::string_view text = base::json_text(answer, "metrics");
  if (text.empty()) throw base::Error("nauditd told no metrics");
  out(text);
  return 0;
}

}  // namespace

void add_metrics_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("metrics", "Prints what nauditd counts, as Prometheus reads it");
  command->footer(
      "Prometheus' text format, for its node exporter's textfile collector or to look at; docs/metrics.md says what\n"
      "each number is.\n\n"
      "  nauditctl metrics | grep naudit_sink_");
  const auto path = std::make_shared<std::string>();
  add_socket_option(*command, *path);
  command->callback([path, &exit_code] { exit_code = show_metrics(*path); });
}

}  // namespace naudit::ctl
