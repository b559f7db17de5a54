// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string_view>

namespace naudit::tables {

// What terminals send for keys: sequences behind an escape, of the terminals that terminfo(5) knows (xterm, linux,
// vt220, sun, rxvt …), under the names that ausearch -i prints. Constant data, any thread.

inline constexpr std::size_t kLongestKeySequence = 5;

struct TerminalKey {
  std::string_view name;  // "up"; empty: no key
  std::size_t size = 0;   // of its sequence
};
// The key whose sequence the text begins with, the longest that fits; the text starts behind the escape.
TerminalKey terminal_key(std::string_view text) noexcept;

// "ret", "^C", "backspace", "esc"; empty for a byte that no key of its own sends.
std::string_view control_key(unsigned char byte) noexcept;

}  // namespace naudit::tables
