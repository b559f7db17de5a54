// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

#include "interpret/record/tokens.hpp"

namespace naudit::formats {

// How laurel writes the value of a field, by its name.
enum class LaurelKind : std::uint8_t {
  kText,         // a string
  kDecimal,      // a number
  kHexadecimal,  // "0x…"
  kOctal,        // "0o…"
};

// Found by giving laurel 0.5.1 each name that audit has; what ends in uid or gid is decimal. A field that is new since
// then is a text. Pure.
LaurelKind laurel_kind(const interpret::Field& field) noexcept;

// Does laurel write one object for a record of this type, and not an array of them? `type` 0: a name that nobody knows.
bool is_laurel_object(std::uint16_t type) noexcept;

}  // namespace naudit::formats
