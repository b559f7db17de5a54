// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "rules/rule/environment.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// Which text of a rule is wanted.
enum class ListingStyle : std::uint8_t {
  kAuditctl,    // byte for byte what `auditctl -l` prints, including what auditctl cannot read back
  kInterpreted  // what `auditctl -l -i` prints
};

// What argument `index` of a system call means, empty where the number says it all. Of the arguments those that the
// rule compares with are there, the others are 0.
using ArgumentWords = std::function<std::string(tables::ArchWord arch, std::uint32_t syscall, unsigned index,
                                                std::span<const std::uint64_t, 4> arguments)>;

// One rule as a line without a newline. Pure, except for what `arguments` does, which is asked for kInterpreted, in a
// rule with an arch and one system call.
std::string listing(const Rule& rule, ListingStyle style, tables::ArchWord native, const ArgumentWords& arguments = {});

// A line that auditctl's grammar reads back as the same kernel rule: file types by name, no `never` shown as a watch.
// Words are escaped as rule files want it. A field that the grammar cannot name is printed as -l prints it.
std::string rule_line(const Rule& rule, tables::ArchWord native);

// `-l -k KEY`: the text is looked for anywhere in the joined keys.
bool has_key(const Rule& rule, std::string_view key);

}  // namespace naudit::rules
