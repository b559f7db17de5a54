// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/names/told_names.hpp"

#include "interpret/record/told_meanings.hpp"

namespace naudit::interpret {
namespace {

bool holds(std::span<const Field> fields, const Field& field) noexcept {
  return !fields.empty() && &field >= fields.data() && &field < fields.data() + fields.size();
}

std::optional<std::string_view> name_in_record(const DecodedEvent& event, const DecodedRecord& record,
                                               const Field& field, bool claimed, std::string& scratch) {
  if (!record.told.empty()) {
    ToldMeanings told;
    told.read(record.told);
    if (const auto meaning = told.find(claimed, field.id); meaning && meaning->form == Form::kName)
      return meaning->text;
  }
  if (record.tokens.enriched.empty()) return std::nullopt;
  EnrichedNames enriched;
  enriched.read(record.tokens.enriched);
  return name_beside(enriched, field, claimed && event.find(record, field.id) != nullptr, scratch);
}

}  // namespace

std::optional<std::string_view> name_beside(EnrichedNames& enriched, const Field& field, bool second,
                                            std::string& scratch) {
  if (enriched.empty()) return std::nullopt;
  const std::string_view name = enriched.find(tables::field_info(field.id).name, second, scratch);
  // A word that begins so is auparse's for what its own tables do not have: it says nothing of that machine.
  if (name.empty() || name.starts_with("unknown-")) return std::nullopt;
  return is_unknown_name(name) ? std::string_view() : name;
}

std::string_view name_elsewhere(const DecodedEvent& event, NameId id, Names& names) {
  const Names::Time now = event.source().last;
  const bool is_group = id.kind == NameId::Kind::kGroup;
  if (id.number != kUnsetId) {
    if (event.tells_names())
      if (const auto name = event.names().find(is_group, id.number)) return *name;
    if (!may_ask(event, names)) return {};
  }
  return is_group ? names.group(id.number, now) : names.user(id.number, now);
}

std::string_view told_name(const DecodedEvent& event, const DecodedRecord& record, const Field& field, NameId id,
                           Names& names, std::string& scratch) {
  if (event.tells_names())
    if (const auto name = name_in_record(event, record, field, holds(event.claim(record), field), scratch))
      return *name;
  return name_elsewhere(event, id, names);
}

bool is_told_beside(const DecodedEvent& event, const DecodedRecord& record, const Field& field, std::string& scratch) {
  std::uint32_t number = 0;
  if (!parse_decimal(field.value, number) || number == kUnsetId) return true;
  return name_in_record(event, record, field, holds(event.claim(record), field), scratch).has_value();
}

std::string_view told_name(const DecodedEvent& event, const Field* field, NameId id, Names& names,
                           std::string& scratch) {
  if (field != nullptr && event.tells_names()) {
    for (const DecodedRecord& record : event.records()) {
      if (record.tokens.enriched.empty() && record.told.empty()) continue;
      if (holds(event.fields(record), *field) || holds(event.claim(record), *field))
        return told_name(event, record, *field, id, names, scratch);
    }
  }
  return name_elsewhere(event, id, names);
}

std::optional<std::string_view> name_in_input(const DecodedEvent& event, const DecodedRecord& record,
                                              const Field& field, NameId id, std::string& scratch) {
  if (!event.tells_names()) return std::nullopt;
  if (const auto name = name_in_record(event, record, field, false, scratch)) return name;
  return event.names().find(id.kind == NameId::Kind::kGroup, id.number);
}

}  // namespace naudit::interpret
