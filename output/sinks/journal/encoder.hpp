// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "formats/encoder.hpp"
#include "output/sinks/journal/options.hpp"

namespace naudit::output {

// What all entries have in common: `journalctl MESSAGE_ID=…`.
inline constexpr std::string_view kJournalMessageId = "2c1a5f0e6b8d4c7fa93d0e41b7528f96";

// An event as an entry of systemd's journal, in its native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): a field is
// "NAME=value\n", or, if the value has a newline, "NAME\n", its length as 64 bits in little-endian order, the value and
// "\n". MESSAGE is the event in the sink's format without its last newline; AUDIT_ID, AUDIT_ACTION, AUDIT_OUTCOME,
// AUDIT_NODE and an AUDIT_KEY for each key are there to be searched for. Encode thread.
class JournalEncoder final : public formats::Encoder {
 public:
  JournalEncoder(formats::EncoderContext& context, std::unique_ptr<formats::Encoder> inner, JournalHead head);

  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  formats::EncoderContext& context_;
  const std::unique_ptr<formats::Encoder> inner_;
  const JournalHead options_;
  std::string body_, scratch_;
};

// Appends one field. Pure.
void append_journal_field(std::string_view name, std::string_view value, std::string& out);

// For the envelope.
std::unique_ptr<formats::Encoder> make_journal_encoder(formats::EncoderContext& context,
                                                       std::unique_ptr<formats::Encoder> inner,
                                                       const formats::EncoderOptions& head);

}  // namespace naudit::output
