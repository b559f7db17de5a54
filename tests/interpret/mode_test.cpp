// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/arguments/mode.hpp"

#include <utility>

#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

TEST_CASE("modes are spelled as ausearch -i spells them") {
  const std::pair<const char*, const char*> pairs[] = {
      {"0100755", "file,755"},
      {"040755", "dir,755"},
      {"0120777", "link,777"},
      {"0140755", "socket,755"},
      {"020600", "character,600"},
      {"060660", "block,660"},
      {"010644", "fifo,644"},
      {"0104755", "file,suid,755"},
      {"0102755", "file,sgid,755"},
      {"041777", "dir,sticky,777"},
      {"0107777", "file,suid,sgid,sticky,777"},
      {"00", "000,000"},
      {"0755", "000,755"},
      {"01000", "000,sticky,000"},
      {"0170000", "017,000"},
      {"0100000", "file,000"},
  };
  for (const auto& [octal, text] : pairs) {
    std::string out = "mode=";
    CHECK(append_mode(out, std::string_view(octal)));
    CHECK(out == std::string("mode=") + text);
  }
}

TEST_CASE("what is not octal is left alone") {
  for (const char* text : {"", "junk", "0100899", "-1", "0x1ed", "0755 ", "777777777777777777"}) {
    std::string out = "kept";
    CHECK_FALSE(append_mode(out, std::string_view(text)));
    CHECK(out == "kept");
  }
}

}  // namespace
}  // namespace naudit::interpret
