// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/norm.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <span>

#include "interpret/summary/paths.hpp"
#include "interpret/summary/text.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using interpret::DecodedEvent;
using interpret::DecodedRecord;
using interpret::Field;
using interpret::ObjectPart;
using interpret::Part;
using interpret::Summary;
using Kind = AushapeWriter::Kind;

// In auparse's order: of a system call, and of other records.
constexpr auto kCallAttributes =
    std::to_array({field::kPpid, field::kPid, field::kGid, field::kEuid, field::kSuid, field::kFsuid, field::kEgid,
                   field::kSgid, field::kFsgid, field::kTty, field::kSubj});
constexpr auto kOtherAttributes =
    std::to_array({field::kPid, field::kSubj, field::kHostname, field::kAddr, field::kTerminal});

// The second thing of a call that has two; else what it was given.
constexpr auto kSecondParts = std::to_array({Part::kOldPath, Part::kTarget, Part::kSource, Part::kMode, Part::kOwner,
                                             Part::kOwnerGroup, Part::kNewId, Part::kNewGroupId});

const ObjectPart* second_part(const Summary& summary) noexcept {
  for (const Part part : kSecondParts) {
    const ObjectPart* const found = summary.find(part);
    if (found != nullptr && found != &summary.object().front()) return found;
  }
  return nullptr;
}

}  // namespace

void AushapeNorm::put(const DecodedEvent& event) {
  event_ = &event;
  const Summary summary = interpret::summarise(event);
  put_word("event_kind", interpret::event_kind_text(summary.kind));
  put_field("session", summary.session);
  put_subject(summary);
  put_word("action", summary.action);
  put_object(summary);
  put_field("result", result());
  put_text("how", summary.runs_script && summary.comm != nullptr ? summary.comm : summary.how);
  put_field("key", event.key());
}

void AushapeNorm::put_word(std::string_view name, std::string_view word) {
  if (!word.empty()) writer_.field(name, word, {}, false);
}

const DecodedRecord* AushapeNorm::holder(const Field& field) const noexcept {
  const auto has = [&field](std::span<const Field> fields) {
    return std::greater_equal<>()(&field, fields.data()) && std::less<>()(&field, fields.data() + fields.size());
  };
  for (const DecodedRecord& record : event_->records())
    if (has(event_->fields(record)) || has(event_->claim(record))) return &record;
  return nullptr;
}

void AushapeNorm::put_field(std::string_view name, const Field* field) {
  const DecodedRecord* const record = field == nullptr ? nullptr : holder(*field);
  if (record == nullptr) return;
  fields_.begin(*event_, *record);
  const AushapeFieldText::Shown shown = fields_.show(*field);
  writer_.field(name, shown.value, shown.raw, shown.has_raw);
}

void AushapeNorm::put_text(std::string_view name, const Field* field) {
  if (field == nullptr) return;
  text_.clear();
  interpret::append_decoded(*field, text_);
  put_word(name, text_);
}

void AushapeNorm::put_part(std::string_view name, const ObjectPart* part) {
  if (part == nullptr) return;
  if (part->field != nullptr) return put_field(name, part->field);
  text_.clear();
  interpret::append_part(*event_, *part, text_);
  put_argument(name);
}

// What a call was given, in its words: with the argument that says so beside it.
void AushapeNorm::put_argument(std::string_view name) {
  const DecodedRecord* const call = event_->find(type::kSyscall);
  if (call == nullptr) return put_word(name, text_);
  fields_.begin(*event_, *call);
  for (const tables::FieldId id : {field::kA0, field::kA1, field::kA2, field::kA3}) {
    const Field* const argument = event_->find(*call, id);
    if (argument == nullptr) continue;
    const AushapeFieldText::Shown shown = fields_.show(*argument);
    if (shown.value == text_) return writer_.field(name, shown.value, shown.raw, shown.has_raw);
  }
  put_word(name, text_);
}

