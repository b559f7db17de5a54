// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/ctl/run.hpp"

namespace naudit::ctl::test {

// Runs `nauditctl convert` without the names of this machine.
inline Outcome convert(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"convert", "--names", "none"});
  return run(NAUDIT_NAUDITCTL, std::move(arguments));
}

// The same over a file with this text.
inline Outcome convert_text(std::string_view text, std::vector<std::string> arguments) {
  const TempDir directory;
  directory.write("log", std::string(text));
  arguments.push_back(directory.file("log"));
  return convert(std::move(arguments));
}

inline std::string json_of(std::string_view text) {
  return convert_text(text, {"--format", "json"}).out;
}

// To JSON and from there back to the records.
inline std::string there_and_back(std::string_view text) {
  return convert_text(json_of(text), {"--format", "raw"}).out;
}

}  // namespace naudit::ctl::test
