// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

// A strict reader of aushape's two languages, by the rules that its published schemas lay down: where those are not at
// hand, and for the fuzzers. (Where they are, tests/formats/aushape/schema_test.py asks xmllint and jsonschema.)
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include "base/utf8.hpp"
#include "formats/aushape/schema.hpp"
#include "tests/support/json_check.hpp"

namespace naudit::tests {

inline bool is_aushape_list(std::string_view record) {
  return record == "path" || record == "obj_pid" || record == "avc" || record == "netfilter_cfg";
}

inline bool is_aushape_name(std::string_view name) {
  return std::ranges::binary_search(formats::aushape_fields(), name);
}

inline bool is_aushape_value(const rapidjson::Value& value) {
  return value.IsArray() && !value.Empty() && value.Size() <= 2 &&
         std::ranges::all_of(value.GetArray(), [](const auto& one) { return one.IsString(); });
}

inline bool is_list_of_strings(const rapidjson::Value& value) {
  return value.IsArray() && std::ranges::all_of(value.GetArray(), [](const auto& one) { return one.IsString(); });
}

inline std::string wrong_fields(const rapidjson::Value& record, bool is_closed) {
  if (!record.IsObject()) return "a record is no object";
  for (const auto& [name, value] : record.GetObject()) {
    if (!is_aushape_value(value)) return "a field is no list of one or two texts";
    if (is_closed && !is_aushape_name(name.GetString())) return std::string("there is no field ") + name.GetString();
  }
  return {};
}

// Empty, or what is wrong with an event of aushape's JSON.
inline std::string wrong_in_aushape_json(std::string_view text) {
  rapidjson::Document event;
  event.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (event.HasParseError() || !event.IsObject()) return "no object of JSON";
  if (const std::string key = key_that_repeats(event); !key.empty()) return "twice: " + key;
  if (!event.HasMember("serial") || !event["serial"].IsUint() || event["serial"].GetUint() == 0) return "serial";
  if (!event.HasMember("time") || !event["time"].IsString() || event["time"].GetStringLength() != 29) return "time";
  for (const auto& [name, value] : event.GetObject()) {
    const std::string_view key = name.GetString();
    if (key == "node" || key == "error") {
      if (!value.IsString()) return std::string(key);
    } else if (key == "trimmed" || key == "text") {
      if (!is_list_of_strings(value)) return std::string(key);
    } else if (key == "data") {
      for (const auto& [type, record] : value.GetObject()) {
        const std::string_view record_name = type.GetString();
        std::string wrong;
        if (record_name == "execve")
          wrong = is_list_of_strings(record) ? "" : "execve";
        else if (is_aushape_list(record_name) && !record.IsArray())
          wrong = "no list";
        else if (is_aushape_list(record_name))
          for (const auto& one : record.GetArray()) wrong += wrong_fields(one, true);
        else
          wrong = wrong_fields(record, formats::is_aushape_record(record_name));
        if (!wrong.empty()) return std::string(record_name) + ": " + wrong;
      }
    } else if (key == "norm") {
      for (const auto& [part, field] : value.GetObject()) {
        const bool is_attributes = std::string_view(part.GetString()).ends_with("_attrs");
        if (is_attributes ? !std::ranges::all_of(field.GetArray(), is_aushape_value) : !is_aushape_value(field))
          return std::string("norm.") + part.GetString();
      }
    } else if (key != "serial" && key != "time") {
      return "there is no member " + std::string(key);
    }
  }
  return {};
}

// One event of aushape's XML, read character by character.
class AushapeXml {
 public:
  struct Element {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes = {};
    std::vector<Element> children = {};
    std::string text = {};

    [[nodiscard]] const std::string* attribute(std::string_view key) const {
      for (const auto& [name_of, value] : attributes)
        if (name_of == key) return &value;
      return nullptr;
    }
    [[nodiscard]] const Element* child(std::string_view key) const {
      for (const Element& one : children)
        if (one.name == key) return &one;
      return nullptr;
    }
  };

  // Nothing if it is not well-formed.
  static std::optional<Element> read(std::string_view text) {
    AushapeXml reader(text);
    std::optional<Element> event = reader.element();
    return event && reader.rest_.empty() ? event : std::nullopt;
  }

 private:
  explicit AushapeXml(std::string_view text) : rest_(text) {}

  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }

