// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/edits.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace naudit::formats {
namespace {

// How far behind a difference the texts are looked at for where they go on alike, and how much of them has to be alike.
constexpr std::size_t kReach = 24, kAlike = 6;
constexpr std::size_t kMostEdits = 64;

struct Place {
  std::size_t from = 0, to = 0;
};

bool is_alike(std::string_view from, std::string_view to, Place at) noexcept {
  return from.substr(at.from, kAlike) == to.substr(at.to, kAlike);
}

// The nearest place where both go on alike; behind the next word of both, where none is near.
Place next_alike(std::string_view from, std::string_view to, Place at) noexcept {
  for (std::size_t distance = 1; distance <= kReach; ++distance) {
    for (std::size_t cut = 0; cut <= distance; ++cut) {
      const Place here{at.from + cut, at.to + (distance - cut)};
      if (here.from <= from.size() && here.to <= to.size() && is_alike(from, to, here)) return here;
    }
  }
  return {std::min(from.find(' ', at.from + 1), from.size()), std::min(to.find(' ', at.to + 1), to.size())};
}

bool parse_size(std::string_view& text, std::size_t& out) noexcept {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end == text.data() + text.size() || *end != ',') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

}  // namespace

bool find_edits(std::string_view from, std::string_view to, std::vector<std::string>& edits) {
  edits.clear();
  std::size_t size = 0;
  Place at;
  while (true) {
    while (at.from < from.size() && at.to < to.size() && from[at.from] == to[at.to]) ++at.from, ++at.to;
    if (at.from == from.size() && at.to == to.size()) return true;
    const bool is_last = edits.size() + 1 == kMostEdits || at.from == from.size() || at.to == to.size();
    const Place next = is_last ? Place{from.size(), to.size()} : next_alike(from, to, at);
    std::string& edit = edits.emplace_back(std::to_string(at.from));
    ((edit += ',') += std::to_string(next.from - at.from)) += ',';
    edit += to.substr(at.to, next.to - at.to);
    size += edit.size() + 3;
    if (size > to.size()) return false;
    at = next;
  }
}

bool apply_edits(std::string_view from, const std::vector<std::string>& edits, std::string& out) {
  std::size_t done = 0;
  for (std::string_view edit : edits) {
    std::size_t at = 0, cut = 0;
    if (!parse_size(edit, at) || !parse_size(edit, cut) || at < done || at > from.size() || cut > from.size() - at)
      return false;
    out += from.substr(done, at - done);
    out += edit;
    done = at + cut;
  }
  out += from.substr(done);
  return true;
}

}  // namespace naudit::formats
