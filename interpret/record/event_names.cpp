// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/event_names.hpp"

#include <algorithm>
#include <cstring>

#include "interpret/record/decoded_event.hpp"
#include "interpret/record/enriched_names.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/record/told_meanings.hpp"

namespace naudit::interpret {
namespace {

using tables::FieldClass;

// Stands before each name.
struct Head {
  std::uint32_t number = 0;
  std::uint32_t size = 0;
  std::uint32_t is_group = 0;
};

std::uint64_t key_of(bool is_group, std::uint32_t number) noexcept {
  return std::uint64_t{is_group} << 32U | number;
}

}  // namespace

void append_event_name(bool is_group, std::uint32_t number, std::string_view name, std::string& out) {
  const Head head{.number = number, .size = static_cast<std::uint32_t>(name.size()), .is_group = is_group ? 1U : 0U};
  char bytes[sizeof head];
  std::memcpy(bytes, &head, sizeof head);
  out.append(bytes, sizeof bytes);
  out += name;
}

void EventNames::add(bool is_group, std::uint32_t number, std::string_view name) {
  if (is_unknown_name(name)) name = {};
  entries_.push_back({.key = key_of(is_group, number),
                      .begin = static_cast<std::uint32_t>(text_.size()),
                      .size = static_cast<std::uint32_t>(name.size())});
  text_ += name;
}

void EventNames::read(const DecodedEvent& event) {
  entries_.clear();
  text_.clear();
  std::string scratch;
  for (const DecodedRecord& record : event.records()) {
    if (record.told.empty() && record.tokens.enriched.empty()) continue;
    ToldMeanings told;
    told.read(record.told);
    EnrichedNames enriched;
    enriched.read(record.tokens.enriched);
    for (const Field& field : event.fields(record)) {
      const FieldClass kind = field_class(record.type, field.id);
      std::uint32_t number = 0;
      if ((kind != FieldClass::kUid && kind != FieldClass::kGid) || !parse_decimal(field.value, number)) continue;
      const bool is_group = kind == FieldClass::kGid;
      if (const auto meaning = told.find(false, field.id); meaning && meaning->form == Form::kName)
        add(is_group, number, meaning->text);
      else if (const std::string_view name = enriched.find(tables::field_info(field.id).name, false, scratch);
               !name.empty() && !name.starts_with("unknown-"))
        add(is_group, number, name);
    }
  }
  for (std::string_view rest = event.source().names; rest.size() >= sizeof(Head);) {
    Head head;
    std::memcpy(&head, rest.data(), sizeof head);
    rest.remove_prefix(sizeof head);
    add(head.is_group != 0, head.number, rest.substr(0, head.size));
    rest.remove_prefix(std::min<std::size_t>(head.size, rest.size()));
  }
  // The first of a number counts.
  std::ranges::stable_sort(entries_, {}, &Entry::key);
}

std::optional<std::string_view> EventNames::find(bool is_group, std::uint32_t number) const noexcept {
  const std::uint64_t key = key_of(is_group, number);
  const auto entry = std::ranges::lower_bound(entries_, key, {}, &Entry::key);
  if (entry == entries_.end() || entry->key != key) return std::nullopt;
  return std::string_view(text_).substr(entry->begin, entry->size);
}

}  // namespace naudit::interpret
