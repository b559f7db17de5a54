// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "daemon/collector/protocol.hpp"

namespace naudit::daemon {

// What a sink of `type: tcp` sends (docs/collector.md): messages that end with a newline, or that have their length
// before them ("LEN SP MESSAGE", RFC 6587), told apart by their first byte. With its length a message is one event,
// which may have several lines; without it is a line.
//
// The answer is the number of messages of this connection that are accepted so far, in decimal digits and a newline:
// "1200\n". It is given when it has changed; a sink with `ack: true` goes by it, another one reads over it.
class StreamProtocol final : public Protocol {
 public:
  explicit StreamProtocol(std::uint64_t max_line) : max_line_(max_line) {}

  Took next(std::string_view bytes, ClientMessage& out) override;
  [[nodiscard]] std::string_view problem() const noexcept override { return problem_; }
  void acknowledge(std::span<const std::uint32_t> sequences, std::string& out) override;
  void end(std::string& /*out*/) override {}

 private:
  Took refuse(std::string_view why) noexcept {
    problem_ = why;
    return Took::kBad;
  }
  Took next_counted(std::string_view bytes, ClientMessage& out);

  std::uint64_t max_line_;
  std::uint64_t accepted_ = 0;
  std::size_t looked_at_ = 0;  // bytes of the line at the front that have no newline
  std::string_view problem_;
};

}  // namespace naudit::daemon
