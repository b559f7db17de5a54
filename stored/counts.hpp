// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <vector>

namespace naudit::stored {

// What a reader of stored logs has read so far.
struct ReadCounts {
  std::uint64_t records = 0;
  std::uint64_t rejected = 0;  // lines and damaged places without a readable record
  std::uint64_t bytes = 0;     // after decompression
  std::vector<std::uint64_t> by_type = std::vector<std::uint64_t>(4096);  // 0: a type that has no number we know
};

}  // namespace naudit::stored
