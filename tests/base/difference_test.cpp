// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/difference.hpp"

#include "tests/support/catch.hpp"

using naudit::tests::difference;

TEST_CASE("a golden file that differs is told by its place, and not as a whole") {
  CHECK(difference("", "").empty());
  CHECK(difference("a\nb\n", "a\nb\n").empty());
  CHECK(difference("one\n{\"a\":1,\"b\":2}\n", "one\n{\"a\":1,\"b\":3}\n") ==
        "line 2, column 12\n  made:   {\"a\":1,\"b\":2}\n  golden: {\"a\":1,\"b\":3}");
  CHECK(difference("a\n", "a\nb\n") == "line 2, column 1\n  made:   <end>\n  golden: b");
  CHECK(difference("ab", "a") == "line 1, column 2\n  made:   ab\n  golden: a<end>");
}

TEST_CASE("of a long line only what stands around the place is shown") {
  const std::string begin(5000, 'x'), end(5000, 'y');
  CHECK(difference(begin + "1" + end, begin + "2" + end) ==
        "line 1, column 5001\n  made:   " + std::string(60, 'x') + "1" + std::string(59, 'y') +
            "\n  golden: " + std::string(60, 'x') + "2" + std::string(59, 'y'));
}
