// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace naudit::ctl {

// Where the commands write. Stdout is buffered by stdio, stderr is not: out() and error() keep the two in order.
inline void out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

inline void error(const std::string& text) {
  std::fflush(stdout);
  const std::string line = text + '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace naudit::ctl
