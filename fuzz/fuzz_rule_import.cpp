// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Rule files in auditctl's syntax, any bytes: to YAML, to auditctl's lines and to YAML again, always the same rules.
// import_rules() compares its own result with the source and throws when they differ.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "migrate/rules/export.hpp"
#include "migrate/rules/import.hpp"
#include "rules/auditctl/augenrules.hpp"
#include "rules/read.hpp"
#include "rules/yaml/reader.hpp"

namespace {

using namespace naudit;

std::vector<rules::WantedRule> load(const std::string& yaml, const rules::Environment& machine) {
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  rules::read_yaml_text(yaml, "fuzz", machine, {}, set, problems);
  if (!problems.empty()) std::abort();
  return set.rules();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const rules::Environment machine = migrate::any_accounts({});
  const migrate::Imported done = migrate::import_rules(text, "fuzz", machine);
  migrate::import_rules(text, "fuzz", machine, {true});
  const migrate::Exported lines = migrate::export_yaml(done.yaml, "fuzz", machine);
  // All that came from auditctl can be said to it.
  if (!lines.errors.empty()) std::abort();
  const migrate::Imported again = migrate::import_rules(lines.text, "fuzz", machine);
  if (!migrate::difference(load(done.yaml, machine), load(again.yaml, machine)).empty()) std::abort();
  migrate::export_auditctl(text, "fuzz", machine);
  const std::string merged = rules::merge_rule_files(std::vector<std::string>{text, text}, "fuzz");
  if (!merged.ends_with('\n')) std::abort();
  return 0;
}
