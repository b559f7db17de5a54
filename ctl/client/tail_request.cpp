// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/tail_request.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace naudit::ctl {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_list(Writer& writer, const char* name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  writer.Key(name);
  writer.StartArray();
  for (const std::string& value : values) writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  writer.EndArray();
}

}  // namespace

std::string tail_request(const TailOptions& options) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartObject();
  writer.Key("command");
  writer.String("tail");
  writer.Key("format");
  if (options.json)
    writer.String("json");
  else
    writer.String(options.raw ? "raw" : "line");
  write_list(writer, "keys", options.keys);
  write_list(writer, "types", options.types);
  write_list(writer, "syscalls", options.syscalls);
  write_list(writer, "uids", options.uids);
  if (!options.outcome.empty()) {
    writer.Key("outcome");
    writer.String(options.outcome.c_str());
  }
  if (options.count > 0) {
    writer.Key("count");
    writer.Uint64(options.count);
  }
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace naudit::ctl
