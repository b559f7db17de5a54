// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A line of JSON back to records: any text, our own form or not. What comes of it is one line a record again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/auditd/line.hpp"
#include "formats/json/reader.hpp"
#include "tests/support/pipeline.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  static tests::Encoding raw("raw");
  static tests::Encoding json("json");
  formats::RebuiltEvent rebuilt;
  std::string error;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  if (!formats::rebuild_event(line, rebuilt, error)) {
    if (error.empty()) __builtin_trap();
    return 0;
  }
  correlate::Event event;
  event.source = correlate::Source::kStored;
  event.id = rebuilt.id;
  event.node = rebuilt.node;
  event.incomplete = rebuilt.incomplete;
  for (const std::string& record : rebuilt.records) {
    correlate::Input input;
    correlate::Header header;
    const bool good = formats::parse_line(record, input) && correlate::parse_header(input.text, header);
    event.append(input.type, input.text, good ? header.size : 0, input.name);
  }
  if (event.records().empty()) return 0;
  const std::string lines = raw(event);
  if (event.node.find('\n') == std::string::npos &&
      std::ranges::count(lines, '\n') != static_cast<std::ptrdiff_t>(event.records().size()))
    __builtin_trap();
  const std::string again = json(event);
  if (again.find('\n') != again.size() - 1) __builtin_trap();
  return 0;
}
