// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string_view>

#include "interpret/record/tokens.hpp"

namespace naudit::formats {

// The names that aushape's published schemas of 2018 (aushape.schema.json, aushape.xsd) know, in both languages the
// same. A record that they know may have no other fields. Of a record that they do not know, JSON says nothing, and XML
// has no place for it. Constant data, any thread.

bool is_aushape_field(const interpret::Field& field) noexcept;
// By the key, in lower case.
bool is_aushape_record(std::string_view key) noexcept;

// Both sorted, for the tests.
std::span<const std::string_view> aushape_fields() noexcept;
std::span<const std::string_view> aushape_records() noexcept;

}  // namespace naudit::formats
