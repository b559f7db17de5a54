// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/trail/options.hpp"

#include <filesystem>

#include "base/text.hpp"

namespace naudit::output {
namespace {

void complete(TrailOptions& options, const config::Written& written) {
  options.path = trail_folder(std::move(options.path));
  complete_log(options, written);
}

void check(const TrailOptions& options, const config::Sink&, const config::Report& report) {
  if (options.path.empty()) report("path", "is missing; name the folder for the trails");
  check_log(options, report);
}

}  // namespace

config::OptionTable trail_options() {
  config::OptionSpec<TrailOptions> spec{
      .rows =
          {
              {"path",
               config::path(static_cast<std::string TrailOptions::*>(&TrailOptions::path)),
               "The folder of the trails, which nobody else writes trails to. It is made if only it is missing.",
               {.example = "/var/log/naudit/trails", .exclusive = true}},
          },
      .complete = complete,
      .check = check,
  };
  for (const LogRows rows : {LogRows::kAccess, LogRows::kRotation, LogRows::kKept, LogRows::kDisk})
    config::add_shared(spec.rows, log_options(rows));
  return spec;
}

std::string trail_folder(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::vector<std::string> trail_folder_warnings(const std::string& key, const FileOptions& options) {
  std::error_code error;
  if (std::filesystem::exists(options.path, error)) return log_warnings(options.path, options);
  const std::filesystem::path parent = std::filesystem::path(options.path).parent_path();
  if (parent.empty() || std::filesystem::exists(parent, error) || error) return {};
  return {key + ": there is no folder " + base::in_quotes(parent.string()) + " to make it in" +
          (parent == kUnitFolder ? " yet; nauditd's unit makes it" : "; events wait until there is")};
}

std::vector<std::string> trail_warnings(const config::Sink& sink, bool look_at_disk) {
  if (!look_at_disk) return {};
  return trail_folder_warnings("path", sink.options.as<TrailOptions>());
}

}  // namespace naudit::output
