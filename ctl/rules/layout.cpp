// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/layout.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace naudit::ctl {

rules::ReportLayout layout_of_stdout() {
  if (isatty(STDOUT_FILENO) == 0) return {};
  constexpr std::size_t kUsual = 80, kLeast = 40;
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const std::size_t width = known ? size.ws_col : kUsual;
  // NOLINTBEGIN(concurrency-mt-unsafe): there is one thread
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  // NOLINTEND(concurrency-mt-unsafe)
  const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return {.width = width < kLeast ? kLeast : width, .colour = !dumb && (no_colour == nullptr || *no_colour == '\0')};
}

}  // namespace naudit::ctl
