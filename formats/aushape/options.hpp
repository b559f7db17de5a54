// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <limits>

#include "config/option.hpp"

namespace naudit::formats {

// How many events a document holds, in aushape's words.
struct AushapeDocuments {
  enum class Kind : std::uint8_t {
    kLines,   // none: one event a line; who owns a whole file of XML puts one document around them
    kNone,    // none, and nothing around them
    kAll,     // all of them
    kEvents,  // at most `most`
    kBytes,   // as many as fit into `most` bytes, and at least one
  };
  Kind kind = Kind::kLines;
  std::uint64_t most = 0;
  friend bool operator==(const AushapeDocuments&, const AushapeDocuments&) = default;
};

// `aushape-json:` and `aushape-xml:` of a sink with that format.
struct AushapeOptions {
  static constexpr std::uint32_t kUnfolded = std::numeric_limits<std::uint32_t>::max();

  bool text = false;                 // also the records as they came
  bool norm = false;                 // also who did what to what
  std::uint64_t max_event_size = 0;  // bytes of an event with its newline; 0: any
  AushapeDocuments events_per_doc = {};
  std::uint32_t fold = 0;    // what lies deeper than this many levels is on one line
  std::uint32_t indent = 4;  // spaces a level
  friend bool operator==(const AushapeOptions&, const AushapeOptions&) = default;
};

config::OptionTable aushape_options();

}  // namespace naudit::formats
