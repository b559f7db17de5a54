// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#define NCURSES_NOMACROS
#define NCURSES_WIDECHAR 1
#include "ctl/top/full_screen.hpp"

#include <curses.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <string>

#include "base/error.hpp"

namespace naudit::ctl {
namespace {

constexpr short kRed = 1;

attr_t attributes(ScreenLine::Look look) {
  switch (look) {
    case ScreenLine::Look::kHeading:
      return A_BOLD;
    case ScreenLine::Look::kWrong:
      return A_BOLD | (::has_colors() ? static_cast<attr_t>(COLOR_PAIR(kRed)) : A_NORMAL);
    case ScreenLine::Look::kPlain:
      break;
  }
  return A_NORMAL;
}

}  // namespace

FullScreen::FullScreen() {
  // What we write is UTF-8, whatever the environment says.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  if (::newterm(nullptr, stdout, stdin) == nullptr)
    throw base::Error("this terminal is not known to ncurses: TERM names none that it has; --count shows plain text");
  ::cbreak();
  ::noecho();
  ::nodelay(stdscr, true);
  ::curs_set(0);
  if (::has_colors()) {
    ::start_color();
    ::use_default_colors();
    ::init_pair(kRed, COLOR_RED, -1);
  }
}

FullScreen::~FullScreen() {
  ::endwin();
}

ScreenSize FullScreen::size() {
  winsize told{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &told) == 0 && told.ws_row > 0 && told.ws_col > 0)
    ::resizeterm(told.ws_row, told.ws_col);
  return {static_cast<std::size_t>(std::max(LINES, 1)), static_cast<std::size_t>(std::max(COLS, 1))};
}

void FullScreen::show(const std::vector<ScreenLine>& lines) {
  ::werase(stdscr);
  int row = 0;
  for (const ScreenLine& line : lines) {
    ::wattrset(stdscr, static_cast<int>(attributes(line.look)));
    ::wmove(stdscr, row++, 0);
    ::waddnstr(stdscr, line.text.data(), static_cast<int>(line.text.size()));
  }
  ::wattrset(stdscr, A_NORMAL);
  ::wrefresh(stdscr);
}

bool FullScreen::wants_end() {
  for (int key = ::wgetch(stdscr); key != ERR; key = ::wgetch(stdscr))
    if (key == 'q' || key == 'Q') return true;
  return false;
}

}  // namespace naudit::ctl
