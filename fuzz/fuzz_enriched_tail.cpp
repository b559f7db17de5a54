// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The names behind a stored record: where they begin is within it, and what is found among them is no longer than they
// are.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "interpret/record/enriched_names.hpp"
#include "interpret/record/enriched_tail.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit::interpret;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  EnrichedTail tail;
  if (!find_enriched_tail(body, tail)) return 0;
  if (tail.record > tail.names || tail.names > size) __builtin_trap();
  const std::string_view names = body.substr(tail.names);
  EnrichedNames read;
  read.read(names);
  for (const std::string_view field : {"uid", "auid", "syscall", "arch", "saddr", "uid"}) {
    std::string scratch;
    for (const bool second : {false, true})
      if (read.find(field, second, scratch).size() > names.size()) __builtin_trap();
  }
  return 0;
}
