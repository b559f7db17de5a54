// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/values.hpp"

#include <algorithm>

namespace naudit::formats {
namespace {

using interpret::Field;
using interpret::Spelling;
using tables::FieldClass;

// A decimal that JSON writes the very same way; 18 digits fit 64 bits in every reader.
bool is_number(std::string_view whole) noexcept {
  std::string_view text = whole;
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return false;
  if (text[0] == '0') return whole.size() == 1;
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_upper_hex(std::string_view text) noexcept {
  return std::ranges::none_of(text, [](char c) { return c >= 'a' && c <= 'f'; });
}

bool is_null(const Field& field) noexcept {
  return field.spelling == Spelling::kBare && field.value == "(null)";
}

}  // namespace

bool JsonValues::put_plain(const Field& field) {
  if (field.spelling == Spelling::kBare && is_number(field.value)) {
    json_.put(field.value);
    return true;
  }
  if (is_null(field)) {
    json_.put("null");
    return true;
  }
  json_.string(field.value);
  return field.spelling == Spelling::kBare;
}

bool JsonValues::put_encoded(const Field& field, FieldClass kind) {
  if (field.spelling == Spelling::kQuoted) {
    json_.string(field.value);
    return !needs_hex(field.value) && kind != FieldClass::kTtyData;
  }
  if (is_null(field)) {
    json_.put("null");
    return true;
  }
  const std::string_view bytes = interpret::decoded(field, scratch_);
  json_.string(bytes);
  // A word that stands bare without being digits would come back in quotes. Keystrokes are digits in any case.
  return bytes.data() == scratch_.data() && is_upper_hex(field.value) &&
         (needs_hex(bytes) || kind == FieldClass::kTtyData);
}

bool JsonValues::put_proctitle(const Field& field) {
  if (is_null(field)) {
    json_.put("null");
    return true;
  }
  std::string_view bytes = interpret::decoded(field, scratch_);
  const bool from_hex = bytes.data() == scratch_.data();
  const bool lossless = field.spelling == Spelling::kQuoted ? !needs_hex(bytes)
                                                            : from_hex && is_upper_hex(field.value) && needs_hex(bytes);
  json_.reserve(6 * bytes.size() + 3 * field.value.size() + 64);
  json_.put('[');
  while (true) {
    const std::size_t end = bytes.find('\0');
    json_.string(bytes.substr(0, end));
    json_.put(',');
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
  }
  json_.close(']');
  json_.unput();
  return lossless;
}

bool JsonValues::is_usual_spelling(const Field& field, std::string_view bytes) {
  if (field.spelling == Spelling::kQuoted) return !needs_hex(bytes);
  return bytes.data() != field.value.data() && is_upper_hex(field.value) && needs_hex(bytes);
}

}  // namespace naudit::formats
