// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace naudit::daemon {

// What this process takes of the machine.
struct ProcessUse {
  double cpu_seconds = 0;  // user and system, of all threads
  std::optional<std::uint64_t> resident_bytes, virtual_bytes;
  std::optional<std::uint64_t> open_descriptors;
};

// Asks the kernel; what it does not tell is empty. Any thread; a few system calls.
ProcessUse process_use();

// The first two numbers of /proc/self/statm, in pages (proc(5)); empty members for what is no such text. Pure.
struct MemoryPages {
  std::optional<std::uint64_t> size, resident;
};
MemoryPages parse_statm(std::string_view text);

}  // namespace naudit::daemon
