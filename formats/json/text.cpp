// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/text.hpp"

#include <bit>
#include <charconv>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/utf8.hpp"

namespace naudit::formats {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
constexpr std::uint64_t kHighs = 0x8080808080808080ULL;

constexpr std::uint64_t has_byte(std::uint64_t word, unsigned char byte) noexcept {
  const std::uint64_t x = word ^ (kOnes * byte);
  return (x - kOnes) & ~x & kHighs;
}

// Non-zero if a byte of the word is a control character, a quote, a backslash or not ASCII. DEL plus one is not ASCII.
constexpr std::uint64_t needs_care(std::uint64_t word) noexcept {
  return ((word - kOnes * 0x20) & ~word & kHighs) | has_byte(word, '"') | has_byte(word, '\\') |
         ((word | (word + kOnes)) & kHighs);
}

std::size_t sequence_length(const unsigned char* at, std::size_t left) noexcept {
  const auto follows = [&](std::size_t index) { return index < left && (at[index] & 0xC0U) == 0x80; };
  if (at[0] >= 0xC2 && at[0] <= 0xDF) return follows(1) ? 2 : 0;
  if (at[0] >= 0xE0 && at[0] <= 0xEF) {
    if (!follows(1) || !follows(2)) return 0;
    if (at[0] == 0xE0 && at[1] < 0xA0) return 0;
    if (at[0] == 0xED && at[1] > 0x9F) return 0;
    return 3;
  }
  if (at[0] >= 0xF0 && at[0] <= 0xF4) {
    if (!follows(1) || !follows(2) || !follows(3)) return 0;
    if (at[0] == 0xF0 && at[1] < 0x90) return 0;
    if (at[0] == 0xF4 && at[1] > 0x8F) return 0;
    // U+10FE80 to U+10FEFF stand for single bytes.
    if (at[0] == 0xF4 && at[1] == 0x8F && (at[2] == 0xBA || at[2] == 0xBB)) return 0;
    return 4;
  }
  return 0;
}

// Non-zero if a byte of the word is below 0x21, a quote, above 0x7e.
constexpr std::uint64_t not_quoted(std::uint64_t word) noexcept {
  return ((word - kOnes * 0x21) & ~word & kHighs) | has_byte(word, '"') | has_byte(word, 0x7F) | (word & kHighs);
}

std::uint64_t load(const char* at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// All bytes of a text of less than eight, some of them twice, filled up with harmless ones: it is only asked whether
// any byte is special.
std::uint64_t load_short(const char* at, std::size_t size) noexcept {
  if (size >= 4) {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::memcpy(&first, at, sizeof first);
    std::memcpy(&last, at + size - sizeof last, sizeof last);
    return first | static_cast<std::uint64_t>(last) << 32U;
  }
  const auto byte = [&](std::size_t index) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(at[index]));
  };
  return byte(0) | byte(size / 2) << 8U | byte(size - 1) << 16U | (kOnes * 'x') << 24U;
}

template <typename Test>
bool any_word(std::string_view text, Test test) noexcept {
  const char* const at = text.data();
  const std::size_t size = text.size();
  if (size == 0) return false;
  if (size < 8) return test(load_short(at, size)) != 0;
  for (std::size_t i = 0; i + 8 < size; i += 8)
    if (test(load(at + i)) != 0) return true;
  return test(load(at + size - 8)) != 0;
}

constexpr char kHexDigits[] = "0123456789abcdef";

#if defined(__SSE2__)
// needs_care() of sixteen bytes: 0x20 to 0x7e pass, except the quote and the backslash.
bool needs_care_16(const char* at) noexcept {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i above = _mm_sub_epi8(bytes, _mm_set1_epi8(0x20));
  const __m128i printable = _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8(0x5E)), above);
  const __m128i special =
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
  return _mm_movemask_epi8(_mm_andnot_si128(special, printable)) != 0xFFFF;
}
#endif

}  // namespace

bool is_plain_json(std::string_view text) noexcept {
#if defined(__SSE2__)
  if (text.size() >= 16) {
    for (std::size_t i = 0; i + 16 < text.size(); i += 16)
      if (needs_care_16(text.data() + i)) return false;
    return !needs_care_16(text.data() + text.size() - 16);
  }
#endif
  return !any_word(text, [](std::uint64_t word) { return needs_care(word); });
}

bool needs_hex(std::string_view text) noexcept {
  return any_word(text, [](std::uint64_t word) { return not_quoted(word); });
}

void JsonText::grow(std::size_t least) {
  const std::size_t capacity = std::max(least, capacity_ * 2);
  auto larger = std::make_unique_for_overwrite<char[]>(capacity);
  if (size_ > 0) std::memcpy(larger.get(), buffer_.get(), size_);
  buffer_ = std::move(larger);
  capacity_ = capacity;
}

void JsonText::number(std::uint64_t value) noexcept {
  char* const at = buffer_.get() + size_;
  size_ += static_cast<std::size_t>(std::to_chars(at, at + 20, value).ptr - at);
}

void JsonText::string(std::string_view text) noexcept {
  put('"');
  if (is_plain_json(text))
    put(text);
  else
    escape(text);
  put('"');
}

// How many bytes from here on need no care, in whole words; less than eight are left to the caller.
std::size_t JsonText::plain_words(const char* at, std::size_t left) noexcept {
  std::size_t size = 0;
  for (; left - size >= 8; size += 8) {
    const std::uint64_t word = load(at + size);
    const std::uint64_t special = needs_care(word);
    if (special == 0) continue;
    if constexpr (std::endian::native == std::endian::little)
      size += static_cast<std::size_t>(std::countr_zero(special)) / 8;
    break;
  }
  return size;
}

void JsonText::escape_unit(std::uint32_t unit) noexcept {
  put("\\u");
  for (const unsigned shift : {12U, 8U, 4U, 0U}) put(kHexDigits[unit >> shift & 15U]);
}

// What is beyond 16 bits as a pair of surrogates.
void JsonText::escape_character(char32_t character) noexcept {
  if (character <= 0xFFFF) return escape_unit(character);
  escape_unit(0xD800 + ((character - 0x10000) >> 10U));
  escape_unit(0xDC00 + ((character - 0x10000) & 0x3FFU));
}

void JsonText::escape(std::string_view text) noexcept {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  while (left > 0) {
    if (const std::size_t plain = plain_words(reinterpret_cast<const char*>(at), left); plain > 0) {
      put({reinterpret_cast<const char*>(at), plain});
      at += plain;
      left -= plain;
      continue;
    }
    std::size_t taken = 1;
    if (*at == '"' || *at == '\\') {
      put('\\');
      put(static_cast<char>(*at));
    } else if (*at < 0x20 || *at == 0x7F) {
      escape_unit(*at);
    } else if (*at < 0x80) {
      put(static_cast<char>(*at));
    } else if (const std::size_t length = sequence_length(at, left); length > 0) {
      const std::string_view bytes(reinterpret_cast<const char*>(at), length);
      const char32_t character = base::first_character(bytes).value;
      if (base::is_invisible(character))
        escape_character(character);
      else
        put(bytes);
      taken = length;
    } else {
      put("\xF4\x8F");
      put(static_cast<char>(0xBAU + ((*at >> 6U) & 1U)));
      put(static_cast<char>(0x80U | (*at & 0x3FU)));
    }
    at += taken;
    left -= taken;
  }
}

}  // namespace naudit::formats
