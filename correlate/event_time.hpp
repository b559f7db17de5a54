// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace naudit::correlate {

// Stamps as text: "2023-11-14T22:13:20.123", in UTC, without a zone. RFC 3339 ends with the year 9999; a stamp beyond
// it (a corrupt record) is written as that year's last second.
//
// Keeps the text of the last stamp, since events of one second follow each other. One thread; allocates once.
class EventTime {
 public:
  // `between` stands between date and time.
  explicit EventTime(char between = 'T') : between_(between) {}

  // Valid until the next call. Of `millis` the last three digits count.
  std::string_view text(std::uint64_t seconds, std::uint32_t millis);

 private:
  void write_second(std::uint64_t seconds);

  const char between_;
  std::uint64_t second_ = ~std::uint64_t{0};  // whose text is in text_
  std::string text_;
};

}  // namespace naudit::correlate
