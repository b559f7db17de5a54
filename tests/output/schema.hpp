// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace naudit::tests {

// docs/event.schema.json. A new record type of the kernel's goes into its list of arrays ("records").
class EventSchema {
 public:
  EventSchema() : document_(read()), schema_(document_) {}

  // Empty, or where the event breaks which rule.
  std::string what_is_wrong(std::string_view line) const {
    rapidjson::Document event;
    event.Parse(line.data(), line.size());
    if (event.HasParseError()) return "not JSON";
    rapidjson::SchemaValidator validator(schema_);
    if (event.Accept(validator)) return {};
    rapidjson::StringBuffer where;
    validator.GetInvalidDocumentPointer().StringifyUriFragment(where);
    return std::string(where.GetString()) + " breaks " + validator.GetInvalidSchemaKeyword();
  }
  bool is_array(std::string_view type) const {
    const auto& types = document_["properties"]["records"]["properties"];
    const rapidjson::Value name(type.data(), static_cast<rapidjson::SizeType>(type.size()));
    const auto at = types.FindMember(name);
    return at != types.MemberEnd() && at->value["$ref"] == "#/definitions/records";
  }

 private:
  static rapidjson::Document read() {
    std::ifstream file(NAUDIT_SOURCE_DIR "/docs/event.schema.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    if (document.HasParseError()) throw std::runtime_error("docs/event.schema.json is not JSON");
    return document;
  }

  rapidjson::Document document_;
  rapidjson::SchemaDocument schema_;
};

inline const EventSchema& event_schema() {
  static const EventSchema schema;
  return schema;
}

}  // namespace naudit::tests
