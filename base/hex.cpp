// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/hex.hpp"

#include <bit>
#include <cstdint>
#include <cstring>

namespace naudit::base {
namespace {

constexpr std::uint64_t kEach = 0x0101010101010101U;  // times a byte: that byte in all eight places
constexpr std::uint64_t kTop = kEach * 0x80;

struct Digits {
  bool valid;
  std::uint64_t values;  // one digit's value a byte
};

// Eight digits at once. Adding 0x80 - c sets a byte's top bit where the byte is at least c; bytes below 0x80 cannot
// carry into their neighbour, and a byte from 0x80 up makes the whole word invalid.
Digits eight_digits(std::uint64_t word) noexcept {
  const std::uint64_t folded = word | (kEach * 0x20);
  const std::uint64_t digit = (word + kEach * (0x80 - '0')) & ~(word + kEach * (0x80 - ('9' + 1)));
  const std::uint64_t letter = (folded + kEach * (0x80 - 'a')) & ~(folded + kEach * (0x80 - ('f' + 1))) & kTop;
  const bool valid = ((digit | letter) & ~word & kTop) == kTop;
  return {valid, (word & (kEach * 0x0F)) + (letter >> 7U) * 9};
}

int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  const char folded = static_cast<char>(c | 0x20);
  return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

std::uint64_t load(const char* text) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  return word;
}

}  // namespace

bool is_hex(std::string_view text) noexcept {
  if (text.empty() || text.size() % 2 != 0) return false;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8)
    if (!eight_digits(load(text.data() + at)).valid) return false;
  for (; at < text.size(); ++at)
    if (digit(text[at]) < 0) return false;
  return true;
}

bool decode_hex(std::string_view hex, char* out) noexcept {
  if (hex.empty() || hex.size() % 2 != 0) return false;
  std::size_t at = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; at + 8 <= hex.size(); at += 8) {
      const Digits digits = eight_digits(load(hex.data() + at));
      if (!digits.valid) return false;
      // The even bytes get their pair's value, then move together.
      std::uint64_t word = (digits.values << 4U | digits.values >> 8U) & 0x00FF00FF00FF00FFU;
      word = (word | word >> 8U) & 0x0000FFFF0000FFFFU;
      const auto bytes = static_cast<std::uint32_t>(word | word >> 16U);
      std::memcpy(out + at / 2, &bytes, sizeof bytes);
    }
  }
  for (; at < hex.size(); at += 2) {
    const int high = digit(hex[at]);
    const int low = digit(hex[at + 1]);
    if (high < 0 || low < 0) return false;
    out[at / 2] = static_cast<char>(high * 16 + low);
  }
  return true;
}

bool append_decoded_hex(std::string& out, std::string_view hex) {
  const std::size_t before = out.size();
  out.resize(before + hex.size() / 2);
  if (decode_hex(hex, out.data() + before)) return true;
  out.resize(before);
  return false;
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const std::size_t before = out.size();
  out.resize(before + bytes.size() * 2);
  char* to = out.data() + before;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *to++ = kDigits[byte >> 4U];
    *to++ = kDigits[byte & 0x0FU];
  }
}

}  // namespace naudit::base
