// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "correlate/event.hpp"
#include "tables/fields.hpp"

namespace naudit::interpret {

// How a value stood in the record. What it means follows from the field's name and the record's type, never from this
// and never from its looks alone.
enum class Spelling : std::uint8_t {
  kBare,    // a word
  kQuoted,  // "…"; the kernel escapes nothing in it: the next quote ends it
  kBraces,  // { … }
};

// One name=value of a record. Views into the record's text; `value` is without quotes or braces.
struct Field {
  std::string_view name;
  std::string_view value;
  tables::FieldId id = 0;
  Spelling spelling = Spelling::kBare;
};

// A record's body, taken apart. `fields` is shared by all records of an event: first/count say which are whose.
struct Tokens {
  std::uint32_t first = 0, count = 0;              // what the kernel (or the daemon) says
  std::uint32_t claim_first = 0, claim_count = 0;  // what a program said, inside msg='…'
  std::uint32_t claim_at = 0;                      // how many of the kernel's fields stand before msg='…'
  bool has_claim = false;
  // SELinux: "avc:  denied  { read write } for  …"; the permissions still in one piece.
  std::string_view avc_result, avc_permissions;
  bool avc_in_claim = false;  // a user-space object manager said it, inside msg='…'
  // Words that belong to no field, as a view from the first to the last of them ("policy loaded").
  std::string_view words, claim_words;
  std::string_view enriched;  // the names that an auditd appended (enriched_tail.hpp); only in a stored record
  // True if writing the fields in this order with one space between them, each in its usual spelling place, gives the
  // very same text (the encoder still has to check the values' own spelling).
  bool regular = true;
  // Which record before it is like (token_repeat.hpp): its number, 0 if it is like none, and where it is kept. A bit
  // for each field, the claim's behind the others: whether its value may be another than in that record.
  std::uint64_t base = 0, changed = 0;
  std::uint16_t place = 0;
};

// Takes a record's body apart ("name=value name="v" …", with a leading avc: part, msg='…' and the enriched tail where
// they are: a live record has none, whatever bytes are in it). Appends to `fields`. Never fails: what cannot be read is
// left in `words`, and `regular` is then false. Pure; no allocation beyond the vector's growth.
void tokenise(std::string_view body, correlate::Source source, std::vector<Field>& fields, Tokens& out);

// The value of a field that the kernel encodes (FieldClass::kEncoded, kKeys, kProctitle): what stood in quotes, or what
// the hexadecimal digits say; anything else as it stands. A view into the record or into `scratch`.
std::string_view decoded(const Field& field, std::string& scratch);

}  // namespace naudit::interpret
