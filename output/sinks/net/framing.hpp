// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "output/batch.hpp"

namespace naudit::output {

// How a stream tells where a message ends (RFC 6587, section 3.4).
enum class Framing : std::uint8_t {
  kNewline,       // LF behind each; what is in it has none, or each line is a message
  kOctetCounted,  // "LEN SP" before each, nothing behind it; it may hold any byte
};

// What is counted as one message.
enum class Message : std::uint8_t {
  kEvent,  // with all its lines
  kBytes,  // an event of a binary format: nothing at its end is a newline
  kLine,
};

// Appends "LEN SP message" for each message of the batch. The newline at its end goes, those within an event stay.
// Pure.
// A message of more than `most` bytes is cut behind a whole UTF-8 character; 0: none is. Returns how many were cut.
std::size_t append_counted(const Batch& batch, Message what, std::size_t most, std::string& out);

// The lines of a batch, each with its newline, cut as above.
std::size_t append_lines(const Batch& batch, std::size_t most, std::string& out);

// The beginning of the text, at most so many bytes of it, without a piece of a UTF-8 character at its end. 0: all.
std::string_view cut_to(std::string_view text, std::size_t most) noexcept;

}  // namespace naudit::output
