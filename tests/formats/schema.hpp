// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

#include <rapidjson/document.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

namespace naudit::tests {

// A JSON Schema of docs/.
class Schema {
 public:
  explicit Schema(const std::string& name) : document_(read(name)), schema_(document_) {}

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

  [[nodiscard]] const rapidjson::Document& document() const noexcept { return document_; }

 private:
  static rapidjson::Document read(const std::string& name) {
    std::ifstream file(NAUDIT_SOURCE_DIR "/docs/" + name);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    rapidjson::Document document;
    document.Parse(text.data(), text.size());
    if (document.HasParseError()) throw std::runtime_error("docs/" + name + " is not JSON");
    return document;
  }

  rapidjson::Document document_;
  rapidjson::SchemaDocument schema_;
};

// A new record type of the kernel's goes into its list of arrays ("records").
class EventSchema : public Schema {
 public:
  EventSchema() : Schema("event.schema.json") {}

  bool is_array(std::string_view type) const {
    const auto& types = document()["properties"]["records"]["properties"];
    const rapidjson::Value name(type.data(), static_cast<rapidjson::SizeType>(type.size()));
    const auto at = types.FindMember(name);
    return at != types.MemberEnd() && at->value["$ref"] == "#/definitions/records";
  }
};

inline const EventSchema& event_schema() {
  static const EventSchema schema;
  return schema;
}

inline const Schema& mozdef_schema() {
  static const Schema schema("mozdef.schema.json");
  return schema;
}

}  // namespace naudit::tests
