// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/control/answer.hpp"
#include "tests/support/catch.hpp"

using naudit::daemon::error_answer;
using naudit::daemon::ok_answer;

TEST_CASE("an answer is one line") {
  CHECK(ok_answer() == "{\"ok\":true}\n");
  CHECK(ok_answer("status", R"({"a":1})") == "{\"ok\":true,\"status\":{\"a\":1}}\n");
  CHECK(error_answer("a:1:2: \"x\"\nb:3:4: y") == "{\"ok\":false,\"error\":\"a:1:2: \\\"x\\\"\\nb:3:4: y\"}\n");
}

TEST_CASE("bytes that are not UTF-8 cannot spoil an answer") {
  CHECK(error_answer("caf\xc3\xa9 \xff.") == "{\"ok\":false,\"error\":\"caf\xc3\xa9 \xef\xbf\xbd.\"}\n");
}
