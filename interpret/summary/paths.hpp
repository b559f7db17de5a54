// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "interpret/record/decoded_event.hpp"

namespace naudit::interpret {

// Paths of records, as text alone: no disk is asked, so a symbolic link in front of ".." is not seen.

// Appends the value of a field that the kernel encodes: what stood in quotes, or what the digits say.
void append_decoded(const Field& field, std::string& out);

// Does a field of a record of this type hold a path?
bool is_path(std::uint16_t type, const Field& field) noexcept;

// Does a field of a path, encoded or not, begin with a slash?
bool is_absolute(const Field& path) noexcept;

// Appends `path` without ".", without doubled slashes and without a slash at its end; ".." takes back what stands
// before it, and of a relative path what is left of it stays. An empty path adds nothing.
void append_normal_path(std::string_view path, std::string& out);

// A decoded path, normal, and absolute if it is or if the event has a CWD record; `as_is`: whatever CWD says.
void append_path(const DecodedEvent& event, const Field& path, bool as_is, std::string& out);

}  // namespace naudit::interpret
