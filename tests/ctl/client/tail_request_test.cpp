// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/tail_request.hpp"

#include "tests/support/catch.hpp"

using naudit::ctl::tail_request;
using naudit::ctl::TailOptions;

TEST_CASE("a tail without options asks for lines only") {
  CHECK(tail_request({}) == R"({"command":"tail","format":"line"})");
}

TEST_CASE("each option of tail is a member of the request") {
  TailOptions options;
  options.json = true;
  options.filter.keys = {"a\"b", "c"};
  options.filter.types = {"USER_LOGIN"};
  options.filter.syscalls = {"openat", "59"};
  options.filter.uids = {"root"};
  options.filter.paths = {"/etc/"};
  options.filter.expression = R"(exe like "/opt/")";
  options.outcome = "failure";
  options.count = 7;
  CHECK(
      tail_request(options) ==
      R"({"command":"tail","format":"json","keys":["a\"b","c"],"types":["USER_LOGIN"],)"
      R"("syscalls":["openat","59"],"uids":["root"],"paths":["/etc/"],"outcome":"failure","filter":"exe like \"/opt/\"","count":7})");
  TailOptions raw;
  raw.raw = true;
  CHECK(tail_request(raw) == R"({"command":"tail","format":"raw"})");
}

TEST_CASE("a filter that JSON cannot say is refused") {
  naudit::ctl::TailOptions options;
  options.filter.keys = {"caf\xe9"};
  CHECK_THROWS_WITH(naudit::ctl::tail_request(options), "'caf\\xe9' is not UTF-8");
}
