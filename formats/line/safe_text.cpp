// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/line/safe_text.hpp"

#include "formats/json/text.hpp"

namespace naudit::formats {

void append_safely(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::size_t length = utf8_length(text.substr(at));
    // C0, DEL, and C1, which is two bytes long.
    const bool is_control =
        byte < 0x20 || byte == 0x7F || (byte == 0xC2 && length == 2 && static_cast<unsigned char>(text[at + 1]) < 0xA0);
    if (length == 0 || is_control) {
      out += "\\x";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
      ++at;
    } else {
      out += text.substr(at, length);
      at += length;
    }
  }
}

}  // namespace naudit::formats
