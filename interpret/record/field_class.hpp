// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>

#include "tables/fields.hpp"

namespace naudit::interpret {

// How this field is written, and what it means, in a record of this type: where the type has its own way, that, else
// what the field's name says (tables/fields.hpp). Both ways use it, from a record to our formats and back. Pure.
tables::FieldClass field_class(std::uint16_t record_type, tables::FieldId field) noexcept;

// Is a field of this class a decimal number in a record of this type? It is one always or never, whatever its value:
// our JSON's types go by this. Pure.
bool is_number(std::uint16_t record_type, tables::FieldClass kind) noexcept;

}  // namespace naudit::interpret
