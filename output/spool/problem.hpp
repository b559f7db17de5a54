// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace naudit::output {

// Why something could not be done with a spool, and errno.
struct SpoolProblem {
  std::string text;  // "cannot sync: Input/output error"; empty: it was done
  int code = 0;
  explicit operator bool() const noexcept { return !text.empty(); }
};

inline SpoolProblem spool_problem(std::string_view what, int code) {
  return {std::string(what) + ": " + std::generic_category().message(code), code};
}

}  // namespace naudit::output
