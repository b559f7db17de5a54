// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/utf8.hpp"

namespace naudit::formats {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr char32_t kByteBase = 0x10FE00;                   // formats/json/text.hpp

// What may be copied as it is: printable ASCII without the five characters that mean something.
constexpr auto kIsPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x7F; ++c) plain[c] = c != '&' && c != '<' && c != '>' && c != '"' && c != '\'';
  return plain;
}();

bool is_plain(char c) noexcept {
  return kIsPlain[static_cast<unsigned char>(c)];
}

// XML 1.0, production Char.
bool is_forbidden(char32_t c) noexcept {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0xFFFE || c == 0xFFFF;
}

void append_reference(char32_t c, std::string& out) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), static_cast<std::uint32_t>(c), 16).ptr;
  out += "&#x";
  out.append(digits.data(), end);
  out += ';';
}

void append_special(char c, std::string& out) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&apos;";
      break;
    default:
      append_reference(static_cast<unsigned char>(c), out);
      break;
  }
}

}  // namespace

void append_xml(std::string_view text, std::string& out) {
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const base::Utf8Character character = base::first_character(text);
    const std::size_t size = std::max<std::size_t>(character.size, 1);
    // Characters that stand for a byte are taken for bytes themselves, which keeps the way back open.
    const bool is_bytes =
        character.size == 0 || (character.value >= kByteBase + 0x80 && character.value < kByteBase + 0x100);
    if (is_bytes)
      for (const char c : text.substr(0, size)) append_reference(kByteBase + static_cast<unsigned char>(c), out);
    else if (is_forbidden(character.value))
      out += kReplacement;
    else if (character.value < 0x80)
      append_special(text[0], out);
    else if (base::is_invisible(character.value))
      append_reference(character.value, out);
    else
      out += text.substr(0, size);
    text.remove_prefix(size);
  }
}

bool is_xml_text(std::string_view text) noexcept {
  const auto is_suspect = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\xBF'; };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_suspect(text[at])) continue;
    if (text[at] != '\xBF' && is_forbidden(static_cast<unsigned char>(text[at]))) return false;
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    if (text.substr(at - std::min<std::size_t>(at, 1)).starts_with("\xEF\xBF\xBE") ||
        text.substr(at - std::min<std::size_t>(at, 1)).starts_with("\xEF\xBF\xBF"))
      return false;
  }
  return true;
}

}  // namespace naudit::formats
