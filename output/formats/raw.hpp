// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>

#include "output/encoder.hpp"

namespace naudit::output {

// auditd's log with log_format = RAW, byte for byte: "[node=NAME ]type=TYPE msg=audit(…): body", a line for each
// record, without EOE. What the tests compare with is auditd itself (tests/output/auditd_compare_test.cpp).
class RawEncoder final : public Encoder {
 public:
  explicit RawEncoder(EncoderContext& context) : context_(context) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  EncoderContext& context_;
};

// Longer lines are cut, without a node and with one: ausearch would read what is beyond as a line of its own. The
// newline does not count. With the names of the enriched form no line is longer than the second.
inline constexpr std::size_t kLongestLine = 8937;
inline constexpr std::size_t kLongestNodeLine = 8969;

// The node that stands before the records of this event; empty = none.
std::string_view node_of(const correlate::Event& event, const EncoderContext& context);

// One record as auditd's line, without the newline: newlines in it become spaces, one space at the end goes, and what
// is too long is cut. A record of a stored log keeps the names that stand behind it.
void append_raw_line(const correlate::Event& event, const correlate::RecordSpan& record, std::string_view node,
                     std::string& out);

// The record as it is, nothing folded, trimmed or cut.
void append_raw_record(const correlate::Event& event, const correlate::RecordSpan& record, std::string_view node,
                       std::string& out);

}  // namespace naudit::output
