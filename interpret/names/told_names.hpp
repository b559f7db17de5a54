// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/record/enriched_names.hpp"

// The name of a user or group as an event's reader should see it. In this order:
// 1. what the input tells of that very field: an enriched record's names, a member of the native event;
// 2. what it tells of that number elsewhere in the event;
// 3. what this machine says, if the record is one of those that it may speak for (NamesScope).
// A number that the event's machine had no name for ("unknown(1000)") has none: ours would find somebody else.
namespace naudit::interpret {

// "unset": what a number that is none is called on every machine.
inline constexpr std::uint32_t kUnsetId = 0xFFFFFFFF;

// The first of these. Nothing if the input does not tell; empty if it tells that there was no name. `enriched`: that
// of the field's record. `second`: of two fields of that name, the program's. Valid until the next call with `scratch`.
std::optional<std::string_view> name_beside(EnrichedNames& enriched, const Field& field, bool second,
                                            std::string& scratch);
// The second and the third; empty if nobody knows. Valid until the next call with the same `names` or event.
std::string_view name_elsewhere(const DecodedEvent& event, NameId id, Names& names);

// All three. `field` may be null: the number then stands in no field of its own. Valid until the next call with the
// same `names` or `scratch`. The thread of `names`.
std::string_view told_name(const DecodedEvent& event, const Field* field, NameId id, Names& names,
                           std::string& scratch);
// The same for who knows the field's record.
std::string_view told_name(const DecodedEvent& event, const DecodedRecord& record, const Field& field, NameId id,
                           Names& names, std::string& scratch);

// Does the first tell of this field, or has it a number that is none? The second is not asked then.
bool is_told_beside(const DecodedEvent& event, const DecodedRecord& record, const Field& field, std::string& scratch);

// The first and the second alone, of one of the kernel's fields of this record: what the input says. Nothing or empty
// as above.
std::optional<std::string_view> name_in_input(const DecodedEvent& event, const DecodedRecord& record,
                                              const Field& field, NameId id, std::string& scratch);

// May this machine be asked about a record of this event?
inline bool may_ask(const DecodedEvent& event, const Names& names) {
  return names.scope().covers(event.source().node);
}

}  // namespace naudit::interpret
