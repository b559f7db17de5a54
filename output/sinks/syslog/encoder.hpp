// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "correlate/event_time.hpp"
#include "formats/encoder.hpp"
#include "output/sinks/syslog/options.hpp"

namespace naudit::output {

// A syslog header before each line of an event: what one message is. RFC 5424, section 6, or RFC 3164, section 4:
//
//   <110>1 2023-11-14T22:13:20.123Z web1 nauditd 812 executed [naudit@32473 id="1700000000.123:45" key="exec"] {…}
//   <110>Nov 14 22:13:20 web1 nauditd[812]: {…}
//
// HOST is the event's machine, MSGID what was done. A format of several lines gives several messages with one header.
// Encode thread; allocates nothing in the steady state.
class SyslogEncoder final : public formats::Encoder {
 public:
  SyslogEncoder(formats::EncoderContext& context, std::unique_ptr<formats::Encoder> inner, const SyslogHead& head,
                int process);

  void encode(const interpret::DecodedEvent& event, std::string& out) override;

 private:
  void write_head(const interpret::DecodedEvent& event);
  void write_rfc5424(const interpret::DecodedEvent& event, std::string_view action);
  void write_rfc3164(const interpret::DecodedEvent& event);
  void append_local_time(std::uint64_t seconds);
  void append_data(const interpret::DecodedEvent& event);

  formats::EncoderContext& context_;
  const std::unique_ptr<formats::Encoder> inner_;
  const SyslogHead options_;
  const std::string process_;
  correlate::EventTime time_;
  std::uint64_t second_ = ~std::uint64_t{0};  // whose local time is in local_
  std::string local_;
  std::string head_, body_, scratch_;
};

// For the envelope.
std::unique_ptr<formats::Encoder> make_syslog_encoder(formats::EncoderContext& context,
                                                      std::unique_ptr<formats::Encoder> inner,
                                                      const formats::EncoderOptions& head);

}  // namespace naudit::output
