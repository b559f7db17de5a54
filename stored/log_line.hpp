// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string_view>

#include "correlate/correlator.hpp"

namespace naudit::stored {

// A line of a stored log: its records, and the host that syslog names before them. Most lines hold one record; some
// collectors join those of an event with a space between them.
//
// A line is cut only where nobody but the writer of the log can have written: what a program or a user may have had a
// hand in (a claim, a quoted string, the path of a socket, the name of a netfilter table) may hold a text that looks
// like a record, and goes on to the last sign of the line that can be its end. So records behind a claim that have an
// apostrophe of their own stay part of it. A syslog line of another program is no record, whatever stands in it.
//
// Views into the line, which outlives it. Pure; time linear in the line, whatever the number of records.
class LogLine {
 public:
  explicit LogLine(std::string_view line) noexcept;

  // The next record; its node is its own, else the host of the line. False if there is none any more, or at the first
  // call none at all: `out` then has the whole line as text.
  bool next(correlate::Input& out) noexcept;

 private:
  [[nodiscard]] std::size_t border(std::string_view text, std::uint16_t type) noexcept;
  // Where the last byte of this kind in the line is.
  struct Last {
    char byte;
    bool is_known = false;
    std::size_t at = 0;
  };
  std::size_t behind_last(Last& last) noexcept;

  std::string_view line_;
  std::string_view rest_;
  std::string_view host_;
  bool is_first_ = true;
  Last apostrophe_{.byte = '\''}, brace_{.byte = '}'};
};

}  // namespace naudit::stored
