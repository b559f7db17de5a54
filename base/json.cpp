// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/json.hpp"

#include "base/text.hpp"

namespace naudit::base {
namespace {

rapidjson::SizeType size_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

}  // namespace

void JsonWriter::value(std::string_view text) {
  const std::string clean = valid_utf8(text);
  writer_.String(clean.data(), size_of(clean));
}

void JsonWriter::key(std::string_view name) {
  const std::string clean = valid_utf8(name);
  writer_.Key(clean.data(), size_of(clean));
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
