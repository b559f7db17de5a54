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

TEST_CASE("rules are exported as lines of auditctl") {
  const test::TempDir directory;
  directory.write("a.yaml", "rules:\n  - key: x\n    description: what for\n    watch: [/a, /b]\n    arch: any\n");
  const test::Outcome outcome = rules({"export", directory.file("a.yaml")});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "# what for\n-w /a -p rwxa -k x\n-w /b -p rwxa -k x\n");
  CHECK(rules({"export", directory.file("a.yaml"), "-o", directory.file("out")}).code == 0);
  CHECK(test::read_all(directory.file("out/a.rules")) == outcome.out);
}

}  // namespace
}  // namespace naudit::ctl
