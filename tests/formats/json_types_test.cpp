// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A store of JSON fixes the type of a field by the first document that has it, and refuses the documents that come with
// another. So every path of the native event has one type, whatever stands in a record. null is no type: it is not
// there.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include <rapidjson/document.h>

#include "formats/json/encoder.hpp"
#include "interpret/record/field_class.hpp"
#include "tables/fields.hpp"
#include "tables/record_types.hpp"
#include "tests/formats/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"
#include "tests/support/json_check.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::formats {
namespace {

namespace fs = std::filesystem;

std::string_view type_of(const rapidjson::Value& value) {
  if (value.IsString()) return "string";
  if (value.IsInt64()) return "integer";
  if (value.IsBool()) return "boolean";
  if (value.IsArray()) return "array";
  return value.IsObject() ? "object" : "another number";
}

// What was seen at each path, with an example of each type.
class Paths {
 public:
  void add(std::string_view line) {
    rapidjson::Document event;
    event.Parse(line.data(), line.size());
    if (event.HasParseError()) FAIL("not JSON: " << line);
    std::string path;
    walk(event, path, line);
  }
  [[nodiscard]] std::size_t size() const { return paths_.size(); }
  void check() const {
    for (const auto& [path, types] : paths_) {
      if (types.size() == 1) continue;
      std::string told = path;
      for (const auto& [type, line] : types) told += "\n" + std::string(type) + ": " + line;
      FAIL_CHECK(told);
    }
    CHECK(size() > 50);
  }

 private:
  // NOLINTNEXTLINE(misc-no-recursion): three deep
  void walk(const rapidjson::Value& value, std::string& path, std::string_view line) {
    if (value.IsNull()) return;
    paths_[path].try_emplace(type_of(value), line.substr(0, 2000));
    const std::size_t size = path.size();
    if (value.IsArray()) {
      path += "[]";
      for (const auto& one : value.GetArray()) walk(one, path, line);
    } else if (value.IsObject()) {
      for (const auto& [name, one] : value.GetObject()) {
        path.append(".").append(name.GetString());
        walk(one, path, line);
        path.resize(size);
      }
    }
    path.resize(size);
  }

  std::unordered_map<std::string, std::map<std::string_view, std::string>> paths_;
};

void add_logs(const fs::path& log, Paths& paths) {
  std::ifstream file(log, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  tests::StoredLog stored;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (!line.empty()) stored.add(line);
  }
  stored.finish();
  tests::Encoding json("json");
  for (const auto& event : stored.events) paths.add(json(*event));
}

TEST_CASE("every path of an event has one type, in all logs") {
  Paths paths;
  for (const auto& entry : fs::directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/records"))
    if (entry.path().extension() == ".txt") add_logs(entry.path(), paths);
  for (const fs::path& log : tests::corpus_files("logs")) add_logs(log, paths);
  paths.check();
}

TEST_CASE("every path of an event has one type, whatever stands in the fields of every record") {
  Paths paths;
  tests::Encoding json("json");
  const auto values = {"1", "?", "007", "18446744073709551615", "\"1\"", "(null)", "", "2F2F20", "{ 1 }"};
  for (std::uint16_t type = 1000; type < 3000; ++type) {
    if (tables::record_type_key(type).empty() || type == tables::type::kEoe) continue;
    for (const std::string_view value : values) {
      std::string fields;
      for (tables::FieldId id = 1; id < tables::kFieldCount; ++id) {
        const std::string_view name = tables::field_info(id).name;
        ((((fields += name) += '=') += value) += ' ');
      }
      for (const std::string_view unknown : {"spare", "text", "claim", "enriched", "edits", "argv", "uid_name",
                                             "uid_other", "flags_list", "saddr_port", "seperms_2", "auid_7"})
        ((((fields += unknown) += '=') += value) += ' ');
      correlate::Event event;
      event.append(type, "audit(1.000:2): " + fields + "auid=" + std::string(value) + " msg='" + fields + "'", 16);
      paths.add(json(event));
    }
  }
  paths.check();
}

TEST_CASE("a value that is not of its field's type stands beside it, and comes back") {
  tests::Encoding json("json");
  correlate::Event event;
  event.append(
      1112, "audit(0.000:0): pid=? uid=0 msg='hostname=1234 terminal=1 unit=1234 ver=4 rport=? lport=22 res=1 id=jo'",
      16);
  const std::string line = json(event);
  INFO(line);
  CHECK(tests::what_is_wrong(event, line).empty());
  CHECK(line.find(R"("user_login":{"pid_other":"?","uid":0,)") != std::string::npos);
  CHECK(line.find(R"("hostname":"1234","terminal":"1","unit":"1234","ver":"4","rport_other":"?","lport":22,)"
                  R"("res":"1","res_name":"yes","id_other":"jo")") != std::string::npos);
  CHECK(line.find("\"raw\"") == std::string::npos);
  correlate::Event inode;
  inode.append(1302, "audit(0.000:0): item=0 inode=18446744073709551615 ouid=root", 16);
  CHECK(json(inode).find(R"({"item":0,"inode_other":"18446744073709551615","ouid_other":"root"})") !=
        std::string::npos);
  correlate::Event change;
  change.append(1305, "audit(0.000:0): op=add_rule list=4 res=1", 16);
  CHECK(json(change).find(R"("list":4,"list_name":"exit","res":1,"res_name":"yes")") != std::string::npos);
}

// What a field may be: in a record of any type, or in what a program claims.
std::string types_of(tables::FieldId id, bool claim) {
  std::set<std::string> types;
  for (std::uint16_t type = 1000; type < 3000; ++type) {
    const bool is_program =
        tables::record_type_key(type).starts_with("user") || (type >= 2100 || (type >= 1100 && type < 1200));
    if (tables::record_type_key(type).empty() || (claim && !is_program)) continue;
    const tables::FieldClass kind = interpret::field_class(type, id);
    if (kind == tables::FieldClass::kProctitle)
      types.insert("array");
    else
      types.insert(interpret::is_number(type, kind) ? "integer" : "string");
  }
  std::string text;
  for (const std::string& type : types) (text += type) += ' ';
  return text + "null";
}

TEST_CASE("the schema says the type of every field") {
  const rapidjson::Document& schema = tests::event_schema().document();
  for (const char* const part : {"record", "claim"}) {
    const auto& properties = schema["definitions"][part]["properties"];
    for (tables::FieldId id = 1; id < tables::kFieldCount; ++id) {
      const std::string name(tables::field_info(id).name);
      if (name == "seresult" || name == "seperms") continue;
      const std::string expected = types_of(id, std::string_view(part) == "claim");
      std::string found;
      if (properties.HasMember(name.c_str()) && properties[name.c_str()].HasMember("type"))
        for (const auto& type : properties[name.c_str()]["type"].GetArray())
          (found += found.empty() ? "" : " ") += type.GetString();
      INFO("SCHEMA " << part << ' ' << name << ' ' << expected);
      CHECK(found == expected);
    }
  }
}

}  // namespace
}  // namespace naudit::formats
