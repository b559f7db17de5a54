// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/plugins.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>

#include "base/text.hpp"
#include "daemon/confine/confinement.hpp"
#include "output/notices.hpp"
#include "output/sinks/sink_files.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

// Empty: nothing.
std::string refusal_of(const config::Sink& sink, const std::vector<config::Sink>& others,
                       const Confinement* confinement) {
  if (std::ranges::find(others, sink.name, &config::Sink::name) != others.end())
    return "there is another sink " + base::in_quotes(sink.name);
  for (const output::WrittenFile& file : output::written_files(sink)) {
    const auto is_it = [&file](const output::WrittenFile& other) { return other.path == file.path; };
    for (const config::Sink& other : others)
      if (std::ranges::any_of(output::written_files(other), is_it))
        return "the sink " + base::in_quotes(other.name) + " has " + base::in_quotes(file.path) + " already";
    if (confinement != nullptr && !confinement->allows(file.path))
      return "nauditd has given up to write into the folder of " + base::in_quotes(file.path) +
             ", which it did not need when it started, so this takes a restart: systemctl restart nauditd";
  }
  try {
    output::check_read_files(sink);
    output::check_written_file(sink);
  } catch (const base::Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

std::vector<std::string> PluginsRead::problems() const {
  std::vector<std::string> lines;
  for (const output::FoundPlugin& one : found)
    for (const base::Problem& problem : one.problems) lines.push_back(problem.text());
  return lines;
}

void PluginsRead::tell(const std::function<void(std::uint16_t type, const std::string& text)>& record) const {
  for (const std::string& problem : problems()) spdlog::error("{}; the others run without it", problem);
  for (const output::FoundPlugin& one : found)
    if (!one.problems.empty())
      record(tables::type::kDaemonErr, "op=plugin-not-started file=" + output::record_word(one.file) + " res=failed");
}

PluginsRead add_plugins(config::Loaded& loaded, bool check_permissions, const Confinement* confinement) {
  PluginsRead read{output::find_plugins(loaded.config.plugins, check_permissions)};
  for (output::FoundPlugin& one : read.found) {
    if (!one.sink) continue;
    if (std::string why = refusal_of(*one.sink, loaded.config.sinks, confinement); !why.empty()) {
      one.problems.push_back({{one.file, 0, 0}, std::move(why)});
      one.sink.reset();
      continue;
    }
    loaded.config.sinks.push_back(*one.sink);
  }
  return read;
}

}  // namespace naudit::daemon
