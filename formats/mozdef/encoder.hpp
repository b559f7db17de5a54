// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>

#include "correlate/event_time.hpp"
#include "formats/encoder.hpp"
#include "formats/json/text.hpp"
#include "formats/mozdef/details.hpp"
#include "formats/mozdef/options.hpp"

namespace naudit::formats {

// The event that audisp-json sent to MozDef (docs/formats.md, docs/mozdef.schema.json): one JSON object a line with a
// category to alert on, a summary to read, and the details as strings. Its names are kept; what it dropped, cut or
// garbled is there.
class MozdefEncoder final : public Encoder {
 public:
  MozdefEncoder(EncoderContext& context, const EncoderOptions& options, MozdefListener* listener = nullptr);
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  void put_head(const interpret::DecodedEvent& event);
  void write_summary(const interpret::DecodedEvent& event, MozdefCategory category);
  void append_path(const interpret::DecodedEvent& event);
  void append_address(const interpret::DecodedEvent& event);
  void append_promiscuous(const interpret::DecodedEvent& event);
  void append_apparmor(const interpret::DecodedEvent& event);
  void append_module(const interpret::DecodedEvent& event);
  void append_action(const interpret::DecodedEvent& event);

  EncoderContext& context_;
  const MozdefOptions options_;
  JsonText json_;
  MozdefDetails details_;
  std::string command_, summary_, scratch_;
  std::string head_;  // what is the same in each event: from processid to processname
  std::string tags_;
  correlate::EventTime time_;
};

}  // namespace naudit::formats
