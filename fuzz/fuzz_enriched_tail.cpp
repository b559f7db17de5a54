// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The names behind a stored record. Nothing that a program said in its quotes gives one, whatever byte stands in them.
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
  if (names.find('\'') != std::string_view::npos) __builtin_trap();
  EnrichedNames read;
  read.read(names);
  for (const std::string_view field : {"uid", "auid", "syscall", "arch", "saddr", "uid"}) {
    std::string scratch, other;
    const std::string first(read.find(field, false, scratch));
    EnrichedNames fresh;
    fresh.read(names);
    if (fresh.find(field, false, other) != first) __builtin_trap();
    static_cast<void>(read.find(field, true, scratch));
  }
  return 0;
}
