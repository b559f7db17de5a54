// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::output::shape {

using Traits = std::span<const config::Trait>;

// A trait of events: one row gives what is told of it in a record of ours, and its line in docs/sinks.md.
struct TraitRow {
  config::Trait trait;
  std::string_view field;  // "exe"; empty: it is not told, since it may be long, or hold secrets
  bool is_text;            // written as the kernel writes a text of others: in quotes, or as hexadecimal digits
  std::string_view help;
  // Appends what the event has of it; false if it has nothing.
  bool (*append)(const interpret::DecodedEvent& event, std::string& out);
};
// In the order of the enumerators.
std::span<const TraitRow> trait_rows() noexcept;

// Appends a text that two events share exactly when each of these traits is the same of both, or missing of both. Pure;
// nothing is allocated once `out` is long enough.
void append_traits(Traits traits, const interpret::DecodedEvent& event, std::string& out);
// Appends them as fields of a record: ` key="exec" auid=1000`; "(null)" stands for a key that is missing, "?" for
// others. Pure.
void append_fields(Traits traits, const interpret::DecodedEvent& event, std::string& out);
// "key,exe"; "none". Pure.
std::string names_of(Traits traits);

}  // namespace naudit::output::shape
