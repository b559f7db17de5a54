// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// A line of a stored log, and the correlator behind it: no record is ever lost.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "stored/log_line.hpp"
#include "tables/record_types.hpp"
#include "tests/support/stored_log.hpp"

namespace {

bool is_within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t expected = 0;
  std::size_t ends = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.empty()) continue;
    stored::LogLine records(line);
    correlate::Input input;
    const char* behind = line.data();
    bool any = false;
    while (records.next(input)) {
      any = true;
      ++expected;
      correlate::Header header;
      if (!is_within(input.text, line) || !is_within(input.node, line) || !is_within(input.name, line))
        __builtin_trap();
      if (input.text.data() < behind) __builtin_trap();
      behind = input.text.data() + input.text.size();
      if (input.type == tables::type::kEoe && correlate::parse_header(input.text, header)) ++ends;
    }
    if (!any) ++expected;
  }
  tests::StoredLog log;
  log.add_all(text);
  log.finish();
  std::size_t records = 0;
  for (const auto& event : log.events) {
    if (event->records().empty()) __builtin_trap();
    records += event->records().size();
  }
  if (records + ends != expected) __builtin_trap();
  return 0;
}
