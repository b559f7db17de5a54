// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "correlate/event.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::interpret {

// An event of these records, and what it decodes to.
struct EventOf {
  using Records = std::initializer_list<std::pair<std::uint16_t, std::string>>;
  EventOf(Records records) {
    event.source = correlate::Source::kStored;
    for (const auto& [type, body] : records) event.append(type, "audit(1.000:2): " + body, 16);
    decoded.decode(event);
  }

  correlate::Event event;
  DecodedEvent decoded;
};

}  // namespace naudit::interpret
