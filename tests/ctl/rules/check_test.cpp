// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <rapidjson/document.h>

#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

test::Outcome nauditctl(const std::vector<std::string>& arguments) {
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

TEST_CASE("a check reports every error with its place and exits with 1") {
  const test::TempDir directory;
  directory.write("1.rules", "-w relative\n-a always,exit -F foo=1\n");
  const test::Outcome outcome = nauditctl({"rules", "check", directory.file("1.rules")});
  CHECK(outcome.code == 1);
  CHECK(outcome.error.empty());
  CHECK(outcome.out == directory.file("1.rules") + ":1:4: error: the path 'relative' must start with /\n" +
                           directory.file("1.rules") + ":2:19: error: there is no field 'foo'\n" +
                           "0 rules, 2 errors, no advice\n");
}

TEST_CASE("a check of good rules gives advice on stdout, the verdict last, and exits with 0") {
  const test::TempDir directory;
  directory.write("1.rules", "-a never,task\n");
  const test::Outcome outcome = nauditctl({"rules", "check", directory.file("1.rules")});
  CHECK(outcome.code == 0);
  CHECK(outcome.error.empty());
  CHECK(outcome.out == directory.file("1.rules") +
                           ":1:1: advice [never-task]\n    'never,task' turns system call auditing off for every new "
                           "process: no other rule "
                           "will fire.\n    Remove it.\n1 rule, no error, 1 piece of advice\n");
}

TEST_CASE("errors come first, and the rules without one still get advice") {
  const test::TempDir directory;
  directory.write("1.rules", "-a never,task\n-w relative\n");
  const std::string path = directory.file("1.rules");
  const test::Outcome outcome = nauditctl({"rules", "check", path});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.out,
             Catch::StartsWith(path + ":2:4: error: the path 'relative' must start with /\n" + path + ":1:1: ") &&
                 Catch::EndsWith("\n1 rule, 1 error, 1 piece of advice\n"));
  const test::Outcome json = nauditctl({"rules", "check", "--json", path});
  CHECK(json.code == 1);
  rapidjson::Document found;
  found.Parse(json.out.c_str());
  REQUIRE(found.IsObject());
  CHECK(found["rules"].GetUint() == 1);
  CHECK(found["errors"][0]["line"].GetInt() == 2);
  CHECK(found["advice"][0]["check"] == "never-task");
  CHECK(found["advice"][0]["remedy"] == "remove it");
  CHECK(found["advice"][0]["file"] == path.c_str());
}

TEST_CASE("what is true of several rules is one advice, and --paths has each path") {
  const test::TempDir directory;
  directory.write(
      "1.yaml", "rules:\n  - {watch: /nowhere/a, permissions: [read]}\n  - {watch: /nowhere/b, permissions: [read]}\n");
  const test::Outcome folded = nauditctl({"rules", "check", directory.file("1.yaml")});
  CHECK_THAT(folded.out, Catch::Contains("paths in these rules are not here: /nowhere/a and /nowhere/b.\n") &&
                             Catch::Contains("\n    Also line 3.\n") &&
                             Catch::EndsWith("4 rules, no error, 1 piece of advice\n"));
  const test::Outcome each = nauditctl({"rules", "check", "--paths", directory.file("1.yaml")});
  CHECK_THAT(each.out, Catch::EndsWith("4 rules, no error, 2 pieces of advice\n"));
}

TEST_CASE("a name that is not UTF-8 leaves the JSON of a check valid") {
  const test::TempDir directory;
  directory.write("caf\xe9.rules", "-w relative\n-w /nope\xff -p w\n");
  const test::Outcome json = nauditctl({"rules", "check", "--json", directory.file("caf\xe9.rules")});
  CHECK(json.code == 1);
  rapidjson::Document found;
  found.Parse<rapidjson::kParseValidateEncodingFlag>(json.out.c_str());
  REQUIRE_FALSE(found.HasParseError());
  CHECK(found["errors"][0]["file"] == directory.file("caf\xef\xbf\xbd.rules").c_str());
}

TEST_CASE("a check estimates what rules cost, the dearest first") {
  const test::TempDir directory;
  directory.write(
      "1.rules", "-a always,exit -F arch=b64 -S init_module -k a\n-a always,exit -F arch=b64 -S read -F auid=1 -k b\n");
  const test::Outcome outcome = nauditctl({"rules", "check", "--cost", directory.file("1.rules")});
  CHECK(outcome.code == 0);
  CHECK(outcome.out.find("-S read") < outcome.out.find("-S init_module"));
}

}  // namespace
}  // namespace naudit::ctl
