// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// How far the run before has come. What is taken from it is what is written of it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/kernel/serial_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::daemon;
  const auto state = parse_run_state({reinterpret_cast<const char*>(data), size});
  if (state && parse_run_state(run_state_text(*state)) != state) __builtin_trap();
  return 0;
}
