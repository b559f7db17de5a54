// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/import_check.hpp"

#include <unordered_map>
#include <vector>

#include "migrate/rules/yaml_document.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/yaml/reader.hpp"

namespace naudit::migrate {
namespace {

std::string line(const rules::WantedRule& wanted) {
  return rules::rule_line(wanted.rule, tables::native_arch());
}

std::string same(const rules::WantedRule& left, const rules::WantedRule& right) {
  return left.older_masks == right.older_masks ? "" : "another form by an older auditctl: " + line(left);
}

}  // namespace

std::string difference(std::span<const rules::WantedRule> left, std::span<const rules::WantedRule> right) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < right.size(); ++i) places.emplace(rules::identity(right[i].rule), i);
  std::vector<std::size_t> order;  // where each rule of the left stands on the right
  for (const rules::WantedRule& wanted : left) {
    const auto found = places.find(rules::identity(wanted.rule));
    if (found == places.end()) return "missing: " + line(wanted);
    if (std::string other = same(wanted, right[found->second]); !other.empty()) return other;
    order.push_back(found->second);
  }
  if (right.size() != left.size())
    return "there are " + std::to_string(right.size()) + " rules, not " + std::to_string(left.size());
  std::size_t highest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    // Only one that comes before an earlier one of the left has been moved past something.
    if (order[i] >= highest) {
      highest = order[i];
      continue;
    }
    for (std::size_t j = 0; j < i; ++j)
      if (order[j] > order[i] && !order_is_free(left[j].rule, left[i].rule))
        return "now before '" + line(left[j]) + "': " + line(left[i]);
  }
  return {};
}

void check_import(std::string_view auditctl, const std::set<int>& but, const std::string& yaml, const std::string& name,
                  const rules::Environment& environment) {
  rules::RuleSet theirs, ours;
  std::vector<base::Problem> ignored, problems;
  rules::read_auditctl_rules(auditctl, name, environment, true, theirs, ignored);
  rules::read_yaml_text(yaml, name, environment, {}, ours, problems);
  std::vector<rules::WantedRule> wanted = theirs.rules();
  std::erase_if(wanted, [&but](const rules::WantedRule& rule) { return but.contains(rule.place.line); });
  const std::string what = problems.empty() ? difference(wanted, ours.rules()) : problems[0].text();
  if (what.empty()) return;
  throw base::Error({name, 0, 0}, "was not turned into YAML: the result would not be the same (" + what +
                                      "). This is a fault of nauditd, please report it; the file works as it is");
}

}  // namespace naudit::migrate
