// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>

#include "interpret/summary/scene.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::interpret {

// Of one record, what goes into the object of a summary.
class RecordFields {
 public:
  RecordFields(const DecodedEvent& event, const DecodedRecord& record, Summary& summary) noexcept
      : event_(event), record_(record), summary_(summary) {}

  // The field, else what a program said under that name; null if neither says anything.
  [[nodiscard]] const Field* find(tables::FieldId id, bool& claimed) const noexcept;
  [[nodiscard]] std::string_view value(tables::FieldId id) const noexcept;
  [[nodiscard]] bool is(tables::FieldId id, std::string_view value) const noexcept { return this->value(id) == value; }

  // Adds the first of these fields that says something; false if none does. `only_claim`: looks inside msg='…' alone.
  bool add(Part part, std::span<const tables::FieldId> ids, bool only_claim = false) const noexcept;
  bool add(Part part, std::initializer_list<tables::FieldId> ids) const noexcept {
    return add(part, std::span(ids.begin(), ids.size()));
  }
  bool add(Part part, tables::FieldId id) const noexcept { return add(part, {id}); }

  void set_verb(std::string_view verb) const noexcept { summary_.action = verb; }
  void set_kind(ObjectKind kind) const noexcept { summary_.object_kind = kind; }
  [[nodiscard]] const DecodedRecord& record() const noexcept { return record_; }
  [[nodiscard]] Summary& summary() const noexcept { return summary_; }

 private:
  const DecodedEvent& event_;
  const DecodedRecord& record_;
  Summary& summary_;
};

// True for a value that stands for "nothing": "?", "(none)", "(null)", "".
bool says_nothing(const Field& field) noexcept;

}  // namespace naudit::interpret
