// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Records and fields of an event, one by one.
#include "tables/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <system_error>

#include "interpret/record/field_class.hpp"
#include "library/event.hpp"

using naudit::interpret::Spelling;
using naudit::library::guarded;
using naudit::library::text_of;
using naudit::tables::FieldClass;

namespace {

constexpr naudit_text kNoText{nullptr, 0};

// By FieldClass.
constexpr std::array kKinds = {
    "plain",
    "number",
    "hex",
    "encoded",
    "keys",
    "uid",
    "gid",
    "arch",
    "syscall",
    "exit",
    "errno",
    "success",
    "result",
    "mode",
    "sockaddr",
    "proctitle",
    "session",
    "signal",
    "capabilities",
    "capability",
    "argument",
    "permission",
    "mmap_flags",
    "lookup_flags",
    "personality",
    "seccomp_code",
    "open_flags",
    "list",
    "promiscuous",
    "tty_data",
    "family",
    "icmp_type",
    "protocol",
    "address",
    "label",
    "hook",
    "netfilter_action",
    "mac_protocol",
    "ioctl",
    "fanotify_response",
    "fanotify_info",
    "fanotify_trust",
    "netlink_group",
    "resolve",
    "uring_op",
    "audit_enabled",
    "audit_failure",
    "time_status",
};
static_assert(kKinds.size() == static_cast<std::size_t>(FieldClass::kTimeStatus) + 1);

FieldClass class_of(const naudit_field& field) noexcept {
  return naudit::interpret::field_class(field.record->decoded->type, field.field->id);
}

// The base that a number of this kind is written in.
int base_of(FieldClass kind) noexcept {
  switch (kind) {
    case FieldClass::kHex:
    case FieldClass::kArch:
    case FieldClass::kArgument:
    case FieldClass::kCapabilities:
    case FieldClass::kIoctl:
    case FieldClass::kLookupFlags:
    case FieldClass::kMmapFlags:
    case FieldClass::kPersonality:
      return 16;
    case FieldClass::kMode:
      return 8;
    default:
      return 10;
  }
}

bool is_encoded(FieldClass kind) noexcept {
  return kind == FieldClass::kEncoded || kind == FieldClass::kKeys || kind == FieldClass::kProctitle ||
         kind == FieldClass::kTtyData;
}

// A value with the quotes or braces that stand around it.
std::string_view raw(const naudit_field& field) noexcept {
  const std::string_view value = field.field->value;
  const std::string_view text = field.record->decoded->text;
  if (field.field->spelling == Spelling::kBare || !field.record->decoded->holds(value)) return value;
  const bool is_quoted = field.field->spelling == Spelling::kQuoted;
  auto begin = static_cast<std::size_t>(value.data() - text.data());
  std::size_t end = begin + value.size();
  while (!is_quoted && begin > 0 && text[begin - 1] == ' ') --begin;
  while (!is_quoted && end < text.size() && text[end] == ' ') ++end;
  if (begin == 0 || end == text.size() || text[begin - 1] != (is_quoted ? '"' : '{') ||
      text[end] != (is_quoted ? '"' : '}'))
    return value;
  return text.substr(begin - 1, end - begin + 2);
}

const std::string& value_of(const naudit_field& field) {
  if (field.value != nullptr) return *field.value;
  std::string& text = field.record->event->new_text();
  if (is_encoded(class_of(field))) {
    const std::string_view decoded = naudit::interpret::decoded(*field.field, text);
    if (decoded.data() != text.data()) text.assign(decoded);
  } else {
    text.assign(field.field->value);
  }
  field.value = &text;
  return text;
}

const std::string& interpreted(const naudit_field& field) {
  if (field.interpreted != nullptr) return *field.interpreted;
  const FieldClass kind = class_of(field);
  const std::string& value = value_of(field);
  naudit_event& event = *field.record->event;
  std::string& text = event.new_text();
  auto& meaning = event.core->meaning();
  meaning.begin(event.decoded, *field.record->decoded);
  const auto& permission = field.record->permission;
  const bool is_permission = field.field == &permission[0] || field.field == &permission[1];
  if ((is_encoded(kind) && kind != FieldClass::kTtyData) || is_permission ||
      meaning.append(*field.field, kind, text) == naudit::interpret::Form::kNone) {
    text.assign(value);
    // Where a value has several parts, a person wants to see them.
    if (kind == FieldClass::kProctitle) std::ranges::replace(text, '\0', ' ');
    if (kind == FieldClass::kKeys) std::ranges::replace(text, '\1', ',');
  }
  field.interpreted = &text;
  return text;
}

const naudit_field* find(const naudit_record& record, std::size_t first, std::size_t end, const char* name) noexcept {
  const auto& fields = record.event->fields;
  for (std::size_t i = first; i < end; ++i)
    if (fields[i].field->name == name) return &fields[i];
  return nullptr;
}

}  // namespace

