// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "interpret/names/names.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::interpret {

// The value of one part in words: an absolute path, "10.0.0.1:443", a number, a name. Nothing for a flag. A user or
// group is its number; the name is the caller's business. Appends to `out`; bytes as they came, nothing is escaped.
void append_part(const DecodedEvent& event, const ObjectPart& part, std::string& out);
// What the object is called by: its first part.
void append_object(const DecodedEvent& event, const Summary& summary, std::string& out);
// "10.0.0.1:443", "[::1]:22", "/run/dbus/system_bus_socket", "@abstract", or the family's name.
void append_address(const DecodedEvent& event, const Field& saddr, std::string& out);

}  // namespace naudit::interpret
