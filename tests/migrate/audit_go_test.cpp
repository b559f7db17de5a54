// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/audit_go.hpp"

#include "migrate/rules/import.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::migrate {
namespace {

using Catch::Matchers::Contains;

std::string lines(const std::string& json) {
  return read_audit_go(json, "rules.json").lines;
}

std::string refusal(const std::string& json) {
  try {
    return "taken: " + lines(json);
  } catch (const base::Error& error) {
    return error.what();
  }
}

TEST_CASE("audit-go's rules become auditctl's lines, with its settings around them") {
  CHECK(lines(R"({
	"enable": "1", "delete": true, "buffer": "16384", "rate": 500,
	"file_rules": [{"path": "/etc/passwd", "permission": "wa", "key": "audit"}, {"path": "/etc/x", "key": ""}],
	"syscall_rules": [{"actions": ["always", "exit"], "syscalls": ["execve", "execveat"],
	                   "fields": [{"name": "auid", "op": "gt_or_eq", "value": 1000},
	                              {"name": "arch", "op": "eq", "value": 64}], "key": "exec"}]
})") == "-D\n-b 16384\n-r 500\n-w /etc/passwd -p wa -k audit\n-w /etc/x\n"
        "-a always,exit -F arch=b64 -S execve -S execveat -F auid>=1000 -k exec\n-e 1\n");
}

TEST_CASE("audit-go's newer form has both kinds in one list") {
  CHECK(lines(R"({"strict_path_check": false, "audit_rules": [{"path": "/a", "permission": "r", "key": "k"},
    {"actions": ["never", "exit"], "syscalls": [], "fields": [{"name": "uid", "op": "=", "value": "0"}]}]})") ==
        "-w /a -p r -k k\n-a never,exit -F uid=0\n");
  CHECK(read_audit_go(R"({"strict_path_check": true})", "r").notes.size() == 1);
}

TEST_CASE("audit-go has a word for each operator") {
  const auto sign = [](const std::string& op) {
    const std::string line =
        lines(R"({"audit_rules": [{"actions": ["always","exit"], "fields": [{"name": "a1", "value": 4, "op": ")" + op +
              R"("}]}]})");
    return line.substr(line.find("a1") + 2, line.find('4') - line.find("a1") - 2);
  };
  for (const auto& [word, expected] : std::vector<std::pair<std::string, std::string>>{{"eq", "="},
                                                                                       {"nt_eq", "!="},
                                                                                       {"gt_or_eq", ">="},
                                                                                       {"lt_or_eq", "<="},
                                                                                       {"and_eq", "&="},
                                                                                       {"gt", ">"},
                                                                                       {"lt", "<"},
                                                                                       {"and", "&"}}) {
    CHECK(sign(word) == expected);
    CHECK(sign(expected) == expected);
  }
}

TEST_CASE("what is wrong in audit-go's rules is told with its line and column") {
  CHECK_THAT(refusal("{\n  \"delete\": yes\n}"), Contains("rules.json:2:13: is no JSON"));
  CHECK_THAT(refusal("{\n  \"delete\": true,\n  \"bufer\": \"1\"}"), Contains("rules.json:3:3") && Contains("buffer"));
  CHECK_THAT(refusal("{\"file_rules\": [\n  {\"permission\": \"w\"}]}"),
             Contains("rules.json:2:3") && Contains("no path"));
  CHECK_THAT(refusal("{\"file_rules\": [\n  {\"path\": \"/a b\"}]}"),
             Contains("rules.json:2:12") && Contains("no blanks"));
  CHECK_THAT(refusal("{\"audit_rules\": [{\"actions\": [\"always\"]}]}"), Contains("expected \"actions\""));
  CHECK_THAT(refusal("{\"audit_rules\": [{\"actions\": [\"always\",\"exit\"], \"fields\": [{\"name\": "
                     "\"a0\",\"op\":\n\"neq\",\"value\":1}]}]}"),
             Contains("rules.json:2:1") && Contains("nt_eq"));
  CHECK_THAT(refusal("{\"rate\": \"fast\"}"), Contains("rules.json:1:10") && Contains("expected a number"));
  // A line break in a value makes no second rule.
  CHECK_THAT(refusal(R"({"file_rules": [{"path": "/a\n-D"}]})"), Contains("no blanks"));
}

TEST_CASE("audit-go's rules are imported as YAML, and what the kernel would refuse is told at its place") {
  const AuditGoRules json = read_audit_go(
      "{\"audit_rules\": [\n  {\"path\": \"/etc/passwd\", \"permission\": \"wa\", \"key\": \"k\"},\n"
      "  {\"actions\": [\"always\", \"exit\"], \"syscalls\": [\"nosuchcall\"]}]}",
      "rules.json");
  const Imported done = import_rules(json.lines, "rules.json", rules::test::machine());
  CHECK_THAT(done.yaml, Contains("watch: /etc/passwd"));
  REQUIRE(done.errors.size() == 1);
  CHECK_THAT(json.moved(done.errors[0]).text(), Contains("rules.json:3:3") && Contains("nosuchcall"));
}

TEST_CASE("a rules file is audit-go's if it begins with a brace") {
  CHECK(is_audit_go(" \n\t{}"));
  CHECK_FALSE(is_audit_go("-D\n"));
  CHECK_FALSE(is_audit_go(""));
}

}  // namespace
}  // namespace naudit::migrate
