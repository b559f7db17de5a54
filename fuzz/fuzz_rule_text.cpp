// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Rule files in auditctl's syntax: any bytes; each rule that is read must survive the way to the kernel's bytes, back,
// to a line, and back again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/auditctl/file.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/wire.hpp"
#include "rules/read.hpp"

namespace {

using namespace naudit;

rules::Environment machine() {
  rules::Environment environment;
  environment.user = [](const std::string& name) { return std::optional<std::uint32_t>(name.size()); };
  environment.group = environment.user;
  environment.is_directory = [](const std::string& path) { return path.size() % 2 == 0; };
  return environment;
}

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rules::Environment environment = machine();
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  rules::read_auditctl_rules({reinterpret_cast<const char*>(data), size}, "fuzz", environment, true, set, problems);
  must(problems.empty());
  for (const rules::WantedRule& wanted : set.rules()) {
    const auto decoded = rules::decode(rules::encode(wanted.rule));
    must(decoded.has_value() && *decoded == wanted.rule);
    (void)rules::listing(wanted.rule, rules::ListingStyle::kAuditctl, environment.native);
    (void)rules::listing(wanted.rule, rules::ListingStyle::kInterpreted, environment.native);
    const auto lines = rules::read_rule_lines(rules::rule_line(wanted.rule, environment.native));
    must(lines.size() <= 1 || wanted.rule.find(rules::FieldId::kKey) != nullptr);
  }
  return 0;
}
