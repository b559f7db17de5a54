// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The record of `nauditctl migrate`: any bytes. What is taken names nothing outside of its folder, and is the same when
// it is written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "migrate/undo/record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::migrate;
  ChangeRecord record;
  try {
    record = read_record(std::string(reinterpret_cast<const char*>(data), size), "record.json");
  } catch (const naudit::base::Error& error) {
    if (error.problems().empty() || error.problems()[0].message.empty()) std::abort();
    return 0;
  }
  for (const ChangeRecord::File& file : record.files)
    if (('/' + file.path + '/').find("/../") != std::string::npos || file.before.find('/') != std::string::npos)
      std::abort();
  if (read_record(record_text(record), "record.json") != record) std::abort();
  return 0;
}
