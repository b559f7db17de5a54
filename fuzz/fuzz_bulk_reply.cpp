// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The answer to a bulk request: a byte with the number of events, then the body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "output/sinks/elasticsearch/product.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  if (size < 1) return 0;
  std::vector<output::EventFate> fates;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (output::read_bulk_reply(body, data[0], fates) && fates.size() != data[0]) std::abort();
  for (const output::EventFate& fate : fates)
    for (const char c : fate.reason)
      if (c < ' ' || c > '~') std::abort();
  return 0;
}
