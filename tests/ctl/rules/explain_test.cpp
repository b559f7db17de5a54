// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

TEST_CASE("a rule is explained in a sentence") {
  const test::Outcome outcome = test::run(
      NAUDIT_NAUDITCTL,
      {"rules", "explain", "--rule", "-a always,exit -F arch=b64 -S execve -F auid>=1000 -F auid!=unset -k exec"});
  CHECK_THAT(outcome.out, Catch::Contains("Records every execve of x86_64 programs, provided that the login uid is "
                                          "1000 or more and set, under the key exec."));
}

TEST_CASE("a rule is explained below the words of its author, once for both arches") {
  const test::TempDir directory;
  const std::string lines = directory.file("a.rules"), yaml = directory.file("b.yaml");
  directory.write("a.rules", "# why\n-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id\n");
  directory.write("b.yaml",
                  "rules:\n  - key: id\n    watch: /etc/shadow\n    permissions: [write]\n  # next\n  - key: x\n    "
                  "syscalls: [mount]\n");
  const test::Outcome outcome = test::run(NAUDIT_NAUDITCTL, {"rules", "explain", lines, yaml});
  CHECK(outcome.out ==
        lines +
            ":2:1:\n  -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id\n"
            "    Records every time that /etc/passwd is written or changed in its attributes by x86_64 "
            "programs, under the key id.\n" +
            yaml +
            ":2:5:\n  key: id\n  watch: /etc/shadow\n  permissions: [write]\n"
            "    Records every time that /etc/shadow is written by x86_64 and i386 programs, under the key id.\n" +
            yaml +
            ":6:5:\n  key: x\n  syscalls: [mount]\n"
            "    Records every mount of x86_64 and i386 programs, under the key x.\n");
}

}  // namespace
}  // namespace naudit::ctl
