// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace naudit::base {

// How a text is laid out for whoever reads it: `width` in columns, 0 = lines are not broken (no terminal).
struct Layout {
  std::size_t width = 0;
  bool colour = false;
};

// What a part of a text is, for the eye. The only place that knows colours (ECMA-48, "select graphic rendition").
enum class Style : std::uint8_t {
  kWrong,    // an error, a counter that should be 0: red and bold
  kFailed,   // an event that failed: yellow
  kDenied,   // an event that was denied: red
  kWarning,  // advice: yellow
  kNote,     // cyan
  kPlace,    // file:line:column, a heading: bold
};
inline constexpr std::string_view kStyleCodes[] = {"\033[1;31m", "\033[33m", "\033[31m",
                                                   "\033[33m",   "\033[36m", "\033[1m"};

// `text` must not be from outside, or be escaped (base/utf8.hpp). Pure.
inline std::string styled(std::string_view text, Style style, bool colour) {
  if (!colour) return std::string(text);
  std::string out(kStyleCodes[static_cast<std::size_t>(style)]);
  out += text;
  return out += "\033[0m";
}

}  // namespace naudit::base
