// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "correlate/event.hpp"
#include "tables/record_types.hpp"
#include "tests/support/pipeline.hpp"

namespace naudit::tests {

// What the format line says of an event of these records, "TYPE body" each, without its time and serial.
inline std::string sentence(const std::vector<std::string>& records) {
  correlate::Event event;
  for (const std::string& record : records) {
    const std::size_t space = record.find(' ');
    event.append(tables::record_type(record.substr(0, space)).value(), "audit(0.000:0):" + record.substr(space), 16);
  }
  const std::string line = Encoding("line")(event);
  constexpr std::size_t kTime = std::string_view("1970-01-01 00:00:00.000Z ").size();
  return line.substr(kTime, line.size() - kTime - std::string_view(" #0\n").size());
}

}  // namespace naudit::tests
