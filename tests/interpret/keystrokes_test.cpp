// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/meaning/keystrokes.hpp"

#include "tables/terminal_keys.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

using namespace std::string_view_literals;

std::string keystrokes(std::string_view bytes) {
  std::string text;
  append_keystrokes(text, bytes);
  return text;
}

// What ausearch 3.0.9 and 4.2.1 print for the same bytes.
TEST_CASE("keystrokes are spelled as ausearch spells them") {
  CHECK(keystrokes("ls -l\r") == R"("ls -l",<ret>)");
  CHECK(keystrokes("\r\n") == "<ret>,<nl>");
  CHECK(keystrokes("\x1b[A") == "<up>");
  CHECK(keystrokes("x\x1b[Ay") == R"("x",<up>,"y")");
  CHECK(keystrokes("\x1b[AA") == R"(<up>,"A")");
  CHECK(keystrokes("\x1bOP") == "<F1>");
  CHECK(keystrokes("\x1b[3~") == "<delete>");
  CHECK(keystrokes("\x1b[1;2A") == "<scroll-backward>");
  CHECK(keystrokes("\x1b") == "<esc>");
  CHECK(keystrokes("\x1b\x1b[A") == "<esc>,<up>");
  CHECK(keystrokes("\x1b!") == R"(<esc>,"!")");
  CHECK(keystrokes("\x03\x04\x7f\x08\t") == "<^C>,<^D>,<backspace>,<backspace>,<tab>");
  CHECK(keystrokes("a\"b\\c") == R"("a\"b\\c")");
  CHECK(keystrokes("a\0b"sv) == R"("a\000b")");
  CHECK(keystrokes("\xc3\xa9\x1c") == R"("\303\251\034")");
  CHECK(keystrokes("").empty());
}

TEST_CASE("only a byte that is not printable is a key") {
  CHECK_FALSE(has_keys("echo hi ~"));
  CHECK_FALSE(has_keys(""));
  CHECK(has_keys("echo hi\r"));
  CHECK(has_keys("\xc3\xa9"));
}

TEST_CASE("the longest sequence is the key") {
  CHECK(tables::terminal_key("[[Ax").name == "F1");
  CHECK(tables::terminal_key("[[Ax").size == 3);
  CHECK(tables::terminal_key("[[x").name == "F42");
  CHECK(tables::terminal_key("").size == 0);
  CHECK(tables::terminal_key("!").size == 0);
}

}  // namespace
}  // namespace naudit::interpret
