// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/reader.hpp"

#include <algorithm>
#include <bitset>
#include <iterator>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "formats/json/edits.hpp"
#include "formats/json/keys.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/fields.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

using rapidjson::Value;
using tables::FieldClass;

std::string_view text_of(const Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

// The bytes that a JSON string stands for: U+10FE80 to U+10FEFF are single bytes that were not UTF-8.
std::string bytes_of(const Value& value) {
  if (!value.IsString()) return {};
  const std::string_view text = text_of(value);
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view here = text.substr(i, 4);
    if (here.size() == 4 && here.starts_with("\xF4\x8F") && (here[2] == '\xBA' || here[2] == '\xBB')) {
      const unsigned high = here[2] == '\xBA' ? 0x80U : 0xC0U;
      bytes += static_cast<char>(high | (static_cast<unsigned char>(here[3]) & 0x3FU));
      i += 3;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

void append_hex(std::string_view bytes, std::string& out) {
  for (const char c : bytes) {
    out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4U];
    out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15U];
  }
}

void append_encoded(std::string_view bytes, std::string& out) {
  if (std::ranges::any_of(bytes, [](char c) { return c == '"' || c < 0x21 || c > 0x7e; })) {
    append_hex(bytes, out);
  } else {
    out += '"';
    out += bytes;
    out += '"';
  }
}

class Rebuilder {
 public:
  Rebuilder(std::uint16_t type, std::string& out) : type_(type), out_(out) {}

  // The whole body.
  void record(const Value& record) {
    if (record.HasMember("argv") && record.HasMember("argc") && record["argc"].IsUint() && record["argv"].IsArray()) {
      execve(record);
    } else {
      avc(record);
      fields(record);
    }
    if (record.HasMember("enriched")) out_ += '\x1d' + bytes_of(record["enriched"]);
  }

 private:
  // SELinux's, which stand before the fields; in other records they are fields.
  static bool is_avc(const Value& object) {
    return object.HasMember("seresult") && object.HasMember("seperms") && object["seperms"].IsArray();
  }

  void fields(const Value& object) {
    bool first = true;
    const bool has_avc = is_avc(object);
    std::bitset<tables::kFieldCount> seen;
    for (auto member = object.MemberBegin(); member != object.MemberEnd(); ++member) {
      std::string name = bytes_of(member->name);
      if (name == "enriched" || (name == "edits" && member->value.IsArray())) continue;
      if (has_avc && (name == "seresult" || name == "seperms")) continue;
      if (is_meaning(name, seen)) continue;
      if (name.ends_with(kOtherSuffix)) {
        const std::string base = name.substr(0, name.size() - kOtherSuffix.size());
        if (tables::find_field(base) != 0) name = base;
      }
      if (!first) out_ += ' ';
      first = false;
      if (name == "claim" && member->value.IsObject()) {
        out_ += "msg='";
        avc(member->value);
        fields(member->value);
        out_ += '\'';
        continue;
      }
      out_ += name;
      out_ += '=';
      const tables::FieldId id = tables::find_field(name);
      seen[id] = true;
      value(member->value, interpret::field_class(type_, id));
    }
  }

  void avc(const Value& record) {
    if (!is_avc(record)) return;
    out_ += "avc:  " + bytes_of(record["seresult"]) + "  { ";
    for (const Value& permission : record["seperms"].GetArray()) out_ += bytes_of(permission) + ' ';
    out_ += "} for  ";
  }

  void execve(const Value& record) {
    out_ += "argc=";
    out_ += std::to_string(record["argc"].GetUint());
    std::size_t index = 0;
    for (const Value& argument : record["argv"].GetArray()) {
      out_ += " a" + std::to_string(index++) + '=';
      append_encoded(bytes_of(argument), out_);
    }
  }

  // Only what we know has a meaning.
  static bool is_meaning(std::string_view name, const std::bitset<tables::kFieldCount>& seen) {
    const std::size_t end = name.rfind('_');
    if (end == std::string_view::npos || tables::find_field(name) != 0) return false;
    if (!name.starts_with("saddr_") && !is_meaning_suffix(name.substr(end))) return false;
    const tables::FieldId base = tables::find_field(name.starts_with("saddr_") ? "saddr" : name.substr(0, end));
    return base != 0 && seen[base];
  }

  void value(const Value& value, FieldClass kind) {
    if (value.IsNull()) {
      out_ += "(null)";
    } else if (value.IsUint64()) {
      out_ += std::to_string(value.GetUint64());
    } else if (value.IsInt64()) {
      out_ += std::to_string(value.GetInt64());
    } else if (value.IsArray()) {
      std::string joined;
      for (const Value& part : value.GetArray()) {
        if (&part != value.Begin()) joined += '\0';
        joined += bytes_of(part);
      }
      append_encoded(joined, out_);
    } else if (kind == FieldClass::kTtyData) {
      append_hex(bytes_of(value), out_);
    } else if (kind == FieldClass::kEncoded || kind == FieldClass::kKeys || kind == FieldClass::kProctitle) {
      append_encoded(bytes_of(value), out_);
    } else {
      out_ += bytes_of(value);
    }
  }

  std::uint16_t type_;
  std::string& out_;
};

std::string type_name(std::string_view key) {
  if (key.starts_with("unknown_")) return "UNKNOWN[" + std::string(key.substr(8)) + ']';
  const auto type = tables::record_type(key);
  return type ? tables::record_type_text(*type) : std::string(key);
}

// The reason's name back to the reason; an unknown one is that of a later version.
correlate::Incomplete incomplete_of(const rapidjson::Document& event) {
  using correlate::Incomplete;
  if (!event.HasMember("complete") || !event["complete"].IsFalse()) return Incomplete::kNo;
  if (event.HasMember("incomplete_reason") && event["incomplete_reason"].IsString()) {
    const std::string_view reason = text_of(event["incomplete_reason"]);
    for (std::size_t i = 1; i < correlate::kIncompleteReasons; ++i)
      if (correlate::incomplete_text(static_cast<Incomplete>(i)) == reason) return static_cast<Incomplete>(i);
  }
  return Incomplete::kTimeout;
}

std::vector<std::string> edits_of(const Value& record) {
  std::vector<std::string> edits;
  if (!record.HasMember("edits") || !record["edits"].IsArray()) return edits;
  for (const Value& edit : record["edits"].GetArray()) edits.push_back(bytes_of(edit));
  return edits;
}

void rebuild_lines(const rapidjson::Document& event, std::vector<std::string>& records) {
  if (event.HasMember("raw") && event["raw"].IsArray()) {
    for (const Value& one : event["raw"].GetArray())
      if (one.IsString()) records.push_back(bytes_of(one));
    return;
  }
  const std::string header = " msg=audit(" + bytes_of(event["id"]) + "): ";
  for (const auto& [key, value] : event["records"].GetObject()) {
    const std::string name = type_name(text_of(key));
    const auto rebuild = [&](const Value& record) {
      std::string& out = records.emplace_back("type=");
      out += name;
      out += header;
      const std::vector<std::string> edits = edits_of(record);
      if (edits.empty()) {
        Rebuilder(tables::record_type(name).value_or(0), out).record(record);
      } else {
        std::string usual;
        Rebuilder(tables::record_type(name).value_or(0), usual).record(record);
        apply_edits(usual, edits, out);
      }
    };
    if (value.IsArray()) {
      for (const Value& record : value.GetArray())
        if (record.IsObject()) rebuild(record);
    } else if (value.IsObject()) {
      rebuild(value);
    }
  }
}

}  // namespace

