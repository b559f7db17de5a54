// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The losses that the run before could not tell. What is taken from them is what is written of them.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/pipeline/untold_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::daemon;
  const auto untold = parse_untold({reinterpret_cast<const char*>(data), size});
  if (!untold) return 0;
  const auto again = parse_untold(untold_text(*untold));
  if (!again || untold_text(*again) != untold_text(*untold)) __builtin_trap();
  return 0;
}
