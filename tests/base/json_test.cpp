// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/json.hpp"

#include <cstdint>
#include <limits>

#include "tests/support/catch.hpp"

using namespace naudit::base;

namespace {

rapidjson::Document parsed(std::string_view text) {
  rapidjson::Document document;
  document.Parse(text.data(), text.size());
  REQUIRE_FALSE(document.HasParseError());
  return document;
}

}  // namespace

TEST_CASE("a JSON text is written member by member, each kind of value as itself", "[json]") {
  JsonWriter out;
  out.begin_object();
  out.member("text", "a \"b\"\n");
  out.member("yes", true);
  out.member("least", std::numeric_limits<std::int64_t>::min());
  out.member("most", std::numeric_limits<std::uint64_t>::max());
  out.member("real", 0.25);
  out.member("none", nullptr);
  out.begin_list("list");
  out.value("one");
  out.value(2);
  out.begin_object();
  out.end_object();
  out.end_list();
  out.key("raw");
  out.raw_value("[1,2]");
  out.member("read", parsed(R"({"b":[1.5,null]})"));
  out.end_object();
  CHECK(out.take() ==
        R"({"text":"a \"b\"\n","yes":true,"least":-9223372036854775808,"most":18446744073709551615,"real":0.25,)"
        R"("none":null,"list":["one",2,{}],"raw":[1,2],"read":{"b":[1.5,null]}})");
}

TEST_CASE("a writer begins anew when its text has been taken", "[json]") {
  JsonWriter out;
  out.value(1);
  CHECK(out.take() == "1");
  out.begin_list();
  out.end_list();
  CHECK(out.take() == "[]");
}

TEST_CASE("bytes that are not UTF-8 make no broken JSON, be they in a name", "[json]") {
  JsonWriter out;
  out.begin_object();
  out.member("n\xff", "v\xff");
  out.member(std::string_view("a\0b", 3), std::string_view("c\0d", 3));
  out.end_object();
  CHECK(out.take() == "{\"n\xEF\xBF\xBD\":\"v\xEF\xBF\xBD\",\"a\\u0000b\":\"c\\u0000d\"}");
}

TEST_CASE("what is missing or of another kind reads as nothing", "[json]") {
  const rapidjson::Document read = parsed(R"({"n":7,"r":1.5,"t":"text","minus":-1,"o":{"n":8}})");
  CHECK(json_number(read, "n") == 7);
  CHECK(json_number(read, "r") == 0);
  CHECK(json_number(read, "minus") == 0);
  CHECK(json_number(read, "t") == 0);
  CHECK(json_number(read, "absent") == 0);
  CHECK(json_real(read, "r") == 1.5);
  CHECK(json_real(read, "n") == 7);
  CHECK(json_real(read, "t") == 0);
  CHECK(json_text(read, "t") == "text");
  CHECK(json_text(read, "n").empty());
  CHECK(json_text(read["t"]) == "text");
  CHECK(json_number(json_member(read, "o"), "n") == 8);
  CHECK(json_member(json_member(read, "absent"), "deeper").IsNull());
  CHECK(json_member(read["n"], "n").IsNull());
}

TEST_CASE("what a reader cannot see is escaped, and reads back as it was", "[json]") {
  const std::string text = "\x1B\x7F\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8\xF3\xA0\x80\x81\xC3\xA9";
  JsonWriter out;
  out.begin_object();
  out.member(text, text);
  out.key("read");
  rapidjson::Document read;
  read.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()), read.GetAllocator());
  out.value(read);
  out.end_object();
  const std::string json = out.take();
  const std::string escaped = "\"\\u001B\\u007F\\u009B\\u202E\\u2028\\uDB40\\uDC01\xC3\xA9\"";
  CHECK(json == '{' + escaped + ':' + escaped + ",\"read\":" + escaped + '}');
  CHECK(json_text(parsed(json), text) == text);
}
