// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include "ctl/top/tally.hpp"

namespace naudit::ctl {

// One line of a screen; nothing in it moves a cursor or is wider than the screen.
struct ScreenLine {
  enum class Look : std::uint8_t { kPlain, kHeading, kWrong };
  std::string text;
  Look look = Look::kPlain;
};
struct ScreenSize {
  std::size_t rows = 24, columns = 80;
};

// What `nauditctl top` shows on a whole screen: the daemon in a line, the sinks, and what makes the events by several
// kinds, side by side where there is room. As many lines as the screen has, at most. `status` is the daemon's last one
// (docs/control-socket.md), null if there is none, `trouble` why not. Begins a new interval of the tally. Pure.
std::vector<ScreenLine> top_screen(Tally& tally, const std::array<bool, kTallyKinds>& kinds, Tally::TimePoint now,
                                   const rapidjson::Value& status, std::string_view trouble, ScreenSize size);

// The text cut, or filled with blanks, to so many columns of a terminal. Of what is cut the beginning goes, since the
// end of a path says more. Text from outside becomes harmless (base/utf8.hpp). Pure.
std::string fitted_to(std::string_view text, std::size_t columns);

}  // namespace naudit::ctl
