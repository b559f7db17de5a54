// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/record_fields.hpp"

namespace naudit::interpret {

bool says_nothing(const Field& field) noexcept {
  const std::string_view value = field.value;
  if (value.empty()) return true;
  if (value[0] != '?' && value[0] != '(') return false;
  return value == "?" || value == "(none)" || (value == "(null)" && field.spelling == Spelling::kBare);
}

const Field* RecordFields::find(tables::FieldId id, bool& claimed) const noexcept {
  claimed = false;
  const Field* found = event_.find(record_, id);
  if (found == nullptr) {
    found = event_.find_claim(record_, id);
    claimed = found != nullptr;
  }
  return found == nullptr || says_nothing(*found) ? nullptr : found;
}

std::string_view RecordFields::value(tables::FieldId id) const noexcept {
  bool claimed = false;
  const Field* const found = find(id, claimed);
  return found == nullptr ? std::string_view{} : found->value;
}

bool RecordFields::add(Part part, std::span<const tables::FieldId> ids, bool only_claim) const noexcept {
  for (const tables::FieldId id : ids) {
    bool claimed = true;
    const Field* found = only_claim ? event_.find_claim(record_, id) : find(id, claimed);
    if (found == nullptr || says_nothing(*found)) continue;
    summary_.add({.part = part, .claimed = claimed, .record_type = record_.type, .field = found});
    return true;
  }
  return false;
}

}  // namespace naudit::interpret
