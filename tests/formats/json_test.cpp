// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/hex.hpp"
#include "formats/json/encoder.hpp"
#include "formats/json/keys.hpp"
#include "tables/fields.hpp"
#include "tables/record_types.hpp"
#include "tests/formats/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/json_check.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

rapidjson::Document parse(const std::string& line) {
  rapidjson::Document document;
  document.Parse(line.data(), line.size());
  REQUIRE_FALSE(document.HasParseError());
  return document;
}

std::string hex(std::string_view bytes) {
  std::string out;
  base::append_hex(out, bytes);
  return out;
}

// One event of the kernel, not of a log.
std::string encode(correlate::Event& event) {
  tests::Encoding json("json");
  std::string line = json(event);
  CHECK(tests::what_is_wrong(event, line).empty());
  CHECK(tests::event_schema().what_is_wrong(line).empty());
  return line;
}

TEST_CASE("an event that is not whole says why") {
  using correlate::Incomplete;
  const auto reason =
      GENERATE(Incomplete::kTimeout, Incomplete::kNoSyscall, Incomplete::kEvicted, Incomplete::kStopped);
  correlate::Event event;
  event.id = {1, 2, 3};
  event.incomplete = reason;
  event.append(tables::type::kPath, "audit(1.002:3): item=0", 16);
  const auto document = parse(encode(event));
  CHECK_FALSE(document["complete"].GetBool());
  CHECK(document["incomplete_reason"].GetString() == correlate::incomplete_text(reason));
  CHECK_FALSE(document.HasMember("late"));
}

TEST_CASE("an event that came late says so") {
  correlate::Event event;
  event.id = {1, 2, 3};
  event.late = true;
  event.append(tables::type::kPath, "audit(1.002:3): item=0", 16);
  const auto document = parse(encode(event));
  CHECK(document["complete"].GetBool());
  CHECK(document["late"].GetBool());
}

TEST_CASE("a record without a readable header is kept as it stands") {
  correlate::Event event;
  event.incomplete = correlate::Incomplete::kMalformed;
  event.append(tables::type::kPath, "audit(x): \x01\xff", 0);
  const auto document = parse(encode(event));
  CHECK(document["incomplete_reason"] == "malformed");
  CHECK(document["records"].ObjectEmpty());
  CHECK(document["raw"].Size() == 1);
}

TEST_CASE("an event with no field at all is valid") {
  correlate::Event event;
  event.append(tables::type::kAvc, "audit(0.000:0): ", 16);
  event.append(tables::type::kPath, "audit(0.000:0): msg='some words'", 16);
  event.append(tables::type::kLogin, "audit(0.000:0): only words", 16);
  event.append(tables::type::kPath, "audit(0.000:0): avc:  denied  { x } for  ", 16);
  encode(event);
}

TEST_CASE("the node is the record's, else this machine's, else none") {
  tests::Encoding json("json");
  correlate::Event event;
  event.append(tables::type::kLogin, "audit(0.000:0): a=1", 16);
  CHECK_FALSE(parse(json(event)).HasMember("node"));
  json.set_node("here");
  CHECK(parse(json(event))["node"] == "here");
  event.node = "there\xff";
  CHECK(parse(json(event))["node"] == "there\xf4\x8f\xbb\xbf");
}

