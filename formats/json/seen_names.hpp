// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace naudit::formats {

inline char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

inline bool is_same_but_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

// The names that a JSON object has already, whatever their case. A record of the kernel has a handful that we do not
// know, and looking through those is the fastest; a forged one may have a hundred thousand, for which there is a table.
//
// Views of names that outlive it, or clear(). Owner: one encoder; not thread-safe.
class SeenNames {
 public:
  void clear() noexcept {
    few_.clear();
    if (!many_.empty()) many_.clear();
  }
  void add(std::string_view name) {
    if (few_.size() < kFew)
      few_.push_back(name);
    else
      many_.insert(name);
  }
  [[nodiscard]] bool contains(std::string_view name) const {
    return std::ranges::any_of(few_, [&](std::string_view other) { return is_same_but_case(name, other); }) ||
           (!many_.empty() && many_.contains(name));
  }

 private:
  static constexpr std::size_t kFew = 32;
  struct Hash {
    std::size_t operator()(std::string_view name) const noexcept {
      std::size_t hash = 14695981039346656037U;
      for (const char c : name) hash = (hash ^ static_cast<unsigned char>(to_lower(c))) * 1099511628211U;
      return hash;
    }
  };
  struct Same {
    bool operator()(std::string_view a, std::string_view b) const noexcept { return is_same_but_case(a, b); }
  };

  std::vector<std::string_view> few_;
  std::unordered_set<std::string_view, Hash, Same> many_;
};

}  // namespace naudit::formats
