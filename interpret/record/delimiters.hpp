// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace naudit::interpret {

// Where the spaces and equals signs of a text are, found 64 bytes at a time: fields are so short that a loop over bytes
// spends its time on mispredicted ends. Pure; a view of the text, which outlives it.
class Delimiters {
 public:
  explicit Delimiters(std::string_view text) noexcept : text_(text) {}

  // The first space, or space or equals sign, at or behind `from`; the text's size if there is none.
  std::size_t space(std::size_t from) noexcept { return find<false>(from); }
  std::size_t space_or_equals(std::size_t from) noexcept { return find<true>(from); }

 private:
  static constexpr std::size_t kBlock = 64;

  template <bool kEquals>
  std::size_t find(std::size_t from) noexcept {
    while (from < text_.size()) {
      const std::size_t block = from / kBlock;
      if (block != block_) load(block);
      const std::uint64_t here = (kEquals ? spaces_ | equals_ : spaces_) >> (from % kBlock);
      if (here != 0) return from + static_cast<std::size_t>(std::countr_zero(here));
      from = (block + 1) * kBlock;
    }
    return text_.size();
  }

  void load(std::size_t block) noexcept {
    block_ = block;
    const char* at = text_.data() + block * kBlock;
    const std::size_t left = text_.size() - block * kBlock;
    char padded[kBlock];
    if (left < kBlock) {
      std::memset(padded, 0, sizeof padded);
      std::memcpy(padded, at, left);
      at = padded;
    }
    spaces_ = equals_ = 0;
#if defined(__SSE2__)
    const __m128i space = _mm_set1_epi8(' ');
    const __m128i equals = _mm_set1_epi8('=');
    for (unsigned i = 0; i < kBlock; i += 16) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
      spaces_ |= mask(_mm_cmpeq_epi8(bytes, space)) << i;
      equals_ |= mask(_mm_cmpeq_epi8(bytes, equals)) << i;
    }
#else
    for (unsigned i = 0; i < kBlock; ++i) {
      spaces_ |= static_cast<std::uint64_t>(at[i] == ' ') << i;
      equals_ |= static_cast<std::uint64_t>(at[i] == '=') << i;
    }
#endif
  }

#if defined(__SSE2__)
  static std::uint64_t mask(__m128i bytes) noexcept { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); }
#endif

  std::string_view text_;
  std::size_t block_ = ~std::size_t{0};
  std::uint64_t spaces_ = 0, equals_ = 0;  // of block_, a bit a byte
};

}  // namespace naudit::interpret
