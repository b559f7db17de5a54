// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "formats/auditd/options.hpp"
#include "formats/encoder.hpp"

namespace naudit::formats {

// auditd's log with log_format = ENRICHED, byte for byte: the line of the raw format and behind it, after one byte
// 0x1D, the names of what stands in it as a number: ARCH=x86_64 SYSCALL=openat AUID="jo" UID="root" …, SADDR={ … }. So
// ausearch -i tells the names of this machine, as they were then, on any other machine.
//
// A record of a stored log that has such names already keeps them, and what the native event tells is written as it
// stands there. A name that the system could not tell in time is written like that of an id which has none:
// unknown(1000). An id whose machine nobody asked has nothing behind the record.
class EnrichedEncoder final : public Encoder {
 public:
  explicit EnrichedEncoder(EncoderContext& context, const EncoderOptions& options = {})
      : unnamed_{.names = context.names, .node = {}, .live = context.live, .local_time = context.local_time},
        context_(shows_node(options) ? context : unnamed_) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  void append_names(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record, std::string& out);
  void append_name(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record,
                   const interpret::Field& field, std::string& out);
  // False, and nothing appended, if nobody was asked.
  bool append_id(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record,
                 const interpret::Field& field, bool is_user, std::string& out);

  EncoderContext unnamed_;  // for who does not want this machine's name
  EncoderContext& context_;
  std::string scratch_, unknown_;
};

}  // namespace naudit::formats
