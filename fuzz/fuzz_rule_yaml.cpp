// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Rules in YAML: any bytes; either problems or rules that survive the way to the kernel's bytes and back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/advice/explain.hpp"
#include "rules/advice/lint.hpp"
#include "rules/kernel/wire.hpp"
#include "rules/yaml/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  rules::Environment environment;
  environment.user = [](const std::string& name) { return std::optional<std::uint32_t>(name.size()); };
  environment.group = environment.user;
  environment.is_directory = [](const std::string& path) { return path.size() % 2 == 0; };
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  try {
    rules::read_yaml_text({reinterpret_cast<const char*>(data), size}, "fuzz", environment, {}, set, problems);
  } catch (const base::Error&) {
    return 0;
  }
  const auto wanted = set.rules();
  for (const rules::WantedRule& rule : wanted) {
    const auto decoded = rules::decode(rules::encode(rule.rule));
    if (!decoded || *decoded != rule.rule) std::abort();
    (void)rules::explain(rule.rule);
  }
  (void)rules::lint(wanted, environment);
  return 0;
}
