// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "correlate/event_time.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"
#include "formats/json/record.hpp"
#include "formats/json/summary.hpp"
#include "formats/json/text.hpp"

namespace naudit::formats {

// The native event: one JSON object a line, whole, decoded and lossless (docs/event-format.md, docs/event.schema.json).
// Where the records cannot be rebuilt byte for byte from the decoded fields alone, the member `raw` holds their lines.
class JsonEncoder final : public Encoder {
 public:
  explicit JsonEncoder(EncoderContext& context)
      : context_(context),
        record_(json_, context.names, context.live ? kNamesLifetime : kForEver),
        summary_(json_, context.names, context.live ? kNamesLifetime : kForEver) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  // Names of users may change while the daemon runs; what reads a stored log goes by one state of them.
  static constexpr std::chrono::nanoseconds kNamesLifetime = std::chrono::seconds(1);
  static constexpr std::chrono::nanoseconds kForEver = std::chrono::nanoseconds::max();

  void put_head(const interpret::DecodedEvent& event);
  void put_keys(const interpret::DecodedEvent& event);
  void put_records(const interpret::DecodedEvent& event);
  void put_raw(const interpret::DecodedEvent& event);

  EncoderContext& context_;
  JsonText json_;
  JsonRecord record_;
  JsonSummary summary_;
  correlate::EventTime time_;
  std::string id_;  // of the event in hand
  std::string scratch_;
  std::vector<bool> written_;
  bool lossless_ = true;
};

// {"notice":"left_out",…}, a line of its own; an event has no member `notice`.
std::string json_left_out(const LeftOut& what);

}  // namespace naudit::formats
