// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/key_list.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

using Keys = std::vector<std::string>;

Keys all(std::string_view value) {
  Keys keys;
  for_each_key(value, [&](std::string_view key) { keys.emplace_back(key); });
  return keys;
}

Keys shown(std::string_view value) {
  Keys keys;
  for_each_shown_key(value, [&](std::string_view key) { keys.emplace_back(key); });
  return keys;
}

TEST_CASE("several keys of one value are told apart") {
  CHECK(all("exec") == Keys{"exec"});
  CHECK(all("exec\x01"
            "files\x01"
            "x") == Keys{"exec", "files", "x"});
  CHECK(shown("exec\x01"
              "files") == Keys{"exec", "files"});
}

TEST_CASE("an empty key counts, and is shown where another follows") {
  CHECK(all("") == Keys{""});
  CHECK(all("a\x01") == Keys{"a", ""});
  CHECK(shown("").empty());
  CHECK(shown("a\x01") == Keys{"a"});
  CHECK(shown("\x01"
              "a") == Keys{"", "a"});
  CHECK(shown("\x01") == Keys{""});
  CHECK(shown("a\x01\x01") == Keys{"a", ""});
}

}  // namespace
}  // namespace naudit::tables
