// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/cef/audisp_options.hpp"
#include "formats/cef/facts.hpp"
#include "formats/encoder.hpp"
#include "formats/format.hpp"

namespace naudit::formats {

// The name and description under which audisp-cef sent a system call, by the call's name; those of ours for calls that
// it did not send. The first twelve rows of the table are its own.
struct CefAudispName {
  std::string_view name, description;
};
CefAudispName cef_audisp_name(const interpret::DecodedEvent& event) noexcept;

// The line of CEF that the plugin audisp-cef sent to syslog (docs/formats.md): its header, its names, its labels, in
// its order; with CEF's escapes and times, and with what it left empty. Owner: an encode thread.
class CefAudispEncoder final : public Encoder {
 public:
  CefAudispEncoder(EncoderContext& context, const EncoderOptions& options);
  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  void put(std::string_view key, std::string_view value, std::size_t limit, std::string& out);
  void put_custom(std::string_view key, std::string_view label, std::string_view value, std::string& out);
  void put_command(std::string& out);
  void put_message(const interpret::DecodedEvent& event, std::string& out);
  void put_apparmor(const interpret::DecodedEvent& event, std::string& out);

  const CefAudispOptions options_;
  FactReader reader_;
  const EventFacts* facts_ = nullptr;
  std::string value_, scratch_;
  bool is_cut_ = false;
};

// "CEF:0|Unix|auditd|2|NOTICE|Events left out|3|…"
std::string cef_audisp_left_out(const LeftOut& what);

}  // namespace naudit::formats
