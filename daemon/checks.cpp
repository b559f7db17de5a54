// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/checks.hpp"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "output/filter.hpp"
#include "rules/read.hpp"

namespace naudit::daemon {

void check_sinks(const config::Loaded& loaded) {
  std::vector<base::Problem> problems;
  for (std::size_t i = 0; i < loaded.config.sinks.size(); ++i) {
    const config::Sink& sink = loaded.config.sinks[i];
    const std::string path = fmt::format("sinks[{}]", i);
    try {
      const output::Filter filter(sink.filter, sink.name);
    } catch (const base::Error& error) {
      problems.push_back({loaded.places.of(path + ".filter"), error.what()});
    }
  }
  if (!problems.empty()) throw base::Error(std::move(problems));
}

std::size_t check_rules(const config::Config& config, bool check_permissions) {
  rules::ReadOptions options;
  options.check_permissions = check_permissions;
  return rules::read_rules(config.rules.files, rules::system_environment(), options).rules().size();
}

}  // namespace naudit::daemon
