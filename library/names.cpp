// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <limits>
#include <string_view>

#include "library/border.hpp"
#include "tables/arch.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace tables = naudit::tables;

namespace {

// The tables have an empty name for what they do not have.
naudit_text name(std::string_view text) noexcept {
  return text.empty() ? naudit_text{nullptr, 0} : naudit::library::text_of(text);
}

}  // namespace

naudit_text naudit_type_name(int type) {
  const bool is_number = type >= 0 && type <= std::numeric_limits<std::uint16_t>::max();
  return name(is_number ? tables::record_type_name(static_cast<std::uint16_t>(type)) : std::string_view());
}

int naudit_type_number(const char* name) {
  const auto type = name == nullptr ? std::nullopt : tables::record_type(name);
  return type ? int{*type} : -1;
}

naudit_text naudit_arch_name(uint32_t arch) {
  return name(tables::arch_name(arch));
}

uint32_t naudit_arch_number(const char* name) {
  if (name == nullptr) return 0;
  const std::string_view text = name;
  if (text == "b64" || text == "b32") {
    // Bit 31 of an arch says that it has 64 bits (__AUDIT_ARCH_64BIT of linux/audit.h).
    const auto is_64 = [](tables::ArchWord arch) { return (arch & 0x80000000U) != 0; };
    const tables::ArchWord native = tables::native_arch();
    if (is_64(native) == (text == "b64")) return native;
    return tables::arch_compat(native).value_or(0);
  }
  return tables::arch_by_name(text).value_or(0);
}

naudit_text naudit_syscall_name(uint32_t arch, uint32_t number) {
  return name(tables::syscall_name(arch, number));
}

int naudit_syscall_number(uint32_t arch, const char* name) {
  const auto number = name == nullptr ? std::nullopt : tables::syscall_number(arch, name);
  return number ? static_cast<int>(*number) : -1;
}

naudit_text naudit_errno_name(int number) {
  return name(tables::errno_name(number));
}

int naudit_errno_number(const char* name) {
  const auto number = name == nullptr ? std::nullopt : tables::errno_number(name);
  return number ? *number : -1;
}
