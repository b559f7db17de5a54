// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "correlate/correlator.hpp"
#include "correlate/header.hpp"
#include "daemon/collector/identity.hpp"
#include "formats/json/reader.hpp"

namespace naudit::daemon {

// What one client tells, from its messages to whole events, each with a node that the client may speak for.
//
// A message is an event in our native format, or one or several lines with records, which become events as those of a
// stored log do (auditd's clients leave EOE out): at PROCTITLE, or when nothing came for a while. What is open is
// bounded in number and bytes.
//
// Owner: the connection. One thread; pure, time is an argument.
class Feed {
 public:
  enum class Verdict : std::uint8_t {
    kGood,
    kNoRecord,  // the message was left out: there is none in it
    kForeign,   // the message was left out: it is of a machine for which the client may not speak
  };

  // `pool` outlives it.
  Feed(Identity identity, const config::Events& events, std::uint64_t buffer, correlate::EventPool& pool);

  // Appends the events that became whole. `is_event`: the message's records are one event, and all of it.
  Verdict take(std::string_view text, bool is_event, correlate::TimePoint now, correlate::EventBatch& out);
  // Appends what has become due.
  void age(correlate::TimePoint now, correlate::EventBatch& out) { correlator_.age(now, out); }
  [[nodiscard]] std::optional<correlate::TimePoint> next_due() const { return correlator_.next_due(); }
  // At the end.
  void flush(correlate::EventBatch& out) { correlator_.flush(correlate::Incomplete::kStopped, out); }

  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  [[nodiscard]] std::uint64_t open_bytes() const noexcept { return correlator_.counters().open_bytes.value(); }
  [[nodiscard]] const Identity& identity() const noexcept { return identity_; }
  // The machine that the last message of the verdict kForeign was of.
  [[nodiscard]] const std::string& foreign() const noexcept { return foreign_; }

 private:
  Verdict take_json(std::string_view line, correlate::TimePoint now, correlate::EventBatch& out);
  Verdict take_line(std::string_view line, correlate::TimePoint now, correlate::EventBatch& out);
  Verdict refuse(std::string_view node);

  Identity identity_;
  correlate::EventPool& pool_;
  correlate::Correlator correlator_;
  correlate::HeaderReader headers_;
  formats::RebuiltEvent rebuilt_;
  std::uint64_t records_ = 0;
  std::string foreign_;
};

}  // namespace naudit::daemon
