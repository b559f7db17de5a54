// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/yaml/scalar.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/yaml/check.hpp"

namespace naudit::config {
namespace {

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == 0x7f;
}

bool is_word_of_yaml(std::string_view text) {
  const std::string lower = base::lower(text);
  constexpr std::array kWords = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~", "<<", "="};
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

// What an editor would take for a number.
bool is_numeric(std::string_view text) {
  return text.find_first_not_of("0123456789abcdefABCDEFox+-._:") == std::string_view::npos &&
         (text[0] == '.' || text[0] == '+' || (text[0] >= '0' && text[0] <= '9'));
}

bool is_plain(std::string_view text, bool in_list) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (std::string_view("-?:,[]{}#&*!|>'\"%@`").find(text.front()) != std::string_view::npos) return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  if (in_list && text.find_first_of(",[]{}:\"") != std::string_view::npos) return false;
  return std::none_of(text.begin(), text.end(), is_control) && !is_word_of_yaml(text) && !is_numeric(text);
}

std::string escaped(char c) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return text.data();
}

}  // namespace

std::string yaml_scalar(std::string_view text, bool in_list) {
  if (is_plain(text, in_list)) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (is_control(c)) {
      quoted += escaped(c);
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

bool fits_yaml(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return false;
  try {
    check_yaml(yaml_scalar(text), "");
  } catch (const base::Error&) {
    return false;
  }
  return true;
}

std::string comment_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += c == '\t' ? std::string(1, ' ') : is_control(c) ? escaped(c) : std::string(1, c);
  if (fits_yaml(line)) return line;
  std::string ascii;
  for (const char c : line) ascii += static_cast<unsigned char>(c) < 0x80 ? std::string(1, c) : escaped(c);
  return ascii;
}

}  // namespace naudit::config
