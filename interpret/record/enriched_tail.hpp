// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "interpret/record/tokens.hpp"

namespace naudit::interpret {

// Where the names stand that an auditd with log_format = ENRICHED appended to a record of a stored log
// (src/auditd-event.c, format_enrich: the byte 0x1D, then NAME=value for each field that is an id, a call, an arch or
// an address).
struct EnrichedTail {
  std::size_t record = 0;  // where the record itself ends
  std::size_t names = 0;   // where the first NAME= begins
  // It stands behind the byte 0x1D. Else the byte was lost or escaped on the way, as syslog daemons do it, and the
  // names have to be those of fields of the record: names_fields() says so.
  bool is_marked = false;
};

// Finds it; false if the record has none. Only what auditd can have written is taken for it, since a program's text may
// say anything:
// - in a record with msg='…' it begins right behind the claim's closing apostrophe, which is the kernel's and the last
//   one of the record, and so a tail that a program wrote is inside the claim;
// - in any other record, behind the last field;
// - it is a run of NAME=value in upper case up to the record's end, and nothing else.
// A claim so long that auditd may have cut its end, apostrophe and all, has no tail. Pure; time linear in the size.
bool find_enriched_tail(std::string_view body, EnrichedTail& out) noexcept;

// Is every NAME= of the tail that of one of these fields, and there as often at most? `fields` are the record's and its
// claim's. Pure.
bool names_fields(std::string_view tail, std::span<const Field> fields) noexcept;

}  // namespace naudit::interpret
