// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/cef/text.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace naudit::formats {
namespace {

constexpr char32_t kFirstByteCharacter = 0x10FE00, kLastByteCharacter = 0x10FEFF;
constexpr std::size_t kByteSize = 4;  // of such a character

void append_byte(char letter, std::string& out) {
  const auto byte = static_cast<unsigned char>(letter);
  out += "\xF4\x8F";
  out += static_cast<char>(0xB8U | byte >> 6U);
  out += static_cast<char>(0x80U | (byte & 0x3FU));
}

// Printable ASCII.
bool is_plain(char c) noexcept {
  return c >= ' ' && c <= '~';
}

// Would a reader take it for the end of the line, a terminal for an order, or we ourselves for a byte?
bool is_hidden(char32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
         (c >= kFirstByteCharacter && c <= kLastByteCharacter);
}

struct Unit {
  std::size_t size = 1;   // bytes of the text
  std::size_t shown = 1;  // bytes that a reader sees for them
  bool as_bytes = false;
};

Unit first_unit(std::string_view text) noexcept {
  if (is_plain(text.front())) return {};
  const base::Utf8Character next = base::first_character(text);
  if (next.size == 0) return {.size = 1, .shown = kByteSize, .as_bytes = true};
  if (is_hidden(next.value)) return {.size = next.size, .shown = next.size * kByteSize, .as_bytes = true};
  return {.size = next.size, .shown = next.size};
}

void append_unit(std::string_view text, const Unit& unit, std::string& out) {
  if (!unit.as_bytes) {
    out += text.substr(0, unit.size);
    return;
  }
  for (const char letter : text.substr(0, unit.size)) append_byte(letter, out);
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

// Takes what it writes from `left`, as a reader counts.
bool append_value(std::string_view text, std::size_t& left, bool no_blanks, std::string& out) {
  const std::size_t begin = out.size();
  const std::size_t lead = no_blanks ? text.size() : std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t last = text.find_last_not_of(" \t");  // npos: it is all lead
  for (std::size_t at = 0; at < text.size();) {
    // Most of a text is plain.
    std::size_t end = at;
    const std::size_t fits = left >= text.size() - at ? text.size() : at + left;
    const std::size_t most = last == std::string_view::npos ? at : std::min(last + 1, fits);
    while (end < most && is_plain(text[end]) && text[end] != '\\' && text[end] != '=' &&
           (text[end] != ' ' || end >= lead))
      ++end;
    if (end > at) {
      out += text.substr(at, end - at);
      left -= end - at;
      at = end;
      continue;
    }
    const char c = text[at];
    Unit unit = first_unit(text.substr(at));
    const bool as_byte = is_blank(c) && (at < lead || last == std::string_view::npos || at > last);
    const bool is_break = c == '\n' || c == '\r' || (c == '\t' && !as_byte);
    if (as_byte) unit = {.size = 1, .shown = kByteSize, .as_bytes = true};
    if (is_break) unit = {};
    if (unit.shown > left) {
      while (out.size() > begin && is_blank(out.back())) out.pop_back();
      return true;
    }
    left -= unit.shown;
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      if (c == '\\' || c == '=') out += '\\';
      append_unit(text.substr(at), unit, out);
    }
    at += unit.size;
  }
  return false;
}

}  // namespace

void append_cef_header(std::string_view text, std::string& out) {
  while (!text.empty()) {
    if (text.front() == '\\' || text.front() == '|') out += '\\';
    const Unit unit = first_unit(text);
    append_unit(text, unit, out);
    text.remove_prefix(unit.size);
  }
}

bool append_cef_value(std::string_view text, std::size_t limit, std::string& out) {
  return append_value(text, limit, false, out);
}

void CefPairs::add(std::string_view word, std::string_view value, bool is_last) {
  if (is_cut_) return;
  const std::size_t begin = out_.size();
  const std::size_t before = (is_empty_ ? 0 : 1) + word.size() + 1;
  if (before >= left_) {
    is_cut_ = true;
    return;
  }
  if (!is_empty_) out_ += ' ';
  out_ += word;
  out_ += "\\=";
  left_ -= before;
  const std::size_t value_at = out_.size();
  is_cut_ = append_value(value, left_, !is_last, out_);
  // Of a value of which nothing fits, its word says nothing either.
  if (out_.size() == value_at)
    out_.resize(begin);
  else
    is_empty_ = false;
}

void append_leef_text(std::string_view text, char delimiter, std::string& out) {
  while (!text.empty()) {
    // Most of a text is plain.
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain]) && text[plain] != delimiter) ++plain;
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const char c = text.front();
    if (c == delimiter || c == '\n' || c == '\r') {
      out += ' ';
      text.remove_prefix(1);
      continue;
    }
    const Unit unit = first_unit(text);
    append_unit(text, unit, out);
    text.remove_prefix(unit.size);
  }
}

}  // namespace naudit::formats
