// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.hpp"

namespace naudit::base {
namespace {

rapidjson::SizeType size_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

// \u00XX, or \n and its like; beyond 16 bits a pair of surrogates.
void append_escape(char32_t character, std::string& out) {
  constexpr std::string_view kShort = "\b\t\n\f\r";
  const std::size_t known = character < 0x20 ? kShort.find(static_cast<char>(character)) : std::string_view::npos;
  if (known != std::string_view::npos) {
    (out += '\\') += "btnfr"[known];
    return;
  }
  const auto put = [&out](char32_t unit) {
    std::array<char, 8> digits;
    std::snprintf(digits.data(), digits.size(), "\\u%04X", static_cast<unsigned>(unit & 0xFFFFU));
    out += digits.data();
  };
  if (character > 0xFFFF) {
    put(0xD800 + ((character - 0x10000) >> 10U));
    put(0xDC00 + ((character - 0x10000) & 0x3FFU));
  } else {
    put(character);
  }
}

}  // namespace

bool JsonWriter::Writer::String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
  std::string json;
  append_json_string({text, size}, json);
  return RawValue(json.data(), json.size(), rapidjson::kStringType);
}

void JsonWriter::value(std::string_view text) {
  writer_.String(text.data(), size_of(text));
}

void JsonWriter::key(std::string_view name) {
  writer_.Key(name.data(), size_of(name));
}

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const Utf8Character next = first_character(text);
    if (next.size == 0)
      out += "\xEF\xBF\xBD";
    else if (next.value == '"' || next.value == '\\')
      (out += '\\') += static_cast<char>(next.value);
    else if (is_invisible(next.value))
      append_escape(next.value, out);
    else
      out += text.substr(0, next.size);
    text.remove_prefix(std::max<std::size_t>(next.size, 1));
  }
  out += '"';
}

std::string JsonWriter::take() {
  std::string text(buffer_.GetString(), buffer_.GetSize());
  buffer_.Clear();
  writer_.Reset(buffer_);
  return text;
}

const rapidjson::Value& json_member(const rapidjson::Value& object, std::string_view name) {
  static const rapidjson::Value nothing;
  if (!object.IsObject()) return nothing;
  const auto found = object.FindMember(rapidjson::Value(rapidjson::StringRef(name.data(), name.size())));
  return found == object.MemberEnd() ? nothing : found->value;
}

std::uint64_t json_number(const rapidjson::Value& object, std::string_view name) {
  const rapidjson::Value& value = json_member(object, name);
  return value.IsUint64() ? value.GetUint64() : 0;
}

double json_real(const rapidjson::Value& object, std::string_view name) {
  const rapidjson::Value& value = json_member(object, name);
  return value.IsNumber() ? value.GetDouble() : 0;
}

std::string_view json_text(const rapidjson::Value& value) {
  return value.IsString() ? std::string_view(value.GetString(), value.GetStringLength()) : std::string_view();
}

std::string_view json_text(const rapidjson::Value& object, std::string_view name) {
  return json_text(json_member(object, name));
}

}  // namespace naudit::base
