// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/fields.hpp"

#include <linux/audit.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include <rapidjson/document.h>

#include "rules/advice/explain.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/wire.hpp"
#include "rules/rule/names.hpp"
#include "rules/yaml/entry.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"

namespace naudit::rules {
namespace {

constexpr std::array kLists{List::kExit, List::kIoUring, List::kTask, List::kUser, List::kExclude, List::kFilesystem};
constexpr std::array kOperators{Operator::kEqual,     Operator::kNotEqual,     Operator::kLess, Operator::kGreater,
                                Operator::kLessEqual, Operator::kGreaterEqual, Operator::kMask, Operator::kTest};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A value that the field takes.
std::string sample(ValueKind kind) {
  switch (kind) {
    case ValueKind::kRecordType:
      return "SYSCALL";
    case ValueKind::kArch:
      return "b64";
    case ValueKind::kPermissions:
      return "wa";
    case ValueKind::kFileType:
      return "file";
    case ValueKind::kFileSystem:
      return "tracefs";
    case ValueKind::kFile:
    case ValueKind::kDirectory:
    case ValueKind::kProgram:
      return "/etc";
    default:
      return "1";
  }
}

// Whether a YAML rule of that list may have it.
bool stands_on(const FieldRow& row, List list) {
  return misplacement(row.id, list, row.name, test::machine(), Grammar::kKernel).empty() &&
         (list != List::kFilesystem || row.is(kFilesystems));
}

bool takes_operator(const FieldRow& row, Operator op) {
  const Field field{row.id, op, has_text(row.id) ? 0U : 1U, has_text(row.id) ? sample(row.kind) : ""};
  return takes(row.operators, op) && kernel_objection(field, List::kExit).empty();
}

// What docs/rules.md says of the fields.
std::string field_table() {
  std::string text = "| field | is | value | operators | lists |\n|---|---|---|---|---|\n";
  for (const FieldRow& row : field_rows()) {
    if (row.name.empty() || row.kind == ValueKind::kComparison) continue;
    text += "| `" + std::string(row.name) + '`';
    if (!row.other.empty()) text += ", `" + std::string(row.other) + '`';
    text += " | " + std::string(row.noun);
    if (!row.yaml_key.empty()) text += "; the key `" + std::string(row.yaml_key) + "` says it with `=`";
    text += " | " + std::string(value_help(row.kind)) + " |";
    for (const Operator op : kOperators)
      if (takes_operator(row, op)) text += " `" + std::string(operator_text(op)) + '`';
    text += " |";
    std::string separator = " ";
    for (const List list : kLists)
      if (stands_on(row, list)) text += std::exchange(separator, ", ") + std::string(list_name(list));
    text += " |\n";
  }
  return text;
}

// The names that may stand in `where`.
std::string schema_sentence() {
  std::string text = "A field, an operator and a value, or two fields of one kind. Fields:";
  std::string separator = " ";
  for (const FieldRow& row : field_rows()) {
    const bool has_own_place = row.kind == ValueKind::kArch || row.kind == ValueKind::kKey;
    if (!row.name.empty() && row.kind != ValueKind::kComparison && !has_own_place)
      text += std::exchange(separator, ", ") + std::string(row.name);
  }
  return text;
}

TEST_CASE("every field of linux/audit.h has a row") {
  constexpr std::array kNumbers{
      AUDIT_PID,          AUDIT_UID,       AUDIT_EUID,          AUDIT_SUID,      AUDIT_FSUID,       AUDIT_GID,
      AUDIT_EGID,         AUDIT_SGID,      AUDIT_FSGID,         AUDIT_LOGINUID,  AUDIT_PERS,        AUDIT_ARCH,
      AUDIT_MSGTYPE,      AUDIT_SUBJ_USER, AUDIT_SUBJ_ROLE,     AUDIT_SUBJ_TYPE, AUDIT_SUBJ_SEN,    AUDIT_SUBJ_CLR,
      AUDIT_PPID,         AUDIT_OBJ_USER,  AUDIT_OBJ_ROLE,      AUDIT_OBJ_TYPE,  AUDIT_OBJ_LEV_LOW, AUDIT_OBJ_LEV_HIGH,
      AUDIT_LOGINUID_SET, AUDIT_SESSIONID, AUDIT_FSTYPE,        AUDIT_DEVMAJOR,  AUDIT_DEVMINOR,    AUDIT_INODE,
      AUDIT_EXIT,         AUDIT_SUCCESS,   AUDIT_WATCH,         AUDIT_PERM,      AUDIT_DIR,         AUDIT_FILETYPE,
      AUDIT_OBJ_UID,      AUDIT_OBJ_GID,   AUDIT_FIELD_COMPARE, AUDIT_EXE,       AUDIT_SADDR_FAM,   AUDIT_ARG0,
      AUDIT_ARG1,         AUDIT_ARG2,      AUDIT_ARG3,          AUDIT_FILTERKEY};
  std::set<std::uint32_t> known;
  for (const FieldRow& row : field_rows()) known.insert(static_cast<std::uint32_t>(row.id));
  CHECK(known == std::set<std::uint32_t>(kNumbers.begin(), kNumbers.end()));
}

TEST_CASE("a row says what a reader has to know, and no two have one name") {
  std::set<std::string_view> names;
  for (const FieldRow& row : field_rows()) {
    INFO(static_cast<std::uint32_t>(row.id));
    CHECK(field_row(row.id).id == row.id);
    CHECK_FALSE(row.noun.empty());
    CHECK_FALSE(value_help(row.kind).empty());
    CHECK(row.place.refusal.empty() == (row.place.lists == kEveryList));
    for (const std::string_view name : {row.name, row.other}) {
      if (name.empty()) continue;
      CHECK(names.insert(name).second);
      CHECK(field_by_name(name) == row.id);
    }
  }
  CHECK(field_row(static_cast<FieldId>(99)).name.empty());
  CHECK(field_row(static_cast<FieldId>(0xFFFFFFFF)).name.empty());
  CHECK_FALSE(field_by_name(""));
}

TEST_CASE("each field is read, sent, listed, read again and explained on each list that takes it") {
  int rules = 0;
  for (const FieldRow& row : field_rows()) {
    // A comparison is written with -C, and a key needs something that it hangs on.
    if (row.name.empty() || row.kind == ValueKind::kComparison || row.kind == ValueKind::kKey) continue;
    for (const List list : kLists) {
      if (!misplacement(row.id, list, row.name, test::machine(), Grammar::kAuditctl).empty()) continue;
      for (const Operator op : kOperators) {
        if (!takes(row.operators, op)) continue;
        const std::string line = "-a always," + std::string(list_name(list)) + " -F " + std::string(row.name) +
                                 std::string(operator_text(op)) + sample(row.kind);
        INFO(line);
        const WantedRule wanted = test::rule(line);
        REQUIRE(wanted.rule.fields.size() == 1);
        CHECK(wanted.rule.fields[0].id == row.id);
        CHECK(wanted.rule.fields[0].op == op);
        const auto sent = decode(encode(wanted.rule));
        REQUIRE(sent);
        const std::string listed = rule_line(*sent, tables::kArchX86_64);
        INFO(listed);
        CHECK(identity(test::rule(listed).rule) == identity(wanted.rule));
        CHECK(explain(wanted.rule).find("field ") == std::string::npos);
        ++rules;
      }
    }
  }
  CHECK(rules > 1000);
}

TEST_CASE("the key of YAML in a field's row is a key of an entry") {
  int keys = 0;
  for (const FieldRow& row : field_rows()) {
    if (row.yaml_key.empty()) continue;
    INFO(row.yaml_key);
    CHECK(yaml_words(row.yaml_key) != nullptr);
    CHECK(field_by_yaml_key(row.yaml_key) == &field_row(row.id));
    ++keys;
  }
  CHECK(keys >= 8);
  CHECK(yaml_words("list") == nullptr);
  CHECK(field_by_yaml_key("") == nullptr);
}

TEST_CASE("docs/rules.md has the table of the fields") {
  // UPDATE_GOLDEN=1 writes it anew.
  const std::string path = NAUDIT_SOURCE_DIR "/docs/rules.md";
  const std::string begin = "<!-- fields: made from rules/rule/fields.cpp -->\n", end = "<!-- end of fields -->\n";
  std::string page = read_file(path);
  const std::size_t from = page.find(begin), to = page.find(end);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  const std::size_t first = from + begin.size();
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe)
  if (update) {
    page.replace(first, to - first, field_table());
    std::ofstream(path, std::ios::binary) << page;
    return;
  }
  INFO("UPDATE_GOLDEN=1 build/dev/tests/rules_test \"docs/rules.md*\" writes it");
  CHECK(naudit::tests::difference(field_table(), page.substr(first, to - first)) == "");
}

TEST_CASE("docs/rules.schema.json names the fields, and has each key of theirs") {
  rapidjson::Document schema;
  schema.Parse(read_file(NAUDIT_SOURCE_DIR "/docs/rules.schema.json").c_str());
  REQUIRE_FALSE(schema.HasParseError());
  const auto& definitions = schema["definitions"];
  CHECK(definitions["condition"]["description"].GetString() == schema_sentence());
  for (const FieldRow& row : field_rows()) {
    INFO(row.yaml_key);
    if (!row.yaml_key.empty()) CHECK(definitions["rule"]["properties"].HasMember(std::string(row.yaml_key).c_str()));
  }
}

}  // namespace
}  // namespace naudit::rules
