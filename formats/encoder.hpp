// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "config/any_options.hpp"
#include "interpret/names/names.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// What every encoder may use. Owner: the encode thread; outlives the encoders.
struct EncoderContext {
  interpret::Names& names;
  std::string node;         // of this machine; empty = not named. A record's own node= goes before it.
  bool live = false;        // the records come from this machine's kernel, now; false: from a stored log
  bool local_time = false;  // formats for people tell the local time; false: UTC. Always with the zone beside it.
};

// What a sink has chosen of its format: of the type that the format's table (registry.cpp) reads.
using EncoderOptions = config::AnyOptions;

// One format: an event in, its bytes out, ending with a newline unless the format is binary. Adding a format is one
// folder and one line in the registry (registry.cpp). Encoders of several formats share one decoded event.
//
// One thread. Never throws for what is in an event; anything a record may hold gives valid output.
class Encoder {
 public:
  Encoder() = default;
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;
  virtual ~Encoder() = default;

  // False if it only copies records: the event need not be taken apart for it, only referred to.
  [[nodiscard]] virtual bool reads_fields() const noexcept { return true; }
  // Appends the event to `out`; nothing, if the format has no words for such an event.
  virtual void encode(const interpret::DecodedEvent& event, std::string& out) = 0;
  // True if what it writes for an event depends on those before it (a document of several events): then one encoder
  // has to see them all, in order. Only `nauditctl convert` takes such options; in the daemon each event stands alone.
  [[nodiscard]] virtual bool is_stateful() const noexcept { return false; }
  // Appends what is still open behind the last event. Once.
  virtual void finish([[maybe_unused]] std::string& out) {}
};

}  // namespace naudit::formats
