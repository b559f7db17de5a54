// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// nauditctl under the name auditctl beside the real one, both without a kernel: same arguments, then same exit code,
// same texts, same requests, same listing; what is meant to differ is in intended.hpp. Built where an auditctl is
// found.
#include "tests/ctl/comparison.hpp"

namespace naudit::ctl {
namespace {

using test::Words;

// Words as a shell cuts them, as far as the data files need it.
Words shell_words(const std::string& line) {
  Words words;
  bool open = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        words.back() += c;
    } else if (c == ' ') {
      open = false;
    } else {
      if (!open) words.emplace_back();
      open = true;
      if (c == '\'' || c == '"')
        quote = c;
      else
        words.back() += c;
    }
  }
  return words;
}

std::vector<std::string> hand_written() {
  std::vector<std::string> kept;
  for (std::string& line : test::lines_of(test::read_all(NAUDIT_SOURCE_DIR "/tests/ctl/data/command_lines.txt")))
    if (!line.empty() && line[0] != '#') kept.push_back(std::move(line));
  return kept;
}

TEST_CASE("nauditctl does what auditctl does") {
  test::Comparison compare;
  for (const std::string& line : hand_written())
    compare.check(line, compare.theirs().behave(shell_words(line)), compare.ours().behave(shell_words(line)));
  compare.report("hand-written command lines");
  CHECK(compare.tally().tried > 400);
}

}  // namespace
}  // namespace naudit::ctl
