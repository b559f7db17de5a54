// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The position in a spool. What is taken for one is what is written of it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "output/spool/cursor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  const auto slot = parse_cursor({reinterpret_cast<const char*>(data), size});
  if (!slot) return 0;
  std::string file(kCursorFile, '\0');
  file.replace(slot->generation % 2 * kCursorSlot, kCursorSlot, encode_slot(*slot));
  if (parse_cursor(file) != slot) __builtin_trap();
  return 0;
}
