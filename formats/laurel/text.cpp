// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/laurel/text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/utf8.hpp"

namespace naudit::formats {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// What stands in the string as it is.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '%' && c != '+' && c != '"' && c != '\\';
  return plain;
}();

bool is_plain(char c) noexcept {
  return kPlain[static_cast<unsigned char>(c)];
}

void append_percent(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 15U];
}

void append_unit(std::string& out, std::uint32_t unit) {
  out += "\\u";
  for (unsigned shift = 16; shift != 0; shift -= 4) out += kDigits[unit >> (shift - 4) & 15U];
}

void append_escaped(std::string& out, char32_t character) {
  if (character < 0x10000) return append_unit(out, character);
  append_unit(out, 0xD7C0 + (character >> 10U));
  append_unit(out, 0xDC00 + (character & 0x3FFU));
}

void append_text(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto* const end = std::ranges::find_if_not(text, is_plain);
    const auto plain = static_cast<std::size_t>(end - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const char c = text.front();
    std::size_t size = 1;
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      append_percent(out, c);
    } else {
      const base::Utf8Character character = base::first_character(text);
      if (character.size == 0)
        append_percent(out, c);
      else if (base::is_invisible(character.value))
        append_escaped(out, character.value);
      else
        out += text.substr(0, character.size);
      size = std::max<std::size_t>(character.size, 1);
    }
    text.remove_prefix(size);
  }
}

}  // namespace

void put_laurel_string(JsonText& json, std::string_view text, std::string& scratch) {
  if (std::ranges::all_of(text, is_plain)) {
    json.reserve(text.size() + 3);
    json.clean_string(text);
    return;
  }
  scratch.clear();
  append_text(scratch, text);
  json.reserve(scratch.size() + 3);
  json.clean_string(scratch);
}

}  // namespace naudit::formats
