// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace naudit::output {

// The name of a row of sinks.inc, with '-' for '_': as the configuration spells it.
template <std::size_t Size>
struct SinkName {
  char text[Size];
  consteval SinkName(const char (&row)[Size]) { std::replace_copy(row, row + Size, text, '_', '-'); }
};

template <SinkName Name>
constexpr std::string_view sink_name() noexcept {
  return {static_cast<const char*>(Name.text), sizeof Name.text - 1};
}

}  // namespace naudit::output