void rebuild_body(std::uint16_t record_type, std::string_view object, std::string& out) {
  rapidjson::Document record;
  record.Parse<rapidjson::kParseIterativeFlag>(object.data(), object.size());
  if (!record.HasParseError() && record.IsObject()) Rebuilder(record_type, out).record(record);
}

bool rebuild_event(std::string_view line, RebuiltEvent& out, std::string& error) {
  rapidjson::Document event;
  // Without recursion: a line may nest as deep as it is long.
  event.Parse<rapidjson::kParseIterativeFlag>(line.data(), line.size());
  if (event.HasParseError()) {
    error = rapidjson::GetParseError_En(event.GetParseError());
    return false;
  }
  if (!event.IsObject() || !event.HasMember("id") || !event["id"].IsString() || !event.HasMember("records") ||
      !event["records"].IsObject()) {
    error = "not an event: 'id' or 'records' is missing";
    return false;
  }
  correlate::Header header;
  if (!correlate::parse_header("audit(" + bytes_of(event["id"]) + "):", header)) {
    error = "not an event: 'id' is no stamp and serial";
    return false;
  }
  out.id = header.id;
  out.records.clear();
  out.node = event.HasMember("node") ? bytes_of(event["node"]) : std::string();
  out.incomplete = incomplete_of(event);
  out.late = event.HasMember("late") && event["late"].IsTrue();
  rebuild_lines(event, out.records);
  return true;
}

bool rebuild_records(std::string_view line, std::vector<std::string>& records, std::string& error) {
  RebuiltEvent event;
  if (!rebuild_event(line, event, error)) return false;
  std::ranges::move(event.records, std::back_inserter(records));
  return true;
}

}  // namespace naudit::formats
