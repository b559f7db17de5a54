// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/auditd/options.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"

namespace naudit::formats {

// auditd's log with log_format = RAW, byte for byte: "[node=NAME ]type=TYPE msg=audit(…): body", a line for each
// record, without EOE. What the tests compare with is auditd itself (tests/formats/auditd_compare_test.cpp).
class RawEncoder final : public Encoder {
 public:
  explicit RawEncoder(EncoderContext& context, const EncoderOptions& options = {})
      : unnamed_{.names = context.names, .node = {}, .live = context.live, .local_time = context.local_time},
        context_(shows_node(options) ? context : unnamed_) {}
  [[nodiscard]] bool reads_fields() const noexcept override { return false; }
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  const std::string& start_of(std::uint16_t type);

  EncoderContext unnamed_;  // for who does not want this machine's name
  EncoderContext& context_;
  std::vector<std::string> starts_;  // of a line, by type; empty: not made yet
};

// Of the kernel's records, longer lines are cut as auditd cuts them: without a node, and with one. The newline does not
// count. With the names of the enriched form no line is longer than the second. (The kernel's own limits are below
// that: 7500 bytes for a piece of EXECVE, 8560 for a program's message.) What stands in a stored log is never cut.
inline constexpr std::size_t kLongestLine = 8937;
inline constexpr std::size_t kLongestNodeLine = 8969;

// One record as auditd's line, without the newline: newlines in it become spaces, one at its end goes, and so does one
// space at the end of a live record. A record of a stored log keeps that space, and the names that stand behind it.
void append_raw_line(const correlate::Event& event, const correlate::RecordSpan& record, const EncoderContext& context,
                     std::string& out);

// Ends a line that began at `start`: whatever newline is in it becomes a space, so that one record is one line. Nothing
// that is put behind a record may be forgotten by it: it is called when the line is whole.
void end_line(std::size_t start, std::string& out);

// The record as it is, nothing folded, trimmed or cut.
void append_raw_record(const correlate::Event& event, const correlate::RecordSpan& record, std::string_view node,
                       std::string& out);

// A DAEMON_ERR record, so that ausearch reads on. It has the id of the first event that is missing, which no other has.
std::string record_left_out(const LeftOut& what);

}  // namespace naudit::formats
