// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tables/arch.hpp"

namespace naudit::tests {

// One argument, as we and as ausearch -i say it.
struct ComparedArgument {
  tables::ArchWord arch;
  std::string_view call;
  unsigned index;
  std::array<std::uint64_t, 4> args;
  std::string_view ours;    // empty: a number
  std::string_view theirs;  // "0x…": a number
};

// "equal", "different", or why the two differ: where ausearch is silent, and where it is wrong.
std::string_view difference(const ComparedArgument& argument);

}  // namespace naudit::tests
