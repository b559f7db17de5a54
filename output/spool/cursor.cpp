// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/cursor.hpp"

#include "output/spool/crc32c.hpp"
#include "output/spool/format.hpp"

namespace naudit::output {
namespace {

constexpr std::string_view kMagic = "NAUDCUR1";
constexpr std::size_t kCrcAt = kCursorSlot - sizeof(std::uint32_t);

std::optional<CursorSlot> parse_slot(std::string_view bytes) {
  if (bytes.size() < kCursorSlot) return std::nullopt;
  bytes = bytes.substr(0, kCursorSlot);
  if (!bytes.starts_with(kMagic) || u32_at(bytes, kCrcAt) != crc32c(0, bytes.substr(0, kCrcAt))) return std::nullopt;
  const CursorSlot slot{u64_at(bytes, 8), {u64_at(bytes, 16), u64_at(bytes, 24), u64_at(bytes, 32)}};
  if (slot.cursor.sequence > kSequenceMost) return std::nullopt;
  return slot;
}

}  // namespace

std::string encode_slot(const CursorSlot& slot) {
  std::string out(kMagic);
  append_u64(out, slot.generation);
  append_u64(out, slot.cursor.sequence);
  append_u64(out, slot.cursor.segment);
  append_u64(out, slot.cursor.offset);
  out.resize(kCrcAt, '\0');
  append_u32(out, crc32c(0, out));
  return out;
}

std::optional<CursorSlot> parse_cursor(std::string_view file) {
  const auto first = parse_slot(file);
  const auto second = file.size() < kCursorSlot ? std::nullopt : parse_slot(file.substr(kCursorSlot));
  if (!first || (second && second->generation > first->generation)) return second;
  return first;
}

}  // namespace naudit::output
