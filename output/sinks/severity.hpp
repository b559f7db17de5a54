// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace naudit::output {

// How much a message matters, as syslog and the journal number it (RFC 5424, section 6.2.1).
enum class Severity : std::uint8_t { kEmerg, kAlert, kCrit, kErr, kWarning, kNotice, kInfo, kDebug };
inline constexpr std::array<std::string_view, 8> kSeverities = {"emerg",   "alert",  "crit", "err",
                                                                "warning", "notice", "info", "debug"};

}  // namespace naudit::output
