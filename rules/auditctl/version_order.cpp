// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/version_order.hpp"

#include <algorithm>
#include <cstddef>

namespace naudit::rules {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The name without its suffixes: each a dot, a letter or '~', and then letters, digits and '~'.
std::string_view stem(std::string_view name) {
  std::size_t end = name.size();
  for (std::size_t i = name.size(); i-- > 0;) {
    if (name[i] == '.') {
      if (i + 1 == end || is_digit(name[i + 1])) break;
      end = i;
    } else if (!is_letter(name[i]) && !is_digit(name[i]) && name[i] != '~') {
      break;
    }
  }
  return end == 0 ? name : name.substr(0, end);
}

// '~' comes before the end of the text, that before digits, digits before letters, letters before the rest.
int weight(std::string_view text) {
  constexpr int kAfterLetters = 256;
  if (text.empty()) return -1;
  const char c = text[0];
  if (c == '~') return -2;
  if (is_digit(c)) return 0;
  const int byte = static_cast<unsigned char>(c);
  return is_letter(c) ? byte : byte + kAfterLetters;
}

// Takes the digits at the front away.
std::string_view take_number(std::string_view& text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), is_digit);
  std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  while (digits.starts_with('0')) digits.remove_prefix(1);
  return digits;
}

int compare(std::string_view left, std::string_view right) {
  while (!left.empty() || !right.empty()) {
    while ((!left.empty() && !is_digit(left[0])) || (!right.empty() && !is_digit(right[0]))) {
      if (const int difference = weight(left) - weight(right); difference != 0) return difference;
      left.remove_prefix(1);
      right.remove_prefix(1);
    }
    const std::string_view mine = take_number(left);
    const std::string_view theirs = take_number(right);
    if (mine.size() != theirs.size()) return mine.size() < theirs.size() ? -1 : 1;
    if (const int difference = mine.compare(theirs); difference != 0) return difference;
  }
  return 0;
}

}  // namespace

bool version_less(std::string_view left, std::string_view right) noexcept {
  if (const int difference = compare(stem(left), stem(right)); difference != 0) return difference < 0;
  if (const int difference = compare(left, right); difference != 0) return difference < 0;
  return left < right;
}

}  // namespace naudit::rules
