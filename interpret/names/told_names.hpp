// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/record/enriched_names.hpp"

namespace naudit::interpret {

// The name of a user or group as an event's reader should see it: what the record that the field stands in was enriched
// with, where and when it happened; else what this machine says. Empty if neither knows it, or if the machine where it
// happened did not: ours would find somebody else. `field` may be null: the number then stands in no field of its own.
//
// Valid until the next call with the same `names` or `scratch`. The thread of `names`.
std::string_view told_name(const DecodedEvent& event, const Field* field, NameId id, Names& names,
                           std::string& scratch);

// The same for who has the names of the field's record at hand. `second`: of two fields of that name, the program's.
std::string_view told_name(const DecodedEvent& event, EnrichedNames& enriched, const Field& field, bool second,
                           NameId id, Names& names, std::string& scratch);

}  // namespace naudit::interpret
