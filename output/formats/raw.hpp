// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "output/encoder.hpp"

namespace naudit::output {

// auditd's log, byte for byte: "[node=NAME ]type=TYPE msg=audit(…): body", a line for each record, without EOE.
// Newlines in a record become spaces, one trailing space goes, as auditd does it (src/auditd-event.c, format_raw);
// unlike auditd, a long line is not cut.
class RawEncoder final : public Encoder {
 public:
  explicit RawEncoder(EncoderContext& context) : context_(context) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  EncoderContext& context_;
};

// One record as such a line, nothing folded or trimmed, and without the newline.
void append_raw_record(const correlate::Event& event, const correlate::RecordSpan& record, std::string_view node,
                       std::string& out);

}  // namespace naudit::output