  std::string name() {
    const std::size_t end = rest_.find_first_of(" =/><\"");
    const std::string found(rest_.substr(0, end));
    const bool is_name = !found.empty() && std::ranges::all_of(found, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    });
    if (!is_name || (found[0] >= '0' && found[0] <= '9') || found[0] == '-') return {};
    rest_.remove_prefix(found.size());
    return found;
  }

  // Up to `end`, with its references resolved.
  std::optional<std::string> text(char end) {
    std::string out;
    while (!rest_.empty() && rest_[0] != end) {
      if (rest_[0] == '<' || rest_[0] == '>' || rest_[0] == '"' || rest_[0] == '\n') return std::nullopt;
      if (rest_[0] == '&') {
        if (!reference(out)) return std::nullopt;
        continue;
      }
      const base::Utf8Character one = base::first_character(rest_);
      if (one.size == 0 || base::is_invisible(one.value) || one.value == 0xFFFE || one.value == 0xFFFF)
        return std::nullopt;
      out += rest_.substr(0, one.size);
      rest_.remove_prefix(one.size);
    }
    return rest_.empty() ? std::nullopt : std::optional(out);
  }

  bool reference(std::string& out) {
    const std::size_t end = rest_.find(';');
    if (end == std::string_view::npos) return false;
    const std::string_view word = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    for (const auto& [known, c] : {std::pair("amp", '&'), {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}) {
      if (word != known) continue;
      out += c;
      return true;
    }
    std::uint32_t number = 0;
    if (!word.starts_with("#x")) return false;
    const auto [last, error] = std::from_chars(word.data() + 2, word.data() + word.size(), number, 16);
    if (error != std::errc{} || last != word.data() + word.size() || number > 0x10FFFF) return false;
    if (number < 0x20 && number != '\t' && number != '\n' && number != '\r') return false;
    (out += '{') += word;
    out += '}';
    return true;
  }

  std::optional<Element> element() {
    if (!take("<")) return std::nullopt;
    Element made{.name = name()};
    if (made.name.empty()) return std::nullopt;
    while (take(" ")) {
      const std::string key = name();
      if (key.empty() || made.attribute(key) != nullptr || !take("=\"")) return std::nullopt;
      const auto value = text('"');
      if (!value || !take("\"")) return std::nullopt;
      made.attributes.emplace_back(key, *value);
    }
    if (take("/>")) return made;
    if (!take(">")) return std::nullopt;
    const bool has_text = made.name == "line" || made.name == "a";
    if (has_text) {
      auto content = text('<');
      if (!content) return std::nullopt;
      made.text = *content;
    }
    while (true) {
      if (!has_text) skip_space();
      if (take("</" + made.name + ">")) return made;
      auto child = has_text ? std::nullopt : element();
      if (!child) return std::nullopt;
      made.children.push_back(std::move(*child));
    }
  }

  std::string_view rest_;
};

inline bool are_aushape_fields(const AushapeXml::Element& record) {
  std::set<std::string_view> seen;
  return record.attributes.empty() && std::ranges::all_of(record.children, [&](const AushapeXml::Element& field) {
           return is_aushape_name(field.name) && seen.insert(field.name).second && field.children.empty() &&
                  field.attribute("i") != nullptr &&
                  field.attributes.size() == (field.attribute("r") != nullptr ? 2U : 1U);
         });
}

// Empty, or what is wrong with an event of aushape's XML.
inline std::string wrong_in_aushape_xml(std::string_view text) {
  const auto event = AushapeXml::read(text);
  if (!event || event->name != "event") return "not well-formed";
  const std::string* const serial = event->attribute("serial");
  if (serial == nullptr || serial->empty() || (*serial)[0] == '0') return "serial";
  const std::string* const time = event->attribute("time");
  if (time == nullptr || time->size() != 29) return "time";
  constexpr std::string_view kParts[] = {"text", "data", "norm"};
  const std::string_view* next = kParts;
  for (const AushapeXml::Element& part : event->children) {
    next = std::find(next, std::end(kParts), part.name);
    if (next == std::end(kParts)) return "there is no " + part.name + " there";
    ++next;
    if (part.name != "data") continue;
    std::set<std::string_view> seen;
    for (const AushapeXml::Element& record : part.children) {
      if (!formats::is_aushape_record(record.name)) return "there is no record " + record.name;
      if (!seen.insert(record.name).second) return "twice: " + record.name;
      const bool is_right =
          record.name == "execve"
              ? std::ranges::all_of(record.children, [](const auto& one) { return one.name == "a"; })
          : is_aushape_list(record.name)
              ? std::ranges::all_of(record.children,
                                    [](const auto& one) { return one.name == "item" && are_aushape_fields(one); })
              : are_aushape_fields(record);
      if (!is_right) return "fields of " + record.name;
    }
  }
  return {};
}

// A line of one of the two formats.
inline std::string wrong_in_aushape(std::string_view format, std::string_view line) {
  if (line.find('\n') != line.size() - 1) return "no line";
  line.remove_suffix(1);
  return format == "aushape-xml" ? wrong_in_aushape_xml(line) : wrong_in_aushape_json(line);
}

}  // namespace naudit::tests