size_t naudit_event_record_count(const naudit_event* event) {
  return event == nullptr ? 0 : event->decoded.records().size();
}

const naudit_record* naudit_event_record(const naudit_event* event, size_t index) {
  return index < naudit_event_record_count(event) ? &event->records[index] : nullptr;
}

const naudit_record* naudit_event_find_record(const naudit_event* event, int type) {
  for (std::size_t i = 0; i < naudit_event_record_count(event); ++i)
    if (event->records[i].decoded->type == type) return &event->records[i];
  return nullptr;
}

const naudit_field* naudit_event_find_field(const naudit_event* event, const char* name) {
  for (std::size_t i = 0; i < naudit_event_record_count(event); ++i)
    if (const naudit_field* const field = naudit_record_find_field(&event->records[i], name)) return field;
  return nullptr;
}

int naudit_record_type(const naudit_record* record) {
  return record == nullptr ? 0 : record->decoded->type;
}

naudit_text naudit_record_type_name(const naudit_record* record) {
  return record == nullptr ? kNoText : text_of(record->type_name);
}

naudit_text naudit_record_text(const naudit_record* record) {
  return record == nullptr ? kNoText : text_of(record->decoded->text);
}

size_t naudit_record_field_count(const naudit_record* record) {
  return record == nullptr ? 0 : record->count;
}

const naudit_field* naudit_record_field(const naudit_record* record, size_t index) {
  return index < naudit_record_field_count(record) ? &record->event->fields[record->first + index] : nullptr;
}

const naudit_field* naudit_record_find_field(const naudit_record* record, const char* name) {
  if (record == nullptr || name == nullptr) return nullptr;
  return find(*record, record->first, record->first + record->count - record->claims, name);
}

const naudit_field* naudit_record_find_claim(const naudit_record* record, const char* name) {
  if (record == nullptr || name == nullptr) return nullptr;
  const std::size_t end = record->first + record->count;
  return find(*record, end - record->claims, end, name);
}

const naudit_record* naudit_field_record(const naudit_field* field) {
  return field == nullptr ? nullptr : field->record;
}

naudit_text naudit_field_name(const naudit_field* field) {
  return field == nullptr ? kNoText : text_of(field->field->name);
}

naudit_text naudit_field_raw(const naudit_field* field) {
  return field == nullptr ? kNoText : text_of(raw(*field));
}

naudit_result naudit_field_value(const naudit_field* field, naudit_text* value) {
  if (value == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *value = kNoText;
  if (field == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(field->record->event->message, [&] {
    *value = text_of(value_of(*field));
    return NAUDIT_OK;
  });
}

naudit_result naudit_field_interpreted(const naudit_field* field, naudit_text* text) {
  if (text == nullptr) return NAUDIT_ERROR_ARGUMENT;
  *text = kNoText;
  if (field == nullptr) return NAUDIT_ERROR_ARGUMENT;
  return guarded(field->record->event->message, [&] {
    *text = text_of(interpreted(*field));
    return NAUDIT_OK;
  });
}

const char* naudit_field_kind(const naudit_field* field) {
  return kKinds[static_cast<std::size_t>(field == nullptr ? FieldClass::kPlain : class_of(*field))];
}

int naudit_field_number(const naudit_field* field, int64_t* number) {
  if (field == nullptr || number == nullptr || field->field->spelling != Spelling::kBare) return 0;
  std::string_view text = field->field->value;
  const FieldClass kind = class_of(*field);
  const int base = is_encoded(kind) ? 0 : base_of(kind);
  if (base == 0) return 0;
  if (base == 16 && (text.starts_with("0x") || text.starts_with("0X"))) text.remove_prefix(2);
  const bool is_negative = base == 10 && text.starts_with('-');
  if (is_negative) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return 0;
    *number = value;
    return 1;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return 0;
  *number = static_cast<std::int64_t>(value);
  return 1;
}

int naudit_field_is_claim(const naudit_field* field) {
  return field != nullptr && field->is_claim ? 1 : 0;
}
