// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/auditctl/rule_arguments.hpp"

#include "interpret/arguments/arguments.hpp"

namespace naudit::ctl {
namespace {

constexpr std::uint32_t kUnset = 0xFFFFFFFF;

std::string name_of(const interpret::NameId& id) {
  if (id.number == kUnset) return "unset";
  return interpret::system_name(id).value_or("unknown(" + std::to_string(id.number) + ")");
}

}  // namespace

std::string argument_words(tables::ArchWord arch, std::uint32_t syscall, unsigned index,
                           std::span<const std::uint64_t, 4> arguments) {
  if (const auto id = interpret::argument_id(arch, syscall, index, arguments)) return name_of(*id);
  std::string text;
  interpret::append_argument(text, arch, syscall, index, arguments);
  return text;
}

}  // namespace naudit::ctl
