// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace naudit::correlate {

// What all records of one event have in common (together with the node): the kernel's wall-clock stamp and a serial
// number, which wraps at 32 bits and starts again at boot.
struct EventId {
  std::uint64_t seconds = 0;
  std::uint32_t millis = 0;
  std::uint32_t serial = 0;

  friend bool operator==(const EventId&, const EventId&) = default;
};

// "1700000000.123:45", the form of `id` in the native event and of `audit(…)` in a record.
void append_id(const EventId& id, std::string& out);

struct Header {
  EventId id;
  std::uint32_t size = 0;  // where the body starts: behind "audit(…): "
};

// Reads "audit(SECONDS.MMM:SERIAL): " at the start of a record (kernel/audit.c, audit_log_start). False if the text
// does not start with exactly that. Pure, no allocation; the drain thread calls it for every record.
bool parse_header(std::string_view text, Header& out) noexcept;

// The same for one record after the other: what is as in the record before is not read again. One thread.
class HeaderReader {
 public:
  bool read(std::string_view text, Header& out) noexcept;

 private:
  void keep(std::string_view text, const Header& header) noexcept;

  std::array<char, 48> start_{};  // "audit(SECONDS.MMM:SERIAL): " of the record before
  std::size_t stamp_ = 0;         // bytes of it up to the serial; 0: there is none
  Header last_;
};

}  // namespace naudit::correlate
