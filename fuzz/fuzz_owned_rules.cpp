// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The file rules.loaded of the state directory: at most a rule a line, and a rule of a good line is ours whatever
// stands around it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/kernel/owned.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::rules;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  if (OwnedRules::parse(text).size() > lines) __builtin_trap();
  const Rule rule;
  const std::string good = OwnedRules::text({&rule, 1}, 0);
  if (!OwnedRules::parse(std::string(text) + '\n' + good).contains(rule)) __builtin_trap();
  return 0;
}
