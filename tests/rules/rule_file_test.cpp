// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/file.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("tabs, a CR, a byte-order mark and a missing last newline are read as meant") {
  const auto lines = read_rule_lines("\xEF\xBB\xBF-a\talways,exit \t-S 59\r\n\t\r\n-D");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].words == Words{"-a", "always,exit", "-S", "59"});
  CHECK(lines[0].columns == std::vector<int>{1, 4, 17, 20});
  CHECK(lines[1].words == Words{"-D"});
  CHECK(lines[1].number == 3);
}

TEST_CASE("a backslash takes the meaning from a space and from a backslash only") {
  CHECK(read_rule_lines("-w /a\\ b -k c\\\\d\\n").at(0).words == Words{"-w", "/a b", "-k", "c\\d\\n"});
}

TEST_CASE("a word is escaped so that it is read back") {
  for (const std::string word : {"/a b", "c\\d", "e\\", "\\ f", "g\\\\h", "plain"})
    CHECK(read_rule_lines("-k " + escape_word(word) + " end").at(0).words == Words{"-k", word, "end"});
}

TEST_CASE("a line of any length is one line") {
  const std::string path = "/" + std::string(20'000, 'x');
  const auto lines = read_rule_lines("-w " + path + " -p wa\n-D\n");
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].words.at(1) == path);
}

TEST_CASE("comments are kept with the rule that follows them at once") {
  const auto lines = read_rule_lines("# far away\n\n# one\n  ## two\n-D\n#\n");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].comment == "one\ntwo");
}

}  // namespace
}  // namespace naudit::rules
