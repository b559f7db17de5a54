// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/text.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::base;

TEST_CASE("quoted text cannot drive a terminal and does not run on", "[text]") {
  CHECK(in_quotes("plain") == "'plain'");
  CHECK(in_quotes("a\x1b[2J\n") == "'a\\x1b[2J\\x0a'");
  CHECK(in_quotes("a\xE2\x80\xAE\xC2\x9B") == "'a\\xe2\\x80\\xae\\xc2\\x9b'");
  CHECK(in_quotes(std::string(79, 'x') + "\xC3\xA9y") == '\'' + std::string(79, 'x') + "\xC3\xA9…'");
  CHECK(in_quotes(std::string(500, 'x')).size() < 100);
}

TEST_CASE("edit distance counts inserts, deletes, replacements and swaps, letter case aside", "[text]") {
  CHECK(edit_distance("rotate", "rotate") == 0);
  CHECK(edit_distance("rotat", "rotate") == 1);
  CHECK(edit_distance("Rotate", "rotate") == 0);
  CHECK(edit_distance("kyes", "keys") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("sync", "keep") == 4);
}

TEST_CASE("blanks around a text go, those inside stay", "[text]") {
  CHECK(trimmed(" \t a b\r\n") == "a b");
  CHECK(trimmed(" \v\f ").empty());
  CHECK(trimmed("").empty());
}

TEST_CASE("words are the same in any case of ASCII's letters, and of no others", "[text]") {
  CHECK(lower("EaCCES_É") == "eacces_É");
  CHECK(same_word("B64", "b64"));
  CHECK_FALSE(same_word("b64", "b6"));
  CHECK_FALSE(same_word("É", "é"));
}

TEST_CASE("a count has its noun in the right number", "[text]") {
  CHECK(count_text(0, "rule") == "0 rules");
  CHECK(count_text(1, "rule") == "1 rule");
  CHECK(count_text(2, "rule") == "2 rules");
}

TEST_CASE("bytes that are not UTF-8 are replaced one by one, all else stays", "[text]") {
  CHECK(valid_utf8("\xc3") == "\xef\xbf\xbd");
  CHECK(valid_utf8("\xc3(") == "\xef\xbf\xbd(");
  CHECK(valid_utf8("\xf0\x9f\x98\x80") == "\xf0\x9f\x98\x80");
  CHECK(valid_utf8("").empty());
  CHECK(valid_utf8(std::string_view("\0a", 2)) == std::string_view("\0a", 2));
}