TEST_CASE("a stamp beyond the calendar is the calendar's last second") {
  correlate::Event event;
  event.id = {999999999999999999U, 999, 1};
  event.append(tables::type::kLogin, "audit(999999999999999999.999:1): a=1", 33);
  CHECK(parse(encode(event))["time"] == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("every byte of a string comes back") {
  for (int byte = 1; byte < 256; ++byte) {
    correlate::Event event;
    event.append(tables::type::kPath, "audit(0.000:0): x=a" + std::string(1, static_cast<char>(byte)) + "b", 16);
    INFO(byte);
    encode(event);
  }
}

TEST_CASE("a line can be looked at on a terminal: what cannot be seen is escaped, and comes back as it was") {
  // DEL, CSI, a soft hyphen, an Arabic letter mark, a zero-width space, a line separator, an override, an isolate, a
  // tag.
  const std::string hidden =
      "\x7F\xC2\x9B\xC2\xAD\xD8\x9C\xE2\x80\x8B\xE2\x80\xA8\xE2\x80\xAE\xE2\x81\xA6\xEF\xBB\xBF\xF3\xA0\x80\x81";
  const std::string_view escapes = R"(\u007f\u009b\u00ad\u061c\u200b\u2028\u202e\u2066\ufeff\udb40\udc01)";
  correlate::Event event;
  event.append(tables::type::kPath, "audit(0.000:0): x=" + hidden + " y=caf\xC3\xA9", 16);
  event.append(tables::type::kPath, "audit(0.000:0): name=" + hex(hidden + " "), 16);
  const std::string line = encode(event);
  const auto document = parse(line);
  const auto& records = document["records"]["path"];
  CHECK(records[0]["x"].GetString() == hidden);
  CHECK(records[1]["name"].GetString() == hidden + " ");
  CHECK(line.find("\"x\":\"" + std::string(escapes)) != std::string::npos);
  CHECK(line.find("\"y\":\"caf\xC3\xA9\"") != std::string::npos);
  for (const char byte : line.substr(0, line.size() - 1))
    CHECK((static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7F));
  const std::string mozdef = tests::Encoding("mozdef")(event);
  CHECK(mozdef.find("\xC2\x9B") == std::string::npos);
  CHECK(mozdef.find("\xE2\x80\xAE") == std::string::npos);
}

TEST_CASE("the escapes' own characters come back") {
  for (const std::string_view text : {"\xf4\x8f\xba\x80", "\xf4\x8f\xbb\xbf", "\xf4\x8f\xba", "\xed\xa0\x80",
                                      "\xc0\x80", "\xe2\x82\xac", "\xf4\x90\x80\x80", "\xf4\x8f\xb9\xbf", "\xc3"}) {
    correlate::Event event;
    event.append(tables::type::kPath, "audit(0.000:0): x=" + std::string(text), 16);
    encode(event);
  }
}

TEST_CASE("values of every size fit") {
  for (const std::size_t size : {100U, 4000U, 9000U, 70000U}) {
    for (const char fill : {'x', '\x02', '\xff'}) {
      const std::string value(size, fill);
      correlate::Event event;
      event.node = value;
      event.append(tables::type::kSyscall, "audit(0.000:0): exe=" + value + " key=" + value + " comm=\"" + value + '"',
                   16);
      event.append(tables::type::kPath, "audit(0.000:0): word x=" + value + " word", 16);
      event.append(tables::type::kPath, "audit(0.000:0): word a=1 msg='word y=" + value + " word'", 16);
      event.append(tables::type::kPath, "audit(0.000:0): " + value + "=1 " + value + "=2", 16);
      event.append(tables::type::kExecve, "audit(0.000:0): argc=1 a0=\"" + value + '"', 16);
      encode(event);
    }
  }
}

TEST_CASE("names that meet are kept apart") {
  for (const char* const body :
       {"a=1 a=2 a_2=3", "PID=1 pid=2", "pid=1 PID=2", "new=1 New=2 NEW=3", "auid_name=x auid=0", "auid=0 auid=1",
        "auid=0 AUID_NAME=x", "Text=1 text=2 words", "claim=1 msg='a=1'", "enriched=1\x1dUID=0", "seresult=1 seperms=2",
        "avc:  denied  { r } for  seresult=x", "saddr_family=1 saddr=0200", "policy=1 policy_name=2", "x=1 x_name=2",
        "x_name=1 x=2", "mode=0100 mode=0100", "saddr=02000050 saddr=02000050", "a=1 a=1 a_2=1 a_3=1 a=1"}) {
    INFO(body);
    correlate::Event event;
    event.append(tables::type::kPath, std::string("audit(0.000:0): ") + body, 16);
    encode(event);
  }
}

TEST_CASE("a field whose meaning is not known needs no raw text") {
  for (const char* const body : {"x=1 x_list=2", "foo_name=1 bar=2", "spare=(null)", "n=-1", "s="}) {
    INFO(body);
    correlate::Event event;
    event.append(tables::type::kPath, std::string("audit(0.000:0): ") + body, 16);
    const std::string line = encode(event);
    CHECK_FALSE(parse(line).HasMember("raw"));
    CHECK(line.find("edits") == std::string::npos);
  }
}

TEST_CASE("numbers of fields that we do not know are text, since nobody knows what they may become") {
  correlate::Event event;
  event.append(tables::type::kPath,
               "audit(0.000:0): a=-0 b=007 c=1e5 d=0 e=1234567890123456789 f=123456789012345678 g=-5", 16);
  const auto document = parse(encode(event));
  const auto& path = document["records"]["path"][0];
  for (const char* const name : {"b", "c", "d", "e", "f", "g"}) CHECK(path[name].IsString());
  CHECK(path["a"] == "-0");
  CHECK_FALSE(document.HasMember("raw"));
}

TEST_CASE("no known field is called as another one's meaning is") {
  for (tables::FieldId id = 1; id < tables::kFieldCount; ++id) {
    const std::string_view name = tables::field_info(id).name;
    INFO(name);
    CHECK_FALSE(name.starts_with("saddr_"));
    for (const std::string_view suffix : kMeaningSuffixes)
      if (name.ends_with(suffix)) CHECK(tables::find_field(name.substr(0, name.size() - suffix.size())) == 0);
    for (const std::string_view ours : {"text", "claim", "enriched"}) CHECK(name != ours);
  }
}

TEST_CASE("a field keeps its name unless the object has another member of that name") {
  for (const auto& [body, member] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"op=x seresult=denied", R"("seresult":"denied")"},
           {"text=hello res=1", R"("text":"hello")"},
           {"text=hello some words", R"("text_1":"hello")"},
           {"error=0 error_name=\"org.x\"", R"("error_name":"org.x")"},
           {"error=13 error_name=\"org.x\"", R"("error_name_2":"org.x")"},
           {"error_name=x error=13", R"("error_name":"x","error":13)"},
           {"flags=0x1 flags_list=x", R"("flags_list_2":"x")"},
           {"pid=7 pid_other=x", R"("pid":7,"pid_other":"x")"},
           {"pid=? pid_other=x", R"("pid_other":"?","pid_other_2":"x")"}}) {
    correlate::Event event;
    event.append(1417, "audit(0.000:0): " + std::string(body), 16);
    const std::string line = encode(event);
    INFO(body << "\n" << line);
    CHECK(line.find(member) != std::string::npos);
    CHECK_FALSE(parse(line).HasMember("raw"));
  }
}

