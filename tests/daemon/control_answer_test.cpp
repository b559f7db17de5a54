// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/utf8.hpp"
#include "daemon/control/answer.hpp"
#include "tests/support/catch.hpp"

using naudit::base::valid_utf8;
using naudit::daemon::error_answer;
using naudit::daemon::ok_answer;

TEST_CASE("an answer is one line") {
  CHECK(ok_answer() == "{\"ok\":true}\n");
  CHECK(ok_answer("status", R"({"a":1})") == "{\"ok\":true,\"status\":{\"a\":1}}\n");
  CHECK(error_answer("a:1:2: \"x\"\nb:3:4: y") == "{\"ok\":false,\"error\":\"a:1:2: \\\"x\\\"\\nb:3:4: y\"}\n");
}

TEST_CASE("bytes that are not UTF-8 cannot spoil an answer") {
  CHECK(error_answer("caf\xc3\xa9 \xff.") == "{\"ok\":false,\"error\":\"caf\xc3\xa9 \xef\xbf\xbd.\"}\n");
  CHECK(valid_utf8("\xc3") == "\xef\xbf\xbd");
  CHECK(valid_utf8("\xc3(") == "\xef\xbf\xbd(");
  CHECK(valid_utf8("\xf0\x9f\x98\x80") == "\xf0\x9f\x98\x80");
  CHECK(valid_utf8("").empty());
  CHECK(valid_utf8(std::string_view("\0a", 2)) == std::string_view("\0a", 2));
}
