// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The head of an event, in any format: what is found lies in the text, and fits between quotes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

#include "output/sinks/http/event_head.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace naudit;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const output::EventHead head = output::read_event_head(text);
  for (const std::string_view part :
       {head.id, head.time, head.node, head.action, head.kind, head.outcome, head.keys, head.exe, head.auid, head.uid,
        head.pid, head.ppid, head.uid_name, head.path, head.address}) {
    if (part.empty()) continue;
    if (part.data() < text.data() || part.data() + part.size() > text.data() + text.size()) std::abort();
  }
  if (head.millis && *head.millis < 0) std::abort();
  return 0;
}