TEST_CASE("the schema knows the form of each meaning") {
  tests::Encoding json("json");
  const std::string line = json(R"(type=PATH msg=audit(1.000:2): item=0 mode=0100644 ouid=0 cap_fp=21)");
  const std::string good = line.substr(0, line.rfind('\n'));
  REQUIRE(tests::event_schema().what_is_wrong(good).empty());
  const auto with = [&](std::string_view was, std::string_view is) {
    const std::size_t at = good.find(was);
    REQUIRE(at != std::string::npos);
    return std::string(good).replace(at, was.size(), is);
  };
  CHECK_FALSE(tests::event_schema().what_is_wrong(with(R"("ouid_name":"root")", R"("ouid_name":0)")).empty());
  CHECK_FALSE(tests::event_schema().what_is_wrong(with(R"("mode_text":"file,644")", R"("mode_text":"")")).empty());
  CHECK_FALSE(tests::event_schema().what_is_wrong(with(R"(["chown","kill"])", R"("chown,kill")")).empty());
  CHECK_FALSE(tests::event_schema().what_is_wrong(with(R"(["chown","kill"])", R"(["chown",5])")).empty());
}

TEST_CASE("the schema lists exactly the types that are arrays") {
  for (std::uint16_t type = 1000; type < 3000; ++type) {
    const std::string_view key = tables::record_type_key(type);
    if (key.empty()) continue;
    INFO(type << " " << key << "; see tests/formats/schema.hpp");
    CHECK(tests::event_schema().is_array(key) == tables::record_traits(type).repeatable);
  }
}

TEST_CASE("what is claimed is a part of what is told") {
  correlate::Event event;
  event.append(1199, "audit(1.000:2): pid=3 msg='op=x'", 16);
  const std::string line = tests::Encoding("json")(event);
  CHECK(line.find("\"action\":\"unknown_1199\"") != std::string::npos);
  CHECK(line.find("\"object\"") == std::string::npos);
  CHECK(line.find("\"claimed\"") == std::string::npos);
}

TEST_CASE("the name of a type that only the log knows comes in lower case") {
  correlate::Event event;
  event.append(0, "audit(1.000:2): a=1", 16, "FUTURE_THING");
  CHECK(tests::Encoding("json")(event).find("\"action\":\"future_thing\"") != std::string::npos);
}

}  // namespace
}  // namespace naudit::formats
