// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>

namespace naudit::formats {

// BSM has error numbers of its own, one byte each, that mean the same on every system (bsm/audit_errno.h).

// A failure of which the number is not known, or that BSM has no number for (ERFKILL and later ones).
inline constexpr std::uint8_t kBsmUnknownErrno = 250;

// For Linux's number (x86's and most others'), positive; 0 is 0. Pure, any thread.
std::uint8_t bsm_errno(std::uint64_t linux_errno) noexcept;

}  // namespace naudit::formats
