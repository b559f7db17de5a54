// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/utf8.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::base;

TEST_CASE("a character is read whole, and what is no UTF-8 is none", "[utf8]") {
  CHECK(first_character("a").value == U'a');
  CHECK(first_character("\xC3\xA9x").value == U'\u00E9');
  CHECK(first_character("\xE2\x80\xAE").value == U'\u202E');
  CHECK(first_character("\xF0\x9F\x98\x80").value == U'\U0001F600');
  CHECK(first_character("\xF4\x8F\xBF\xBF").size == 4);
  CHECK(first_character(std::string_view("\0", 1)).size == 1);
  for (const std::string_view bad :
       {"", "\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3(", "\xE0\x9F\xBF", "\xE2\x80", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    CHECK(first_character(bad).size == 0);
}

TEST_CASE("what cannot be seen is known, and its neighbours are not taken for it", "[utf8]") {
  for (const char32_t hidden :
       {U'\0',     U'\n',     U'\x1B',       U'\x7F',       U'\x85',       U'\x9B',      U'\xAD',   U'\u061C',
        U'\u180E', U'\u200B', U'\u200F',     U'\u2028',     U'\u2029',     U'\u202E',    U'\u2066', U'\u2069',
        U'\uFEFF', U'\uFFF9', U'\U000110BD', U'\U0001D173', U'\U000E0001', U'\U000E007F'})
    CHECK(is_invisible(hidden));
  for (const char32_t seen : {U' ', U'~', U'\xA0', U'\xAC', U'\u05D0', U'\u200A', U'\u2010', U'\u2030', U'\u2065',
                              U'\uFEFE', U'\uFFFD', U'\U0001F600', U'\U000E0100', U'\U0010FFFF'})
    CHECK_FALSE(is_invisible(seen));
}

TEST_CASE("a text for the eye neither moves the cursor nor reads as another", "[utf8]") {
  CHECK(shown("caf\xC3\xA9 \xE6\x96\x87") == "caf\xC3\xA9 \xE6\x96\x87");
  CHECK(shown("\x1B[2J\n") == "\\x1b[2J\\x0a");
  CHECK(shown("\xC2\x9B") == "\\xc2\\x9b");
  CHECK(shown("gpj.\xE2\x80\xAE") == "gpj.\\xe2\\x80\\xae");
  CHECK(shown("a\xE2\x80\xA8"
              "b") == "a\\xe2\\x80\\xa8b");
  CHECK(shown("\xFF\x7F") == "\\xff\\x7f");
  CHECK(shown(std::string_view("\0", 1)) == "\\x00");
}
