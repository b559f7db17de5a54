// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/hex.hpp"

#include <vector>

#include "tests/support/catch.hpp"

namespace naudit::base {
namespace {

TEST_CASE("every byte survives the way to hexadecimal and back, at every length") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes += static_cast<char>(i);
    std::string hex;
    append_hex(hex, bytes);
    CHECK(hex.size() == bytes.size() * 2);
    CHECK(is_hex(hex));
    std::string back = "kept";
    CHECK(append_decoded_hex(back, hex));
    CHECK(back == "kept" + bytes);
  }
}

TEST_CASE("both cases of letters are read, upper case is written") {
  std::string out;
  CHECK(append_decoded_hex(out, "2F62696E2f6c73"));
  CHECK(out == "/bin/ls");
  std::string hex;
  append_hex(hex, "\xAB\xCD\xEF");
  CHECK(hex == "ABCDEF");
}

TEST_CASE("an odd count, an empty text and any other character are not hexadecimal") {
  for (const char* text : {"", "0", "012", "0g", "g0", "(null)", "0x41", "+1", "-1", " 1", "12345678x0", "1234567 "}) {
    INFO(text);
    CHECK_FALSE(is_hex(text));
    std::string out = "kept";
    CHECK_FALSE(append_decoded_hex(out, text));
    CHECK(out == "kept");
  }
}

TEST_CASE("each of the 256 characters is judged alike at each place of a word") {
  const std::string_view digits = "0123456789abcdefABCDEF";
  for (int c = 0; c < 256; ++c) {
    const bool valid = digits.find(static_cast<char>(c)) != std::string_view::npos;
    for (std::size_t at = 0; at < 10; ++at) {
      std::string text = "0099AAffF0";
      text[at] = static_cast<char>(c);
      std::vector<char> out(text.size() / 2);
      if (is_hex(text) != valid || decode_hex(text, out.data()) != valid) FAIL("character " << c << " at " << at);
    }
  }
}

}  // namespace
}  // namespace naudit::base
