// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/checks.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
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

RulesChecked check_rules(const config::Loaded& loaded, bool check_permissions) {
  rules::ReadOptions options;
  options.check_permissions = check_permissions;
  const rules::Environment environment = rules::system_environment();
  const rules::RuleSet set = rules::read_rules(loaded.config.rules.files, environment, options);
  const std::vector<rules::WantedRule> wanted = set.rules();
  RulesChecked checked{.rules = wanted.size(), .notes = set.notes(), .losses = rules::lint(wanted, environment)};
  std::erase_if(checked.losses, [](const rules::Advice& advice) { return !rules::is_loss(advice); });
  std::set<std::string> keys;
  for (const rules::WantedRule& rule : wanted)
    for (std::string& key : rule.rule.keys()) keys.insert(std::move(key));
  for (std::size_t i = 0; i < loaded.config.sinks.size(); ++i) {
    const config::Sink& sink = loaded.config.sinks[i];
    for (const std::string& key : sink.filter.keys) {
      if (keys.contains(key)) continue;
      checked.notes.push_back({loaded.places.of(fmt::format("sinks[{}].filter", i)),
                               fmt::format("no rule has the key {} that the sink {} asks for", base::in_quotes(key),
                                           base::in_quotes(sink.name))});
    }
  }
  return checked;
}

}  // namespace naudit::daemon
