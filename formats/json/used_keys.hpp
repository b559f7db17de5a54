// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace naudit::formats {

// The keys that a JSON object has already, so that none comes twice. Most keys are new, which one bit tells; a few are
// looked through, and the hundred thousand of a forged record are hashed.
//
// Views of keys that outlive it, or clear(). Owner: one encoder; not thread-safe.
class UsedKeys {
 public:
  void clear() noexcept {
    bits_ = {};
    few_.clear();
    if (!more_.empty()) more_.clear();
  }
  // False if it is used already.
  bool use(std::string_view key) {
    std::uint64_t& word = bits_[place(key) / 64];
    const std::uint64_t bit = std::uint64_t{1} << place(key) % 64;
    const bool is_new = (word & bit) == 0;
    word |= bit;
    if (!is_new && std::ranges::find(few_, key) != few_.end()) return false;
    if (few_.size() < kFew) {
      few_.push_back(key);
      return true;
    }
    return more_.insert(key).second;
  }

 private:
  static constexpr std::size_t kFew = 64;
  static constexpr std::size_t kPlaces = 512;
  static std::size_t place(std::string_view key) noexcept {
    if (key.empty()) return 0;
    const auto letter = [&](std::size_t at) { return std::size_t{static_cast<unsigned char>(key[at])}; };
    return (letter(0) * 31 + letter(key.size() / 2) * 7 + letter(key.size() - 1) * 131 + key.size() * 17) % kPlaces;
  }

  std::array<std::uint64_t, kPlaces / 64> bits_{};
  std::vector<std::string_view> few_;
  std::unordered_set<std::string_view> more_;
};

}  // namespace naudit::formats
