// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/sources/draft.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "config/loader.hpp"
#include "migrate/rules/import.hpp"

namespace naudit::migrate {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

Draft::Draft(const config::Kinds& kinds, rules::Environment machine, std::vector<std::string> found)
    : kinds_(kinds), machine_(std::move(machine)), found_(std::move(found)), config_(kinds, listed(found_)) {}

bool Draft::has(std::string_view source) const {
  return std::ranges::find(found_, source) != found_.end();
}

void Draft::add_rules(const std::string& text, const std::string& name, std::string file,
                      AuditdInstallation::Kernel& kernel, const Move& moved) {
  Imported imported = import_rules(text, name, machine_, {true});
  for (auto* problems : {&imported.notes, &imported.errors})
    for (base::Problem& problem : *problems)
      if (moved) problem = moved(std::move(problem));
  std::ranges::move(imported.notes, std::back_inserter(done_.notes));
  std::ranges::move(imported.errors, std::back_inserter(done_.errors));
  done_.rule_count += imported.rules;
  const netlink::StatusChange& set = imported.settings;
  if (set.enabled) kernel.enabled = set.enabled;
  if (set.failure) kernel.failure = set.failure;
  if (set.backlog_limit) kernel.backlog_limit = set.backlog_limit;
  if (set.rate_limit) kernel.rate_limit = set.rate_limit;
  if (set.backlog_wait_time) kernel.backlog_wait_time = netlink::from_jiffies(*set.backlog_wait_time);
  kernel.loginuid_immutable = kernel.loginuid_immutable || imported.loginuid_immutable;
  const auto is_taken = [this](const std::string& other) {
    return std::ranges::find(done_.rules, other, &RuleFile::name) != done_.rules.end();
  };
  const std::string wanted = file;
  for (int number = 2; is_taken(file); ++number) file = std::to_string(number) + '-' + wanted;
  done_.rules.push_back({std::move(file), std::move(imported.yaml)});
}

void Draft::note(std::vector<base::Problem> problems) {
  std::ranges::move(problems, std::back_inserter(done_.notes));
}

void Draft::note_rest(const Settings& settings, std::initializer_list<Why> reasons, std::string_view program) {
  for (const Settings::Setting* const setting : settings.rest()) {
    const Why* best = nullptr;
    for (const Why& why : reasons)
      if (setting->key.starts_with(why.begin) && (best == nullptr || why.begin.size() > best->begin.size()))
        best = &why;
    const bool is_off = setting->values.size() == 1 && base::lower(setting->values[0]) == "false";
    if (best != nullptr && (best->needless || is_off))
      config_.needless(setting->said(), is_off ? "off" : std::string(best->reason));
    else if (best == nullptr)
      note(setting->place, setting->said() + ": nauditd knows nothing like it, if " + std::string(program) + " does");
    else
      note(setting->place, setting->said() + ": " + std::string(best->reason));
  }
}

Draft::Done Draft::finish() {
  if (!done_.rules.empty()) config_.set("rules", "files", "[rules.d]", "beside this file", {});
  done_.yaml = config_.text(all_sinks_) + appendix_;
  std::ranges::move(config_.take_notes(), std::back_inserter(done_.notes));
  config::parse(done_.yaml, "nauditd.yaml", kinds_);
  return std::move(done_);
}

}  // namespace naudit::migrate
