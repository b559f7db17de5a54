// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/read.hpp"

#include <filesystem>
#include <fstream>

#include "rules/auditctl/listing.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::rules {
namespace {

namespace fs = std::filesystem;

using naudit::tests::TempDir;

std::vector<std::string> lines(const RuleSet& set) {
  std::vector<std::string> all;
  for (const WantedRule& wanted : set.rules()) all.push_back(rule_line(wanted.rule, tables::kArchX86_64));
  return all;
}

RuleSet load(const std::vector<std::string>& paths, ReadOptions options = {false, false}) {
  return read_rules(paths, test::machine(), options);
}

std::vector<std::string> problems(const std::vector<std::string>& paths) {
  std::vector<std::string> texts;
  try {
    load(paths);
  } catch (const base::Error& error) {
    for (const base::Problem& problem : error.problems()) texts.push_back(problem.text());
  }
  return texts;
}

using Lines = std::vector<std::string>;

TEST_CASE("a directory is read in version order, both kinds of files, nothing else") {
  const TempDir directory;
  directory.write("10-b.rules", "-w /b -p r");
  directory.write("9-a.yaml", "rules: [{watch: /a, permissions: read}]");
  directory.write("README", "-w /readme");
  directory.write(".hidden.rules", "-w /hidden");
  CHECK(lines(load({directory.path()})) == Lines{"-w /a -p r", "-w /b -p r"});
}

TEST_CASE("every mistake of every file is told with file, line and column") {
  const TempDir directory;
  directory.write("1.rules", "-w /a\n-w /b -p z\n  -a always,exit -F foo=1\n");
  directory.write("2.yaml", "rules: [{where: foo = 1}]");
  const std::string one = directory.file("1.rules");
  const std::string two = directory.file("2.yaml");
  CHECK(problems({directory.path(), directory.file("none.rules")}) ==
        Lines{one + ":2:7: Permission z isn't supported", one + ":3:18: -F unknown field: foo",
              two + ":1:17: there is no field 'foo'",
              directory.file("none.rules") + ": cannot be opened: No such file or directory"});
}

TEST_CASE("prepended rules come first, and -d takes back") {
  const TempDir directory;
  directory.write("1.rules",
                  "-D\n-a always,exit -S 1\n-a always,exit -S 2\n-A always,exit -S 3\n-A always,exit -S 4\n"
                  "-d always,exit -S 2\n-d always,exit -S 9\n");
  const RuleSet set = load({directory.path()});
  CHECK(lines(set) == Lines{"-a always,exit -S stat", "-a always,exit -S close", "-a always,exit -S write"});
  REQUIRE(set.notes().size() == 1);
  CHECK(set.notes()[0].place.line == 7);
}

TEST_CASE("settings are collected, the last one wins, and failure mode 2 is not taken") {
  const TempDir directory;
  directory.write("1.rules", "-b 64\n-f 2\n--backlog_wait_time 5\n-r 7\n-e 2\n");
  directory.write("2.rules", "-b 8192\n--loginuid-immutable\n-l\n");
  const RuleSet set = load({directory.path()});
  CHECK(set.settings.backlog_limit == 8192U);
  CHECK(set.settings.backlog_wait_time == 5U);
  CHECK(set.settings.rate_limit == 7U);
  CHECK(set.settings.enabled == 2U);
  CHECK_FALSE(set.settings.failure);
  CHECK(set.loginuid_immutable);
  CHECK(set.notes().size() == 2);
}

TEST_CASE("-i in a file makes its rest lenient") {
  const TempDir directory;
  directory.write("1.rules", "-i\n-w relative\n-w /a -p r\n");
  const RuleSet set = load({directory.path()});
  CHECK(lines(set) == Lines{"-w /a -p r"});
  CHECK(set.notes().at(0).message == "left out: The path must start with '/'");
}

TEST_CASE("comments above a rule become its description") {
  const TempDir directory;
  directory.write("1.rules", "# who\n# is there\n-w /a -p r\n");
  CHECK(load({directory.path()}).rules().at(0).description == "who\nis there");
}

TEST_CASE("include reads files beside the one that names them, and a circle is told") {
  const TempDir directory;
  directory.write("main.yaml", "include: [more.rules, sub.yaml]\nrules: [{watch: /c, permissions: read}]");
  directory.write("more.rules", "-w /a -p r");
  directory.write("sub.yaml", "rules: [{watch: /b, permissions: read}]");
  CHECK(lines(load({directory.file("main.yaml")})) == Lines{"-w /a -p r", "-w /b -p r", "-w /c -p r"});
  directory.write("sub.yaml", "include: main.yaml");
  const auto told = problems({directory.file("main.yaml")});
  REQUIRE_FALSE(told.empty());
  CHECK_THAT(told[0], Catch::Contains("the file includes itself"));
}

TEST_CASE("include takes wildcards, in the order of directories; no match is no error, a missing file is one") {
  const TempDir directory;
  directory.write("main.yaml", "include:\n  - part-*.yaml\n  - none-*.yaml\n");
  directory.write("part-10.yaml", "rules: [{watch: /b, permissions: read}]");
  directory.write("part-9.yaml", "rules: [{watch: /a, permissions: read}]");
  CHECK(lines(load({directory.file("main.yaml")})) == Lines{"-w /a -p r", "-w /b -p r"});
  directory.write("main.yaml", "include:\n  - part-9.yaml\n  - none.yaml\n");
  CHECK(problems({directory.file("main.yaml")}) ==
        Lines{directory.file("main.yaml") + ":3:5: cannot include: " + directory.file("none.yaml") +
              ": cannot be opened: No such file or directory"});
}

TEST_CASE("only what is included has wildcards, not the directory of the file that includes") {
  const TempDir directory;
  fs::create_directory(directory.file("a[1]*"));
  directory.write("a[1]*/main.yaml", "include:\n  - part-*.yaml\n  - one.yaml\n");
  directory.write("a[1]*/part-1.yaml", "rules: [{watch: /a, permissions: read}]");
  CHECK(problems({directory.file("a[1]*/main.yaml")}) ==
        Lines{directory.file("a[1]*/main.yaml") + ":3:5: cannot include: " + directory.file("a[1]*/one.yaml") +
              ": cannot be opened: No such file or directory"});
  directory.write("a[1]*/one.yaml", "rules: [{watch: /b, permissions: read}]");
  CHECK(lines(load({directory.file("a[1]*/main.yaml")})) == Lines{"-w /a -p r", "-w /b -p r"});
}

TEST_CASE("wildcards below a directory that cannot be read are an error, below one that is not there none") {
  const TempDir directory;
  directory.write("main.yaml", "include: none.d/*.yaml");
  CHECK(problems({directory.file("main.yaml")}).empty());
  fs::create_symlink("loop.d", directory.file("loop.d"));
  directory.write("main.yaml", "include: loop.d/*.yaml");
  CHECK(problems({directory.file("main.yaml")}) ==
        Lines{directory.file("main.yaml") + ":1:10: cannot include: " + directory.file("loop.d/*.yaml") +
              ": a directory that it leads through cannot be read"});
}

TEST_CASE("a file that others may write is refused when permissions are checked") {
  const TempDir directory;
  directory.write("1.rules", "-w /a");
  fs::permissions(directory.file("1.rules"), fs::perms::all);
  CHECK_THROWS_AS(load({directory.path()}, {true, false}), base::Error);
  CHECK_NOTHROW(load({directory.path()}));
}

}  // namespace
}  // namespace naudit::rules
