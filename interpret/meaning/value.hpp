// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "interpret/form.hpp"
#include "tables/fields.hpp"

namespace naudit::interpret {

// Appends what a bare value of this class means in a record of this type, for the classes whose meaning needs nothing
// but the value: numbers that stand for one thing, words of bits, modes. kNone for all other classes, for a value that
// is not such a number, and for a number without a name. Pure, no allocation but the growth of `out`.
Form append_value(std::string& out, tables::FieldClass kind, std::uint16_t record_type, std::string_view value);

}  // namespace naudit::interpret
