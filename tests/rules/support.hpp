// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "rules/auditctl/file.hpp"
#include "rules/auditctl/syntax.hpp"
#include "rules/kernel/kernel_rules.hpp"
#include "rules/rule/environment.hpp"

namespace naudit::rules::test {

// An x86_64 machine with two users, one group, and the directories that a test names.
inline Environment machine(std::set<std::string> directories = {"/etc", "/tmp"}) {
  Environment environment;
  environment.native = tables::kArchX86_64;
  environment.user = [](const std::string& name) -> std::optional<std::uint32_t> {
    if (name == "root") return 0;
    if (name == "jo") return 1000;
    return std::nullopt;
  };
  environment.group = [](const std::string& name) -> std::optional<std::uint32_t> {
    if (name == "adm") return 4;
    return std::nullopt;
  };
  environment.is_directory = [directories](const std::string& path) { return directories.contains(path); };
  return environment;
}

inline std::vector<std::string> words(const std::string& line) {
  const auto lines = read_rule_lines(line);
  return lines.empty() ? std::vector<std::string>{} : lines[0].words;
}

inline Command parse(const std::string& line, const Environment& environment = machine()) {
  return parse_auditctl(words(line), environment);
}

// The rule that the line adds or deletes; a rule without fields and calls when there is none.
inline WantedRule rule(const std::string& line, const Environment& environment = machine()) {
  const Command command = parse(line, environment);
  for (const Step& step : command.steps) {
    if (const auto* add = std::get_if<step::AddRule>(&step)) return add->rule;
    if (const auto* remove = std::get_if<step::DeleteRule>(&step)) return remove->rule;
  }
  return {};
}

inline std::vector<std::string> warnings(const Command& command) {
  std::vector<std::string> texts;
  for (const Step& step : command.steps)
    if (const auto* warn = std::get_if<step::Warn>(&step)) texts.push_back(warn->text);
  return texts;
}

// A kernel in memory: keeps rules as the kernel does, and can be told to refuse or to die.
class FakeKernel final : public KernelRules {
 public:
  netlink::Result<std::vector<Rule>> list() override {
    ++listings;
    return rules;
  }

  netlink::Result<void> add(const Rule& rule) override {
    if (++calls; dead_after && calls > *dead_after) return no(std::errc::connection_refused);
    if (find(rule) != rules.end()) return no(std::errc::file_exists);
    if (refuse && identity(rule) == identity(*refuse)) return no(refusal);
    Rule stored = rule;
    stored.prepend = false;
    const auto first = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.list >= rule.list; });
    const auto last = std::find_if(first, rules.end(), [&](const Rule& r) { return r.list != rule.list; });
    rules.insert(rule.prepend ? first : last, stored);
    log.push_back("add");
    most = std::max(most, rules.size());
    return {};
  }

  netlink::Result<void> remove(const Rule& rule) override {
    if (++calls; dead_after && calls > *dead_after) return no(std::errc::connection_refused);
    const auto found = find(rule);
    if (found == rules.end() || rule.prepend) return no(std::errc::no_such_file_or_directory);
    rules.erase(found);
    log.push_back("remove");
    least = std::min(least, rules.size());
    return {};
  }

  std::vector<Rule> rules;
  std::optional<Rule> refuse;
  std::errc refusal = std::errc::invalid_argument;
  std::optional<int> dead_after;
  std::vector<std::string> log;
  std::size_t least = 1'000'000, most = 0;
  int calls = 0, listings = 0;

 private:
  static tl::unexpected<std::error_code> no(std::errc why) { return tl::unexpected(std::make_error_code(why)); }
  std::vector<Rule>::iterator find(const Rule& rule) {
    return std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return identity(r) == identity(rule); });
  }
};

// The settings of a kernel in memory; remembers what was set.
class FakeSettings final : public KernelSettings {
 public:
  netlink::Result<netlink::KernelStatus> status() override { return now; }
  netlink::Result<netlink::KernelFeatures> features() override {
    return netlink::KernelFeatures{.mask = 3, .features = immutable ? 2U : 0U, .lock = immutable ? 2U : 0U};
  }
  netlink::Result<void> set(const netlink::StatusChange& change) override {
    const auto one = [this](const std::optional<std::uint32_t>& value, std::uint32_t& is, const char* name) {
      if (!value) return;
      is = *value;
      log.push_back(name + (' ' + std::to_string(*value)));
    };
    one(change.enabled, now.enabled, "enabled");
    one(change.failure, now.failure, "failure");
    one(change.rate_limit, now.rate_limit, "rate_limit");
    one(change.backlog_limit, now.backlog_limit, "backlog_limit");
    one(change.backlog_wait_time, now.backlog_wait_time, "backlog_wait_time");
    return {};
  }
  netlink::Result<void> set_loginuid_immutable() override {
    immutable = true;
    log.emplace_back("loginuid_immutable");
    return {};
  }

  netlink::KernelStatus now;
  bool immutable = false;
  std::vector<std::string> log;
};

}  // namespace naudit::rules::test
