// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The end of our own log, with text of programs in it: the serials that it says have come. The first byte tells whether
// it is cut off in front.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/kernel/log_end.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::daemon;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  LogEnd end;
  end.add(text, (data[0] & 1U) != 0);
  if (end.serials().size() > size + LogEnd::kMostTold) __builtin_trap();
  if (end.since_start().size() > end.serials().size()) __builtin_trap();
  for (const std::uint32_t serial : end.serials())
    if (serial != 0xffffffffU && !end.reaches(serial + 1)) __builtin_trap();
  return 0;
}
