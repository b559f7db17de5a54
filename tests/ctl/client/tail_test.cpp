// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/ctl/run.hpp"
#include "tests/ctl/scripted_daemon.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using Catch::Matchers::Contains;
using tests::ScriptedDaemon;

TEST_CASE("tail waits for a daemon that restarts, and says so once") {
  ScriptedDaemon daemon(std::vector<std::string>{"{\"ok\":true}\none\n", "{\"ok\":true}\ntwo\nthree\n"});
  const test::Outcome outcome = test::run(NAUDIT_NAUDITCTL, {"tail", "--socket", daemon.path(), "--count", "3"});
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "one\ntwo\nthree\n");
  CHECK(outcome.error ==
        "nauditd has stopped; waiting for it to come back. Ctrl-C ends.\n"
        "nauditd is back. What happened meanwhile is in its sinks, but not here.\n");
  CHECK_THAT(daemon.request(), Contains("\"count\":3}\n") && Contains("\"count\":2}\n"));
}

TEST_CASE("a daemon that does not run when tail begins is an error at once") {
  const test::Outcome outcome = test::run(NAUDIT_NAUDITCTL, {"tail", "--socket", "/nowhere/control.sock"});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.error, Contains("nauditd is not running"));
}

TEST_CASE("a word for a filter that cannot be is refused by the daemon's words, and a wrong option ends with 2") {
  CHECK(test::run(NAUDIT_NAUDITCTL, {"tail", "--outcome", "maybe"}).code == 2);
  const ScriptedDaemon daemon("{\"ok\":false,\"error\":\"there is no record type 'X'\"}\n");
  const test::Outcome outcome = test::run(NAUDIT_NAUDITCTL, {"tail", "--socket", daemon.path(), "--type", "X"});
  CHECK(outcome.code == 1);
  CHECK(outcome.error == "there is no record type 'X'\n");
}

}  // namespace
}  // namespace naudit::ctl
