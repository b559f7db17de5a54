// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/keystrokes.hpp"

#include <algorithm>

#include "tables/terminal_keys.hpp"

namespace naudit::interpret {
namespace {

constexpr char kEscape = '\x1b';

bool is_printable(char c) noexcept {
  return c >= ' ' && c <= '~';
}

// Between the quotes.
void append_typed(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (is_printable(c)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  } else {
    out += '\\';
    for (const unsigned shift : {6U, 3U, 0U}) out += static_cast<char>('0' + (byte >> shift & 7U));
  }
}

// The key that the bytes begin with.
tables::TerminalKey key_at(std::string_view bytes) noexcept {
  if (is_printable(bytes[0])) return {};
  if (bytes[0] == kEscape) {
    const tables::TerminalKey key = tables::terminal_key(bytes.substr(1));
    if (key.size > 0) return {key.name, key.size + 1};
  }
  return {tables::control_key(static_cast<unsigned char>(bytes[0])), 1};
}

}  // namespace

void append_keystrokes(std::string& out, std::string_view bytes) {
  bool is_typing = false;
  bool is_first = true;
  while (!bytes.empty()) {
    const tables::TerminalKey key = key_at(bytes);
    if (is_typing && !key.name.empty()) {
      out += '"';
      is_typing = false;
    }
    if (!is_typing && !is_first) out += ',';
    is_first = false;
    if (!key.name.empty()) {
      ((out += '<') += key.name) += '>';
      bytes.remove_prefix(key.size);
      continue;
    }
    if (!is_typing) out += '"';
    is_typing = true;
    append_typed(out, bytes[0]);
    bytes.remove_prefix(1);
  }
  if (is_typing) out += '"';
}

bool has_keys(std::string_view bytes) noexcept {
  return !std::ranges::all_of(bytes, is_printable);
}

}  // namespace naudit::interpret
