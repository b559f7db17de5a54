// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/subcalls.hpp"

#include "tables/constants.hpp"

namespace naudit::tables {

std::string_view subcall_name(std::string_view call, std::uint64_t number) noexcept {
  if (call == "socketcall") return constant_name(Constants::kSocketCall, number);
  constexpr std::uint64_t kDistributed = 25;  // dipc, which never came
  if (call == "ipc" && number != kDistributed) return constant_name(Constants::kIpcCall, number);
  return {};
}

}  // namespace naudit::tables
