// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>

#include "daemon/collector/protocol.hpp"

namespace naudit::daemon {

// auditd's remote protocol, version 0, the receiving side (audit-userspace lib/private.h, src/auditd-listen.c).
//
// A message is a header of 16 bytes, little-endian, and as much text as it says:
//
//   u32 magic 0xFF0000FE | u8 header version | u8 message version | u32 type | u16 length | u32 sequence
//
// Types: 0 a record, 1 a heartbeat; 0x40000000 our acknowledgement, with the sequence of what it answers; 0x40000001 we
// end. The client sends one record and waits for its answer before the next. The answers that tell of a full disk
// (0x50000001, 0x60000001, 0x60000002) are never given: a client takes them for the end of the record that they answer,
// and drops it.
class AuditdProtocol final : public Protocol {
 public:
  static constexpr std::size_t kHeader = 16;
  enum Type : std::uint32_t { kRecord = 0, kHeartbeat = 1, kAck = 0x40000000, kEnding = 0x40000001 };

  explicit AuditdProtocol(std::uint64_t max_line) : max_line_(max_line) {}

  Took next(std::string_view bytes, ClientMessage& out) override;
  [[nodiscard]] std::string_view problem() const noexcept override { return problem_; }
  void acknowledge(std::span<const std::uint32_t> sequences, std::string& out) override;
  void end(std::string& out) override;

 private:
  std::uint64_t max_line_;
  std::string_view problem_;
};

// A message of that protocol, from either side.
void append_auditd_message(std::uint32_t type, std::uint32_t sequence, std::string_view text, std::string& out);

}  // namespace naudit::daemon
