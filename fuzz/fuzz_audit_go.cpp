// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// audit-go's JSON, any bytes: refused with a place, or lines of auditctl, one for each place.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "migrate/rules/audit_go.hpp"
#include "migrate/rules/import.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(migrate::is_audit_go(text));
  migrate::AuditGoRules rules;
  try {
    rules = migrate::read_audit_go(text, "fuzz");
  } catch (const base::Error&) {
    return 0;
  }
  if (static_cast<std::size_t>(std::ranges::count(rules.lines, '\n')) != rules.places.size()) std::abort();
  static_cast<void>(migrate::import_rules(rules.lines, "fuzz", migrate::any_accounts({})));
  return 0;
}
