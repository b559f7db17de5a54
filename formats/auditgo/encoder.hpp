// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "config/option.hpp"
#include "formats/encoder.hpp"
#include "formats/json/text.hpp"
#include "formats/json/used_keys.hpp"
#include "interpret/meaning/meaning.hpp"

namespace naudit::formats {

// `audit-go:` of a sink with that format.
struct AuditGoOptions {
  bool interpret = true;  // values in words, as audit-go has them
  friend bool operator==(const AuditGoOptions&, const AuditGoOptions&) = default;
};

config::OptionTable audit_go_options();

// The events of Mozilla's audit-go and of its library libaudit-go: a line of JSON for each record, with the members
// Serial, Timestamp, Type, Data and Raw, all of them texts and Data an object of texts. What stands in msg='…' is in
// Data with the rest; of two fields with one name Data has the first, which is the kernel's, and Raw both.
class AuditGoEncoder final : public Encoder {
 public:
  AuditGoEncoder(EncoderContext& context, const EncoderOptions& options)
      : options_(options.as<AuditGoOptions>()), meaning_(context.names) {}
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  using Record = interpret::DecodedRecord;
  using Field = interpret::Field;

  void put_record(const interpret::DecodedEvent& event, const Record& record);
  void put_field(const Record& record, const Field& field);
  void put_data(std::string_view key, std::string_view value);

  const AuditGoOptions options_;
  JsonText json_;
  interpret::Meaning meaning_;
  UsedKeys used_;  // by the object in hand
  std::string scratch_, text_, stamp_;
};

}  // namespace naudit::formats
