// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/auditrd/kind.hpp"
#include "formats/auditrd/options.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"
#include "formats/json/text.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// The flat object that the Go library auditrd made of an event for osquery's tables: process_event, fim_event or
// user_event (docs/formats.md), with its keys in its order, its spelling of `exectuable` included, and its numbers
// always there. Events of other kinds give no bytes.
class AuditrdEncoder final : public Encoder {
 public:
  AuditrdEncoder(EncoderContext& context, const EncoderOptions& options);
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  using Record = interpret::DecodedRecord;
  using Field = interpret::Field;

  void put_call(const interpret::DecodedEvent& event, const AuditrdCall& call);
  void put_user_event(const interpret::DecodedEvent& event, const Record& record);
  void put_numbers(const interpret::DecodedEvent& event, const Record& record);
  void put_command_line(const interpret::DecodedEvent& event);
  void put_paths(const interpret::DecodedEvent& event, std::string_view call);
  void put_path(std::string_view key, const interpret::DecodedEvent& event, const Record* record, bool as_is);
  void put_number(std::string_view key, const Field* field);
  void put_text(std::string_view key, std::string_view value);
  void put_decoded(std::string_view key, const Field* field);

  const AuditrdOptions options_;
  JsonText json_;
  std::string text_, scratch_;
};

// With `name` left_out, which is none of auditrd's.
std::string auditrd_left_out(const LeftOut& what);

}  // namespace naudit::formats
