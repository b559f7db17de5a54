// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The configurations that `nauditctl migrate` reads beside auditd's: any bytes as laurel's TOML and as the YAML of
// go-audit and auditbeat. What is not refused becomes a configuration that loads: finish() throws when it does not.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "migrate/rules/import.hpp"
#include "migrate/sources/auditbeat/auditbeat.hpp"
#include "migrate/sources/goaudit/goaudit.hpp"
#include "migrate/sources/laurel/laurel.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/rule/environment.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::migrate;
  const std::string text(reinterpret_cast<const char*>(data), size);
  // Patterns of rule files would look at this machine's.
  if (text.find("audit_rule_files") != std::string::npos) return 0;
  struct Reader {
    const char* name;
    void (*take)(const std::string&, const std::string&, Draft&);
  };
  for (const Reader& reader :
       {Reader{"laurel", take_laurel}, {"go-audit", take_go_audit}, {"auditbeat", take_auditbeat}}) {
    Draft draft(naudit::output::kinds(), any_accounts({}), {reader.name});
    try {
      reader.take(text, reader.name, draft);
    } catch (const naudit::base::Error& error) {
      if (error.problems().empty() || error.problems()[0].place.file != reader.name) std::abort();
      continue;
    }
    for (const auto& problem : draft.finish().notes)
      if (problem.message.empty()) std::abort();
  }
  return 0;
}
