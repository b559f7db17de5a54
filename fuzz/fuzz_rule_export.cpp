// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Rule files in YAML, any bytes: to auditctl's lines and back, the same rules except those that export has named.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "migrate/rules/export.hpp"
#include "migrate/rules/import.hpp"
#include "rules/read.hpp"
#include "rules/yaml/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const rules::Environment machine = migrate::any_accounts({});
  migrate::Exported lines;
  try {
    lines = migrate::export_yaml(text, "fuzz", machine);
  } catch (const base::Error&) {
    return 0;
  }
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  rules::read_auditctl_rules(lines.text, "fuzz", machine, false, set, problems);
  // Each line that was written is one rule that is read, and none comes twice.
  if (!problems.empty() || set.rules().size() != lines.rules) std::abort();
  migrate::import_rules(lines.text, "fuzz", machine);
  rules::RuleSet wanted;
  rules::read_yaml_text(text, "fuzz", machine, {}, wanted, problems);
  // A file that includes others cannot be compared alone.
  if (!problems.empty() || !lines.errors.empty()) return 0;
  if (!migrate::difference(wanted.rules(), set.rules()).empty()) std::abort();
  return 0;
}
