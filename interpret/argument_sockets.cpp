// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/argument_special.hpp"
#include "tables/socket_families.hpp"

namespace naudit::interpret {

Form append_socket_domain(std::string& out, std::uint32_t domain) {
  return domain == 0 ? Form::kNone : append_name(out, tables::socket_family_name(domain));
}

Form append_socket_type(std::string& out, const ArgumentPlace& place) {
  constexpr std::uint32_t kTypeMask = 0xF;
  const Form form = append_constant(out, tables::Constants::kSocketType, place.word() & kTypeMask);
  return form;
}

}  // namespace naudit::interpret
