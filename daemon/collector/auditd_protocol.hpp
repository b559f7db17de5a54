// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include "daemon/collector/protocol.hpp"

namespace naudit::daemon {

// auditd's remote protocol (formats/auditd/remote_message.hpp), the receiving side. The client sends one record and
// waits for its answer before the next, or, as our own sink, some more. The answers that tell of a full disk are never
// given: audisp-remote takes them for the end of the record that they answer, and drops it.
class AuditdProtocol final : public Protocol {
 public:
  explicit AuditdProtocol(std::uint64_t max_line) : max_line_(max_line) {}

  Took next(std::string_view bytes, ClientMessage& out) override;
  [[nodiscard]] std::string_view problem() const noexcept override { return problem_; }
  void acknowledge(std::span<const std::uint32_t> sequences, std::string& out) override;
  void end(std::string& out) override;

 private:
  std::uint64_t max_line_;
  std::string_view problem_;
};

}  // namespace naudit::daemon
