// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace naudit::tables {

// A perfect hash over a fixed set of words, built by the compiler: it tries multipliers until no two words meet. A word
// is reduced to its length and its first and last eight bytes, which is all of it up to 16 bytes; that one comparison
// both finds and confirms it. Constant data, any thread, no allocation; never reads outside of the word asked for.
//
// words[0] is the answer for "not known" and has to be empty. Slots is a power of two; with n words the search takes
// about exp(n * n / (2 * Slots)) tries, so keep Slots above n * n / 10. Only the lines of the slots in use cost cache.
template <std::size_t N, std::size_t Slots>
class PerfectHash {
 public:
  constexpr explicit PerfectHash(const std::array<std::string_view, N>& words) : words_(words) {
    static_assert(std::has_single_bit(Slots) && N < 65536);
    for (std::size_t i = 0; i < N; ++i) keys_[i] = Key(words[i]);
    for (int tries = 0; !fits(); ++tries) {
      if (tries == 20000) throw "no multiplier found: two words look the same, or Slots is too small";
      seed_ = (seed_ * 6364136223846793005U + 1442695040888963407U) | 1U;
    }
    for (std::size_t i = 1; i < N; ++i) slots_[slot(keys_[i])] = static_cast<std::uint16_t>(i);
  }

  // The index of the word, 0 if it is not one of ours.
  [[nodiscard]] constexpr std::uint16_t find(std::string_view word) const noexcept {
    const Key key(word);
    const std::uint16_t index = slots_[slot(key)];
    if (!(keys_[index] == key)) return 0;
    if (word.size() > 16 && words_[index] != word) return 0;
    return index;
  }

 private:
  struct Key {
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint64_t size = 0;

    constexpr Key() = default;
    constexpr explicit Key(std::string_view word) : size(word.size()) {
      const char* data = word.data();
      if (size >= 8) {
        head = load<std::uint64_t>(data);
        tail = load<std::uint64_t>(data + size - 8);
      } else if (size >= 4) {
        head = load<std::uint32_t>(data) | std::uint64_t{load<std::uint32_t>(data + size - 4)} << 32U;
      } else if (size > 0) {
        head = std::uint64_t{byte(data[0])} | std::uint64_t{byte(data[size / 2])} << 8U |
               std::uint64_t{byte(data[size - 1])} << 16U;
      }
    }
    friend constexpr bool operator==(const Key& a, const Key& b) noexcept {
      return ((a.head ^ b.head) | (a.tail ^ b.tail) | (a.size ^ b.size)) == 0;
    }
  };

  static constexpr std::uint8_t byte(char c) noexcept { return static_cast<std::uint8_t>(c); }

  template <class Word>
  static constexpr Word load(const char* data) noexcept {
    Word word = 0;
    if (std::is_constant_evaluated()) {
      for (std::size_t i = 0; i < sizeof(Word); ++i) {
        const std::size_t at = std::endian::native == std::endian::little ? i : sizeof(Word) - 1 - i;
        word |= static_cast<Word>(static_cast<Word>(byte(data[i])) << (8U * at));
      }
    } else {
      std::memcpy(&word, data, sizeof(Word));
    }
    return word;
  }

  [[nodiscard]] constexpr std::size_t slot(const Key& key) const noexcept {
    constexpr int kShift = 64 - std::countr_zero(Slots);
    return static_cast<std::size_t>(((key.head ^ std::rotl(key.tail, 23) ^ key.size) * seed_) >> kShift);
  }

  [[nodiscard]] constexpr bool fits() const {
    std::array<std::uint64_t, Slots / 64> taken{};
    for (std::size_t i = 1; i < N; ++i) {
      const std::size_t at = slot(keys_[i]);
      if ((taken[at / 64] >> (at % 64) & 1U) != 0) return false;
      taken[at / 64] |= std::uint64_t{1} << (at % 64);
    }
    return true;
  }

  std::uint64_t seed_ = 0x9E3779B97F4A7C15U;
  std::array<std::uint16_t, Slots> slots_{};
  std::array<Key, N> keys_{};
  std::array<std::string_view, N> words_;
};

}  // namespace naudit::tables
