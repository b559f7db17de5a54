// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/heka/options.hpp"

namespace naudit::formats {

// Heka's frame around a message, as its HekaFramingSplitter reads it: 0x1E, the length of the header in one byte, the
// header (protobuf: length of the message, and who signed it), 0x1F, the message.
inline constexpr char kHekaRecord = '\x1E';
inline constexpr char kHekaUnit = '\x1F';

// Whether OpenSSL makes the hash of these options: a machine may forbid MD5.
bool can_sign(const HekaOptions& options);

// Appends the frame; signed if the options name a signer: the HMAC is over the message's bytes. Pure.
void append_heka_frame(std::string_view message, const HekaOptions& options, std::string& out);

}  // namespace naudit::formats
