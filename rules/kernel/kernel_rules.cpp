// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/kernel/kernel_rules.hpp"

#include <utility>

#include "rules/kernel/wire.hpp"

namespace naudit::rules {

netlink::Result<std::vector<Rule>> SocketRules::list() {
  const auto raw = requests_.list_rules();
  if (!raw) return tl::unexpected(raw.error());
  std::vector<Rule> rules;
  rules.reserve(raw->size());
  for (const netlink::Bytes& bytes : *raw) {
    auto rule = decode(bytes);
    if (!rule) return tl::unexpected(std::make_error_code(std::errc::bad_message));
    rules.push_back(std::move(*rule));
  }
  return rules;
}

netlink::Result<void> SocketRules::add(const Rule& rule) {
  return requests_.add_rule(encode(rule));
}

netlink::Result<void> SocketRules::remove(const Rule& rule) {
  return requests_.delete_rule(encode(rule));
}

}  // namespace naudit::rules
