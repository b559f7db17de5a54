// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/encoder.hpp"
#include "formats/heka/options.hpp"
#include "formats/json/text.hpp"
#include "formats/mozdef/encoder.hpp"

namespace naudit::formats {

// One framed message of Heka an event (message/message.proto of its sources): the envelope, as payload the event as
// MozDef has it, and as fields the same details, one each, beside `type` (of all records), `serialNum`, `argv` and
// `paths` with several values, and `msgdata` for free text. Owner: an encode thread.
//
// A message's uuid is the hash of the event's machine and id, in the form of version 4: one that is sent again has the
// same.
class HekaEncoder final : public Encoder, private MozdefListener {
 public:
  HekaEncoder(EncoderContext& context, const EncoderOptions& options);
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  void write_envelope(const interpret::DecodedEvent& event, std::string_view payload);
  void begin_fields(const interpret::DecodedEvent& event);
  void on_detail(std::string_view key, std::string_view value) override;
  void on_path(std::string_view name) override;
  void end_fields(const interpret::DecodedEvent& event);
  void add_text(std::string_view name, std::string_view value);
  void add_number(std::string_view name, std::int64_t value);
  void end_field();
  [[nodiscard]] std::string_view valid_text(std::string_view text);

  EncoderContext& context_;
  const HekaOptions options_;
  MozdefEncoder mozdef_;
  JsonText text_;
  std::string payload_, message_, field_, paths_, key_, name_, scratch_;
  std::string fields_;             // the message's Field members, encoded
  std::vector<std::size_t> ends_;  // of each, in fields_
  std::string parse_;              // JSON that is read in place
  std::optional<std::int32_t> pid_;
};

}  // namespace naudit::formats
