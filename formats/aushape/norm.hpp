// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/aushape/field_text.hpp"
#include "formats/aushape/writer.hpp"
#include "interpret/record/decoded_event.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {

// `norm`: who did what to what, under the names of auparse's normaliser (auparse_normalize(3)) and with the notions of
// our own summary, which tests/compare/normaliser.py holds against it.
//
// Owner: AushapeEvent. One thread.
class AushapeNorm {
 public:
  AushapeNorm(AushapeWriter& writer, AushapeFieldText& fields) : writer_(writer), fields_(fields) {}

  void put(const interpret::DecodedEvent& event);

 private:
  using Field = interpret::Field;
  using Record = interpret::DecodedRecord;

  void put_word(std::string_view name, std::string_view word);
  void put_field(std::string_view name, const Field* field);
  void put_text(std::string_view name, const Field* field);
  void put_part(std::string_view name, const interpret::ObjectPart* part);
  void put_argument(std::string_view name);
  void put_subject(const interpret::Summary& summary);
  void put_subject_attributes(const interpret::Summary& summary);
  void put_object(const interpret::Summary& summary);
  void put_object_attributes(const Record* file);
  void put_attribute(const Record& record, tables::FieldId id);
  [[nodiscard]] const Record* holder(const Field& field) const noexcept;
  [[nodiscard]] const Field* result() const noexcept;

  AushapeWriter& writer_;
  AushapeFieldText& fields_;
  const interpret::DecodedEvent* event_ = nullptr;
  std::string text_;
};

}  // namespace naudit::formats
