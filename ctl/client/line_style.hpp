// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/style.hpp"

namespace naudit::ctl {

// How a line of the format `line` (docs/formats.md) is shown: one of something that was denied, or failed. It looks at
// the line's end only, behind all that a record may say. Pure.
std::optional<base::Style> style_of_line(std::string_view line) noexcept;

// Gives each whole line of a stream in that format its style. Owner: one command.
class LineColours {
 public:
  // What is to be printed of the next bytes: whole lines. Valid until the next call.
  std::string_view take(std::string_view bytes);

 private:
  std::string rest_, out_;
};

}  // namespace naudit::ctl
