// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace naudit::base {

// Writes one JSON text, a member at a time: answers, requests, reports, whatever is not on the way of a record (there
// formats/json/text.hpp writes). No spaces, no newline. A text may have any bytes: what is not UTF-8 becomes U+FFFD,
// and invisible characters (base/utf8.hpp) are escaped, so that the text can be looked at on a terminal.
//
//   JsonWriter out;
//   out.begin_object();
//   out.member("events", 12);
//   out.begin_list("keys");
//   out.value("identity");
//   out.end_list();
//   out.end_object();
//   out.take();  // {"events":12,"keys":["identity"]}
//
// Owner: whoever writes the text; one thread. Nothing fails: to end what was begun is the caller's part.
class JsonWriter {
 public:
  JsonWriter() = default;
  JsonWriter(const JsonWriter&) = delete;
  JsonWriter& operator=(const JsonWriter&) = delete;

  // The whole text, or one in a list.
  void begin_object() { writer_.StartObject(); }
  void end_object() { writer_.EndObject(); }
  void begin_list() { writer_.StartArray(); }
  void end_list() { writer_.EndArray(); }
  void value(std::string_view text);
  void value(double number) { writer_.Double(number); }
  void value(std::nullptr_t) { writer_.Null(); }
  void value(const rapidjson::Value& read) { read.Accept(writer_); }
  template <std::integral Number>
  void value(Number number) {
    if constexpr (std::same_as<Number, bool>)
      writer_.Bool(number);
    else if constexpr (std::signed_integral<Number>)
      writer_.Int64(number);
    else
      writer_.Uint64(number);
  }
  // A whole JSON value that is there already.
  void raw_value(std::string_view json) { writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType); }

  // In an object: the same behind a name. key() names what is written next.
  void key(std::string_view name);
  void begin_object(std::string_view name) {
    key(name);
    begin_object();
  }
  void begin_list(std::string_view name) {
    key(name);
    begin_list();
  }
  template <typename What>
  void member(std::string_view name, const What& what) {
    key(name);
    value(what);
  }

  // The text; the writer begins anew.
  std::string take();

 private:
  // What RapidJSON calls for each string, also of a value that was read.
  struct Writer : rapidjson::Writer<rapidjson::StringBuffer> {
    using rapidjson::Writer<rapidjson::StringBuffer>::Writer;
    bool String(const char* text, rapidjson::SizeType size, bool copy = false);
    bool Key(const char* text, rapidjson::SizeType size, bool copy = false) { return String(text, size, copy); }
  };

  rapidjson::StringBuffer buffer_;
  Writer writer_{buffer_};
};

// Appends a text as a JSON string, with its quotes, as JsonWriter writes it.
void append_json_string(std::string_view text, std::string& out);

// What another program wrote, which may be of another version: a member that is missing, or is something else than what
// is asked for, reads as null, 0 or "". The views live as long as the document.
const rapidjson::Value& json_member(const rapidjson::Value& object, std::string_view name);
std::uint64_t json_number(const rapidjson::Value& object, std::string_view name);
double json_real(const rapidjson::Value& object, std::string_view name);
std::string_view json_text(const rapidjson::Value& object, std::string_view name);
std::string_view json_text(const rapidjson::Value& value);

}  // namespace naudit::base
