// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a RELP server sends: read at once and byte by byte it is the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "output/sinks/relp/frames.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::output;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RelpReader whole, cut;
  whole.feed(text);
  std::size_t answers = 0, cut_answers = 0;
  for (; const auto answer = whole.next(); ++answers)
    if (answer->code < 0 || answer->code > 999) std::abort();
  for (const char& byte : text) {
    cut.feed({&byte, 1});
    while (cut.next()) ++cut_answers;
  }
  if (answers != cut_answers || whole.failed() != cut.failed()) std::abort();
  return 0;
}
