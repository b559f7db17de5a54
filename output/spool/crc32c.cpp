// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/crc32c.hpp"

#include <cstring>

#include <boost/crc.hpp>

#ifdef __x86_64__
#include <nmmintrin.h>
#endif

namespace naudit::output {
namespace {

constexpr std::uint32_t kPolynomial = 0x1EDC6F41;

// Boost's CRC takes its start before the bits are turned round.
std::uint32_t reversed(std::uint32_t value) noexcept {
  std::uint32_t result = 0;
  for (int bit = 0; bit < 32; ++bit) {
    result = (result << 1U) | (value & 1U);
    value >>= 1U;
  }
  return result;
}

std::uint32_t by_table(std::uint32_t crc, std::string_view bytes) noexcept {
  boost::crc_optimal<32, kPolynomial, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum(reversed(~crc));
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

#ifdef __x86_64__
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t crc, std::string_view bytes) noexcept {
  std::uint64_t sum = ~crc;
  while (bytes.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    sum = _mm_crc32_u64(sum, word);
    bytes.remove_prefix(sizeof word);
  }
  auto rest = static_cast<std::uint32_t>(sum);
  for (const char byte : bytes) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(byte));
  return ~rest;
}
#endif

}  // namespace

std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes) noexcept {
#ifdef __x86_64__
  static const bool kHasInstruction = __builtin_cpu_supports("sse4.2") != 0;
  if (kHasInstruction) return by_instruction(crc, bytes);
#endif
  return by_table(crc, bytes);
}

}  // namespace naudit::output
