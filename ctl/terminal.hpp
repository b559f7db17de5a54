// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/style.hpp"

namespace CLI {
class App;
}

namespace naudit::ctl {

// What is known of where stdout goes.
struct TerminalFacts {
  bool is_terminal = false;
  std::optional<std::size_t> columns;                        // as the terminal says
  std::optional<std::string> columns_word, no_colour, term;  // COLUMNS, NO_COLOR and TERM of the environment
};

// No terminal: lines are not broken. COLUMNS goes before what the terminal says, as with ls. Colour, if `when` is
// "auto", on a terminal that is not "dumb", unless NO_COLOR is set (https://no-color.org); "always" and "never" go
// before all that. Pure.
base::Layout layout_of(const TerminalFacts& facts, std::string_view when);

// Of this process.
base::Layout layout_of_stdout(std::string_view when = "auto");

// --colour auto|always|never, or --color. `when` has to live until the command line has been read.
void add_colour_option(CLI::App& command, std::string& when);

}  // namespace naudit::ctl
