// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace naudit::tests {

// Where two long texts begin to differ, with what stands around the place in both; empty if they are the same. For
// golden files: CHECK(difference(made, golden).empty()) prints two whole texts no more.
inline std::string difference(std::string_view made, std::string_view golden) {
  if (made == golden) return {};
  const auto at = static_cast<std::size_t>(std::ranges::mismatch(made, golden).in1 - made.begin());
  const std::string_view before = made.substr(0, at);
  const std::size_t line = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto around = [at, line](std::string_view text) {
    constexpr std::size_t kBefore = 60, kBehind = 60;
    const std::size_t from = std::max(line, at - std::min(at, kBefore));
    std::string_view rest = text.substr(std::min(from, text.size()), at - from + kBehind);
    return std::string(rest.substr(0, rest.find('\n', at - from))) + (at >= text.size() ? "<end>" : "");
  };
  return "line " + std::to_string(std::ranges::count(before, '\n') + 1) + ", column " + std::to_string(at - line + 1) +
         "\n  made:   " + around(made) + "\n  golden: " + around(golden);
}

}  // namespace naudit::tests
