// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::base {

// The small words of a configuration: sizes, durations, quoting, spelling. All pure; any thread.

// "512", "8KiB", "64MiB", "1GiB"; powers of 1000 are "kB", "MB", "GB". Empty: not a size, or more than 2^63 bytes.
std::optional<std::uint64_t> parse_size(std::string_view text);
// The shortest exact spelling that parse_size reads back.
std::string size_text(std::uint64_t bytes);

// "250ms", "2s", "5m", "1h", "1d", "0". Empty: not a duration, no unit, or more than 100 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// The shortest exact spelling that parse_duration reads back.
std::string duration_text(std::chrono::milliseconds duration);

// The text in single quotes, fit for a message: cut after 80 bytes, and every byte that a terminal would act on
// written as \xNN.
std::string in_quotes(std::string_view text);

// How many single-letter edits (insert, delete, replace, swap of neighbours) lead from one word to the other, letter
// case aside.
std::size_t edit_distance(std::string_view left, std::string_view right);

}  // namespace naudit::base
