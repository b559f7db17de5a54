// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// Any bytes as lines of a stored log, and as what the kernel sends: the BSM records of every event are whole ones by
// the strict reader, with the event's serial.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "formats/bsm/options.hpp"
#include "tests/support/bsm_trail.hpp"
#include "tests/support/pipeline.hpp"

namespace {

using namespace naudit;

void check(tests::Encoding& encode, const correlate::Event& event) {
  const std::string bytes = encode(event);
  const tests::BsmTrail trail = tests::read_bsm(bytes);
  if (!trail.wrong.empty() || trail.records.empty() || !trail.files.empty()) {
    std::fprintf(stderr, "%s\n", trail.wrong.c_str());
    __builtin_trap();
  }
  for (const tests::BsmRead& record : trail.records)
    if (record.sequence() != event.id.serial || tests::praudit_line(record).empty()) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static tests::Encoding mapped("bsm");
  static tests::Encoding null("bsm", formats::BsmOptions{.event_numbers = formats::BsmEventNumbers::kNull,
                                                         .cwd = formats::BsmDirectory::kText});
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  tests::StoredLog log;
  log.add_all(bytes);
  log.finish();
  for (const auto& event : log.events) {
    check(mapped, *event);
    check(null, *event);
  }
  // Of the kernel: a record of any type with any body.
  std::uint16_t type = 0;
  if (size < sizeof type) return 0;
  std::memcpy(&type, data, sizeof type);
  correlate::Event live;
  live.id = {1700000000, 1, 2};
  live.append(type, bytes.substr(sizeof type), 0);
  live.append(1300, bytes.substr(sizeof type), 0);
  check(mapped, live);
  return 0;
}
