// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The kernel's bytes of a rule: any bytes; what is decoded must be printed, explained and encoded again to the same
// rule. The head is 1040 bytes, so the input is a short form: it is laid out field by field over zeros.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "rules/advice/explain.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/wire.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  const auto check = [](std::span<const std::byte> bytes) {
    const auto rule = rules::decode(bytes);
    if (!rule) return;
    (void)rules::listing(*rule, rules::ListingStyle::kAuditctl, tables::kArchX86_64);
    (void)rules::listing(*rule, rules::ListingStyle::kInterpreted, tables::kArchX86_64);
    (void)rules::rule_line(*rule, tables::kArchX86_64);
    (void)rules::explain(*rule);
    const auto again = rules::decode(rules::encode(*rule));
    if (!again || *again != *rule) std::abort();
  };
  check(std::as_bytes(std::span(data, size)));

  // list, action, count, mask words, buflen; then 6 bytes a field; then strings
  if (size < 8) return 0;
  std::vector<std::byte> bytes(1040);
  const auto put = [&bytes](std::size_t word, std::uint32_t value) { std::memcpy(&bytes[word * 4], &value, 4); };
  put(0, data[0]);
  put(1, data[1]);
  put(2, data[2]);
  put(3, data[3] * 0x01010101U);
  put(259, data[4]);
  std::size_t at = 8;
  for (std::size_t i = 0; i < data[2] % 65U && at + 6 <= size; ++i, at += 6) {
    put(67 + i, data[at]);
    put(195 + i, static_cast<std::uint32_t>(data[at + 1]) << 24);
    std::uint32_t value = 0;
    std::memcpy(&value, data + at + 2, 4);
    put(131 + i, value);
  }
  for (; at < size; ++at) bytes.push_back(static_cast<std::byte>(data[at]));
  check(bytes);
  return 0;
}
