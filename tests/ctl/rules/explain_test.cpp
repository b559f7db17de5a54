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

}  // namespace
}  // namespace naudit::ctl
