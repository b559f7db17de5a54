// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/reader.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <iterator>
#include <optional>
#include <unordered_map>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include "formats/json/edits.hpp"
#include "formats/json/keys.hpp"
#include "interpret/record/event_names.hpp"
#include "interpret/record/field_class.hpp"
#include "interpret/record/told_meanings.hpp"
#include "interpret/summary/object_part.hpp"
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
  // `told`: where to put what the members mean; null: nowhere.
  Rebuilder(std::uint16_t type, std::string& out, std::string* told = nullptr) : type_(type), out_(out), told_(told) {}

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
      if (const tables::FieldId base = meant_field(name, seen); base != 0) {
        if (told_ != nullptr) tell(base, name, member->value);
        continue;
      }
      if (name.ends_with(kOtherSuffix)) {
        const std::string base = name.substr(0, name.size() - kOtherSuffix.size());
        if (tables::find_field(base) != 0) name = base;
      }
      if (!first) out_ += ' ';
      first = false;
      if (name == "claim" && member->value.IsObject()) {
        out_ += "msg='";
        avc(member->value);
        const bool is_inside = std::exchange(in_claim_, true);
        fields(member->value);
        in_claim_ = is_inside;
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

  // The field that came before and that this member is the meaning of; 0 if it is a field itself. Only what we know has
  // a meaning.
  static tables::FieldId meant_field(std::string_view name, const std::bitset<tables::kFieldCount>& seen) {
    const std::size_t end = name.rfind('_');
    if (end == std::string_view::npos || tables::find_field(name) != 0) return 0;
    const bool is_address = name.starts_with("saddr_");
    if (!is_address && !is_meaning_suffix(name.substr(end))) return 0;
    const tables::FieldId base = tables::find_field(is_address ? "saddr" : name.substr(0, end));
    return seen[base] ? base : tables::FieldId{0};
  }

  // The parts of an address stand in its bytes.
  void tell(tables::FieldId field, std::string_view name, const Value& value) {
    using interpret::Form;
    if (field == tables::field::kSaddr || told_fields_[in_claim_ ? 1 : 0][field]) return;
    std::string text;
    Form form = name.ends_with("_name") ? Form::kName : Form::kText;
    if (value.IsArray()) {
      const FieldClass kind = interpret::field_class(type_, field);
      form = Form::kList;
      for (const Value& part : value.GetArray()) {
        if (&part != value.Begin()) text += list_separator(kind);
        text += bytes_of(part);
      }
      if (text.empty() && kind == FieldClass::kCapabilities) text = kNoCapabilities;
    } else if (value.IsString()) {
      text = bytes_of(value);
    } else {
      return;
    }
    told_fields_[in_claim_ ? 1 : 0][field] = true;
    interpret::append_told_meaning(in_claim_, field, {form, text}, *told_);
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
  std::string* told_;
  bool in_claim_ = false;
  std::array<std::bitset<tables::kFieldCount>, 2> told_fields_;  // of the record, of its claim
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

// The objects of a record type, in the order of its records.
class RecordObjects {
 public:
  RecordObjects() = default;
  explicit RecordObjects(const Value& of_type) : of_type_(&of_type) {}

  // Null where there are no more.
  const Value* next() {
    if (of_type_ == nullptr) return nullptr;
    const std::size_t index = next_++;
    if (of_type_->IsObject()) return index == 0 ? of_type_ : nullptr;
    if (!of_type_->IsArray() || index >= of_type_->Size()) return nullptr;
    const Value& one = (*of_type_)[static_cast<rapidjson::SizeType>(index)];
    return one.IsObject() ? &one : nullptr;
  }

 private:
  const Value* of_type_ = nullptr;
  std::size_t next_ = 0;
};

// Where the lines are kept as they were, the objects of their types still say what their fields mean.
void read_raw(const rapidjson::Document& event, RebuiltEvent& out) {
  std::unordered_map<std::uint16_t, RecordObjects> objects;
  for (const auto& [key, value] : event["records"].GetObject())
    if (const auto type = tables::record_type(type_name(text_of(key)))) objects.try_emplace(*type, value);
  std::string unused;
  for (const Value& one : event["raw"].GetArray()) {
    if (!one.IsString()) continue;
    const std::string& line = out.records.emplace_back(bytes_of(one));
    std::string& told = out.told.emplace_back();
    constexpr std::string_view kType = "type=";
    if (!line.starts_with(kType)) continue;
    const auto type = tables::record_type(std::string_view(line).substr(kType.size(), line.find(' ') - kType.size()));
    if (!type) continue;
    const Value* const object = objects[*type].next();
    if (object == nullptr) continue;
    unused.clear();
    Rebuilder(*type, unused, &told).record(*object);
  }
}

void rebuild_lines(const rapidjson::Document& event, RebuiltEvent& out) {
  if (event.HasMember("raw") && event["raw"].IsArray()) return read_raw(event, out);
  const std::string header = " msg=audit(" + bytes_of(event["id"]) + "): ";
  for (const auto& [key, value] : event["records"].GetObject()) {
    const std::string name = type_name(text_of(key));
    const std::uint16_t type = tables::record_type(name).value_or(0);
    const auto rebuild = [&](const Value& record) {
      std::string& line = out.records.emplace_back("type=");
      std::string& told = out.told.emplace_back();
      line += name;
      line += header;
      const std::vector<std::string> edits = edits_of(record);
      if (edits.empty()) {
        Rebuilder(type, line, &told).record(record);
      } else {
        std::string usual;
        Rebuilder(type, usual, &told).record(record);
        apply_edits(usual, edits, line);
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

// Whose number a member of the summary is; nothing if it is neither a user's nor a group's.
std::optional<bool> is_group(std::string_view member) {
  if (member == "auid" || member == "uid" || member == "fsuid") return false;
  for (std::size_t i = 0; i < static_cast<std::size_t>(interpret::Part::kLast); ++i) {
    const interpret::PartInfo& info = interpret::part_info(static_cast<interpret::Part>(i));
    if (info.name != member) continue;
    if (info.form == interpret::PartForm::kUser) return false;
    if (info.form == interpret::PartForm::kGroup) return true;
  }
  return std::nullopt;
}

// "auid":1000,"auid_name":"jo" of the subject, the object, and who decided.
void read_names(const rapidjson::Document& event, std::string& names) {
  constexpr std::string_view kSuffix = "_name";
  for (const char* const who : {"subject", "object", "decided_by"}) {
    if (!event.HasMember(who) || !event[who].IsObject()) continue;
    const Value& members = event[who];
    for (const auto& [key, value] : members.GetObject()) {
      std::string_view name = text_of(key);
      if (!name.ends_with(kSuffix) || !value.IsString()) continue;
      name.remove_suffix(kSuffix.size());
      const auto number = members.FindMember(Value(name.data(), static_cast<rapidjson::SizeType>(name.size())));
      const auto group = is_group(name);
      if (!group || number == members.MemberEnd() || !number->value.IsUint()) continue;
      interpret::append_event_name(*group, number->value.GetUint(), bytes_of(value), names);
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
  out.told.clear();
  out.names.clear();
  out.node = event.HasMember("node") ? bytes_of(event["node"]) : std::string();
  out.incomplete = incomplete_of(event);
  out.late = event.HasMember("late") && event["late"].IsTrue();
  rebuild_lines(event, out);
  read_names(event, out.names);
  return true;
}

bool rebuild_records(std::string_view line, std::vector<std::string>& records, std::string& error) {
  RebuiltEvent event;
  if (!rebuild_event(line, event, error)) return false;
  std::ranges::move(event.records, std::back_inserter(records));
  return true;
}

}  // namespace naudit::formats
