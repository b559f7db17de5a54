// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

test::Outcome rules(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "rules");
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

TEST_CASE("one rule file is imported to stdout, with its count on stderr") {
  const test::Directory directory;
  directory.write("a.rules", "-w /a -p wa -k x\n-w /b -p wa -k x\n");
  const test::Outcome outcome = rules({"import", directory.path("a.rules")});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "rules:\n  - key: x\n    watch: [/a, /b]\n    permissions: [write, attributes]\n");
  CHECK(outcome.error == "2 rules in 1 entry of YAML\n");
}

TEST_CASE("a line that auditctl refuses is told, and the exit code is 1") {
  const test::Directory directory;
  directory.write("a.rules", "-w /a\n-w relative\n");
  const test::Outcome outcome = rules({"import", directory.path("a.rules")});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.error, Catch::StartsWith(directory.path("a.rules") + ":2:1: The path must start with '/'"));
  CHECK_THAT(outcome.out, Catch::Contains("# -w relative"));
}

TEST_CASE("a directory is imported to a directory, and nothing is overwritten without being told") {
  const test::Directory directory;
  std::filesystem::create_directory(directory.path("in"));
  directory.write("in/10-a.rules", "-w /a\n");
  directory.write("in/9-b.rules", "-w /b\n");
  CHECK_THAT(rules({"import", directory.path("in")}).error, Catch::Contains("say --output DIRECTORY"));
  const std::vector<std::string> to{"import", directory.path("in"), "--output", directory.path("out")};
  CHECK(rules(to).code == 0);
  CHECK(test::read_all(directory.path("out/10-a.yaml")) == "rules:\n  - watch: /a\n");
  CHECK(rules({"check", directory.path("out")}).code == 0);

  directory.write("in/11-c.rules", "-w /c\n");
  const test::Outcome again = rules(to);
  CHECK(again.code == 1);
  CHECK_THAT(again.error, Catch::Contains("10-a.yaml: is there already; nothing was written"));
  CHECK_FALSE(std::filesystem::exists(directory.path("out/11-c.yaml")));
  auto forced = to;
  forced.emplace_back("--force");
  CHECK(rules(forced).code == 0);
  CHECK(std::filesystem::exists(directory.path("out/11-c.yaml")));
}

TEST_CASE("rules are exported as lines of auditctl") {
  const test::Directory directory;
  directory.write("a.yaml", "rules:\n  - key: x\n    description: what for\n    watch: [/a, /b]\n");
  const test::Outcome outcome = rules({"export", directory.path("a.yaml")});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "# what for\n-w /a -p rwxa -k x\n-w /b -p rwxa -k x\n");
  CHECK(rules({"export", directory.path("a.yaml"), "-o", directory.path("out")}).code == 0);
  CHECK(test::read_all(directory.path("out/a.rules")) == outcome.out);
}

}  // namespace
}  // namespace naudit::ctl
