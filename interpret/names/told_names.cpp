// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/told_names.hpp"

namespace naudit::interpret {
namespace {

bool holds(std::span<const Field> fields, const Field& field) noexcept {
  return !fields.empty() && &field >= fields.data() && &field < fields.data() + fields.size();
}

std::string_view own_name(const DecodedEvent& event, NameId id, Names& names) {
  const Names::Time now = event.source().last;
  return id.kind == NameId::Kind::kUser ? names.user(id.number, now) : names.group(id.number, now);
}

}  // namespace

std::string_view told_name(const DecodedEvent& event, EnrichedNames& enriched, const Field& field, bool second,
                           NameId id, Names& names, std::string& scratch) {
  if (enriched.empty()) return own_name(event, id, names);
  const std::string_view name = enriched.find(tables::field_info(field.id).name, second, scratch);
  if (name.starts_with("unknown(")) return {};
  return name.empty() || name.starts_with("unknown-") ? own_name(event, id, names) : name;
}

std::string_view told_name(const DecodedEvent& event, const Field* field, NameId id, Names& names,
                           std::string& scratch) {
  for (const DecodedRecord& record : event.records()) {
    if (field == nullptr) break;
    if (record.tokens.enriched.empty()) continue;
    const bool claimed = holds(event.claim(record), *field);
    if (!claimed && !holds(event.fields(record), *field)) continue;
    EnrichedNames enriched;
    enriched.read(record.tokens.enriched);
    const bool second = claimed && event.find(record, field->id) != nullptr;
    return told_name(event, enriched, *field, second, id, names, scratch);
  }
  return own_name(event, id, names);
}

}  // namespace naudit::interpret
