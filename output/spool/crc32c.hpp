// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::output {

// CRC-32C (Castagnoli; RFC 3720, section 12.1) of what `crc` is of, followed by `bytes`; 0 to begin with. With the
// processor's instruction where it has one. Pure; any thread.
std::uint32_t crc32c(std::uint32_t crc, std::string_view bytes) noexcept;

}  // namespace naudit::output
