// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <vector>

#include "ctl/top/screen_lines.hpp"

namespace naudit::ctl {

// The terminal on standard input and output as a whole screen, by ncurses; it is as it was before when the object goes,
// and while the program is stopped (Ctrl-Z).
//
// Owner: one subcommand, one at a time. One thread. Signals are the owner's part: Ctrl-C and SIGTERM have to end it in
// order, and SIGWINCH has to be followed by show().
class FullScreen {
 public:
  // Throws base::Error for a terminal that ncurses does not know.
  FullScreen();
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;
  ~FullScreen();

  // As the terminal says now.
  ScreenSize size();
  void show(const std::vector<ScreenLine>& lines);
  // What was typed and not yet taken is taken: true if it wants the end (q, Q).
  bool wants_end();
};

}  // namespace naudit::ctl
