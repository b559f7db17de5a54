// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/field_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "interpret/record/field_class.hpp"
#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

using interpret::Field;
using interpret::Form;
using interpret::Spelling;
using tables::FieldClass;

// "EACCES(Permission denied)". The kernel's own errors, which no program sees, have no description.
void append_error_text(std::string_view value, std::string& out) {
  int number = 0;
  if (value.starts_with('-')) value.remove_prefix(1);
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const char* const words = error == std::errc{} ? strerrordesc_np(number) : nullptr;
  if (words != nullptr) ((out += '(') += words) += ')';
}

// ausearch tells a number without a name all the same: "unknown(77)", "0x7f".
bool append_unnamed(const Field& field, FieldClass kind, std::string& out) {
  std::uint64_t argument = 0;
  std::uint32_t id = 0;
  if (field.spelling != Spelling::kBare) return false;
  if (kind == FieldClass::kArgument && interpret::parse_hex(field.value, argument)) {
    (out += "0x") += field.value;
    return true;
  }
  if ((kind == FieldClass::kUid || kind == FieldClass::kGid) && interpret::parse_decimal(field.value, id)) {
    ((out += "unknown(") += field.value) += ')';
    return true;
  }
  return false;
}

}  // namespace

AushapeFieldText::Shown AushapeFieldText::show_encoded(const Field& field, FieldClass kind) {
  const std::string_view bytes = interpret::decoded(field, bytes_);
  const bool is_hex = bytes.data() == bytes_.data() && bytes.data() != field.value.data();
  if (!is_hex) return {bytes};
  switch (kind) {
    case FieldClass::kProctitle:
      std::ranges::replace(bytes_, '\0', ' ');
      return {bytes_, field.value, true};
    case FieldClass::kKeys:
      if (bytes.find(tables::kKeySeparator) == std::string_view::npos) break;
      text_.clear();
      tables::for_each_shown_key(bytes, [this](std::string_view key) {
        if (!text_.empty()) text_ += ',';
        text_ += key;
      });
      return {text_, field.value, true};
    default:
      break;
  }
  return {bytes, field.value, !writer_.keeps(bytes)};
}

AushapeFieldText::Shown AushapeFieldText::show(const Field& field) {
  const FieldClass kind = interpret::field_class(type_, field.id);
  switch (kind) {
    case FieldClass::kEncoded:
    case FieldClass::kKeys:
    case FieldClass::kProctitle:
      return show_encoded(field, kind);
    case FieldClass::kPlain:
    case FieldClass::kNumber:
    case FieldClass::kHex:
    case FieldClass::kSuccess:
    case FieldClass::kAddress:
    case FieldClass::kLabel:
      if (!meaning_.is_told(field)) return {field.value};
      break;
    default:
      break;
  }
  text_.clear();
  const Form form = meaning_.append(field, kind, text_);
  if (form == Form::kNone) {
    if (kind == FieldClass::kTtyData && field.spelling == Spelling::kBare) {
      const std::string_view bytes = interpret::decoded(field, bytes_);
      return {bytes, field.value, bytes.data() == bytes_.data()};
    }
    if (!append_unnamed(field, kind, text_)) return {field.value};
  } else if (kind == FieldClass::kExit || kind == FieldClass::kErrno) {
    append_error_text(field.value, text_);
  }
  return shown(text_, field);
}

void append_raw_field(const Field& field, std::string& out) {
  (out += field.name) += '=';
  switch (field.spelling) {
    case Spelling::kBare:
      out += field.value;
      break;
    case Spelling::kQuoted:
      ((out += '"') += field.value) += '"';
      break;
    case Spelling::kBraces:
      ((out += "{ ") += field.value) += " }";
      break;
  }
}

}  // namespace naudit::formats
