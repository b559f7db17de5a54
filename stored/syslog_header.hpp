// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string_view>

namespace naudit::stored {

// What a syslog daemon writes before a message: "<13>1 2023-11-14T22:13:20.123Z web1 audispd 9 - - " (RFC 5424),
// "Nov 14 22:13:20 web1 kernel: " (RFC 3164), and what rsyslog, syslog-ng and journalctl make of it.
struct SyslogHeader {
  std::string_view stamp;  // the date and the time, with their zone; empty if there is only a priority
  std::string_view host;   // the machine that the message is of; empty if it is not told
  std::size_t size = 0;    // where the rest begins: the program, and what it wrote
};

// Reads it off the front of a line; false if the line does not begin with a time stamp, or a priority and one. Pure.
bool read_syslog_header(std::string_view line, SyslogHeader& out) noexcept;

// What stands between the header and a record: is it the name of a program, and the stamps and words of the kernel's
// console, and nothing that somebody may have said in a message of another kind ("sshd[5]: Invalid user type=…")? Pure.
bool is_before_record(std::string_view between) noexcept;

}  // namespace naudit::stored
