// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/enriched_names.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace naudit::interpret {
namespace {

char to_upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

bool EnrichedNames::is_at(std::size_t at, std::string_view field) const noexcept {
  if (tail_.size() - at <= field.size() || tail_[at + field.size()] != '=') return false;
  const std::string_view name = tail_.substr(at, field.size());
  return std::ranges::equal(name, field, [](char a, char b) { return a == to_upper(b); });
}

// Where NAME= stands; the tail's size if it does not.
std::size_t EnrichedNames::search(std::string_view field, std::size_t from) const noexcept {
  for (std::size_t at = from; at < tail_.size();) {
    if (is_at(at, field)) return at;
    const std::size_t space = tail_.find(' ', at);
    if (space == std::string_view::npos) break;
    at = space + 1;
  }
  return tail_.size();
}

std::string_view EnrichedNames::find(std::string_view field, bool second, std::string& scratch) {
  std::size_t at = 0;
  if (second) {
    at = search(field, std::min(search(field, 0) + 1, tail_.size()));
  } else {
    at = search(field, next_);
    if (at == tail_.size()) at = search(field, 0);
  }
  if (at == tail_.size()) return {};

  const std::size_t begin = at + field.size() + 1;
  std::size_t end = std::min(tail_.find(' ', begin), tail_.size());
  if (tail_.substr(begin).starts_with('"')) {
    end = tail_.find('"', begin + 1);
    if (end == std::string_view::npos) return {};  // the line was cut, and the name with it
    next_ = std::min(end + 2, tail_.size());
    return tail_.substr(begin + 1, end - begin - 1);
  }
  next_ = std::min(end + 1, tail_.size());
  const std::string_view value = tail_.substr(begin, end - begin);
  scratch.clear();
  return base::append_decoded_hex(scratch, value) ? std::string_view(scratch) : value;
}

}  // namespace naudit::interpret
