// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Sizes and durations as people write them. All pure; any thread.
namespace naudit::base {

// "512", "8KiB", "64MiB", "1GiB"; powers of 1000 are "kB", "MB", "GB". Empty: not a size, or more than 2^63 bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);
// The shortest exact spelling that parse_size reads back.
std::string size_text(std::uint64_t bytes);

// "250ms", "2s", "5m", "1h", "1d", "0". Empty: not a duration, no unit, or more than 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// The shortest exact spelling that parse_duration reads back.
std::string duration_text(std::chrono::milliseconds duration);

}  // namespace naudit::base
