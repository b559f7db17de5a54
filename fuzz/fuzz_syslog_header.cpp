// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What syslog daemons put before a record. Each part is one of the line, before what is left of it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "stored/syslog_header.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::stored;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  static_cast<void>(is_before_record(line));
  SyslogHeader header;
  if (!read_syslog_header(line, header)) return 0;
  if (header.size > line.size()) __builtin_trap();
  for (const std::string_view part : {header.stamp, header.host})
    if (!part.empty() && (part.data() < line.data() || part.data() + part.size() > line.data() + header.size))
      __builtin_trap();
  return 0;
}
