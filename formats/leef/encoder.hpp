// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "correlate/event_time.hpp"
#include "formats/cef/facts.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"
#include "formats/leef/options.hpp"

namespace naudit::formats {

// One line of IBM QRadar's Log Event Extended Format, 2.0 or 1.0: a header with | between its fields, then pairs with
// one chosen character between them. Nothing can be escaped in it: that character and line breaks become blanks.
class LeefEncoder final : public Encoder {
 public:
  LeefEncoder(EncoderContext& context, const EncoderOptions& options);
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  FactReader facts_;
  const char delimiter_;
  const std::string begin_;      // up to the event's id
  const std::string delimited_;  // what stands behind that
  std::string scratch_;
  correlate::EventTime time_;
};

std::string leef_left_out(const LeftOut& what);

}  // namespace naudit::formats
