// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/utf8.hpp"

#include <algorithm>
#include <array>

namespace naudit::base {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode 15, DerivedGeneralCategory.txt: Cc, Cf, Zl and Zp.
constexpr std::array kInvisible = {
    Range{0x0, 0x1F},        Range{0x7F, 0x9F},       Range{0xAD, 0xAD},       Range{0x600, 0x605},
    Range{0x61C, 0x61C},     Range{0x6DD, 0x6DD},     Range{0x70F, 0x70F},     Range{0x890, 0x891},
    Range{0x8E2, 0x8E2},     Range{0x180E, 0x180E},   Range{0x200B, 0x200F},   Range{0x2028, 0x202E},
    Range{0x2060, 0x2064},   Range{0x2066, 0x206F},   Range{0xFEFF, 0xFEFF},   Range{0xFFF9, 0xFFFB},
    Range{0x110BD, 0x110BD}, Range{0x110CD, 0x110CD}, Range{0x13430, 0x1343F}, Range{0x1BCA0, 0x1BCA3},
    Range{0x1D173, 0x1D17A}, Range{0xE0001, 0xE0001}, Range{0xE0020, 0xE007F},
};

void append_bytes(std::string_view bytes, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const char letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    out += "\\x";
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

}  // namespace

Utf8Character first_character(std::string_view text) noexcept {
  if (text.empty()) return {};
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {.value = lead, .size = 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t value = lead & (0x7FU >> size);
  for (const char letter : text.substr(1, size - 1)) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((byte & 0xC0U) != 0x80) return {};
    value = value << 6U | (byte & 0x3FU);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[size] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return {};
  return {.value = value, .size = size};
}

bool is_invisible(char32_t character) noexcept {
  const auto* const range = std::ranges::lower_bound(kInvisible, character, {}, &Range::last);
  return range != kInvisible.end() && range->first <= character;
}

void append_shown(std::string_view text, std::string& out) {
  while (!text.empty()) {
    // Most of a text is plain.
    std::size_t plain = 0;
    while (plain < text.size() && text[plain] >= ' ' && text[plain] <= '~') ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const Utf8Character next = first_character(text);
    const std::size_t size = std::max<std::size_t>(next.size, 1);
    if (next.size == 0 || is_invisible(next.value))
      append_bytes(text.substr(0, size), out);
    else
      out += text.substr(0, size);
    text.remove_prefix(size);
  }
}

std::string shown(std::string_view text) {
  std::string out;
  append_shown(text, out);
  return out;
}

}  // namespace naudit::base
