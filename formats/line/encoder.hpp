// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "formats/encoder.hpp"
#include "formats/format.hpp"
#include "formats/line/sentence.hpp"
#include "formats/zoned_time.hpp"

namespace naudit::formats {

// One line a person can read: when, on which machine if it is named, what happened as a sentence (sentence.hpp), and
// the event's serial. For `nauditctl tail` and the quickstart; made to be looked at, not to be parsed. Times are UTC.
// Control characters of a record never reach the terminal.
class LineEncoder final : public Encoder {
 public:
  explicit LineEncoder(EncoderContext& context) : context_(context), sentence_(context.names) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  EncoderContext& context_;
  Sentence sentence_;
  ZonedTime time_{' ', "Z"};
};

// "… 12 events left out, the terminal is too slow (…) …"
std::string sentence_left_out(const LeftOut& what);

}  // namespace naudit::formats
