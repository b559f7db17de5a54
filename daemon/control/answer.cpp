// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/answer.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/utf8.hpp"

namespace naudit::daemon {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_key(Writer& writer, std::string_view name) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

std::string line_of(const rapidjson::StringBuffer& buffer) {
  return std::string(buffer.GetString(), buffer.GetSize()) + '\n';
}

}  // namespace

std::string ok_answer() {
  return "{\"ok\":true}\n";
}

std::string ok_answer(std::string_view name, std::string_view json) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  write_key(writer, "ok");
  writer.Bool(true);
  write_key(writer, name);
  writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  writer.EndObject();
  return line_of(buffer);
}

std::string error_answer(std::string_view text) {
  const std::string clean = base::valid_utf8(text);
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  write_key(writer, "ok");
  writer.Bool(false);
  write_key(writer, "error");
  writer.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  writer.EndObject();
  return line_of(buffer);
}

}  // namespace naudit::daemon