void AushapeNorm::put_subject(const Summary& summary) {
  put_word("subject_kind", interpret::subject_kind_text(summary.subject_kind));
  put_field("subject_primary", summary.auid);
  put_field("subject_secondary", summary.uid);
  put_subject_attributes(summary);
}

void AushapeNorm::put_attribute(const Record& record, tables::FieldId id) {
  const Field* found = event_->find(record, id);
  if (found == nullptr) found = event_->find_claim(record, id);
  if (found == nullptr) return;
  const AushapeFieldText::Shown shown = fields_.show(*found);
  writer_.field("attr", shown.value, shown.raw, shown.has_raw);
}

void AushapeNorm::put_subject_attributes(const Summary& summary) {
  const Field* const anchor = summary.pid != nullptr ? summary.pid : summary.auid;
  const DecodedRecord* const record = anchor == nullptr ? nullptr : holder(*anchor);
  if (record == nullptr) return;
  const std::span<const tables::FieldId> attributes =
      record->type == type::kSyscall ? std::span<const tables::FieldId>(kCallAttributes) : kOtherAttributes;
  const bool has_any = std::ranges::any_of(attributes, [&](tables::FieldId id) {
    return event_->find(*record, id) != nullptr || event_->find_claim(*record, id) != nullptr;
  });
  if (!has_any || !writer_.open("subject_attrs", Kind::kList)) return;
  fields_.begin(*event_, *record);
  for (const tables::FieldId id : attributes) put_attribute(*record, id);
  writer_.close();
}

void AushapeNorm::put_object(const Summary& summary) {
  const std::string_view kind = interpret::object_kind_text(summary.object_kind);
  put_word("object_kind", kind.empty() ? "unknown" : kind);
  const bool has_parts = summary.object_kind != interpret::ObjectKind::kNone && !summary.object().empty();
  if (!has_parts) return;
  const ObjectPart& first = summary.object().front();
  put_part("object_primary", &first);
  const DecodedRecord* file = first.field == nullptr ? nullptr : holder(*first.field);
  if (file != nullptr && file->type != type::kPath) file = nullptr;
  if (file != nullptr)
    put_field("object_secondary", event_->find(*file, field::kInode));
  else if (&first != summary.find(Part::kPort))
    put_part("object_secondary", summary.find(Part::kPort));
  put_part("object_primary2", second_part(summary));
  put_object_attributes(file);
}

// Where it was named from, and all that its PATH record says from its mode on.
void AushapeNorm::put_object_attributes(const Record* file) {
  if (file == nullptr || !writer_.open("object_attrs", Kind::kList)) return;
  if (const DecodedRecord* const cwd = event_->find(type::kCwd)) {
    fields_.begin(*event_, *cwd);
    put_attribute(*cwd, field::kCwd);
  }
  fields_.begin(*event_, *file);
  bool is_behind = false;
  for (const Field& one : event_->fields(*file)) {
    is_behind |= one.id == field::kMode;
    if (!is_behind) continue;
    const AushapeFieldText::Shown shown = fields_.show(one);
    writer_.field("attr", shown.value, shown.raw, shown.has_raw);
  }
  writer_.close();
}

// Of a call whether it went well, else what a record says of itself.
const Field* AushapeNorm::result() const noexcept {
  if (const DecodedRecord* const call = event_->find(type::kSyscall))
    if (const Field* const success = event_->find(*call, field::kSuccess)) return success;
  for (const DecodedRecord& record : event_->records()) {
    for (const tables::FieldId id : {field::kRes, field::kResult}) {
      if (const Field* const said = event_->find(record, id)) return said;
      if (const Field* const claimed = event_->find_claim(record, id)) return claimed;
    }
    if (record.type == type::kSeccomp)
      if (const Field* const code = event_->find(record, field::kCode)) return code;
  }
  return nullptr;
}

}  // namespace naudit::formats
