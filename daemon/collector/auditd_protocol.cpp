// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/auditd_protocol.hpp"

#include "formats/auditd/remote_message.hpp"

namespace naudit::daemon {

using formats::RemoteStart;
using formats::RemoteType;

Protocol::Took AuditdProtocol::next(std::string_view bytes, ClientMessage& out) {
  const auto refuse = [this](std::string_view why) {
    problem_ = why;
    return Took::kBad;
  };
  formats::RemoteHeader header;
  switch (formats::read_remote_header(bytes, header)) {
    case RemoteStart::kOther:
      return refuse("no message of auditd's remote protocol");
    case RemoteStart::kOtherVersion:
      return refuse("a version of auditd's remote protocol that is not known");
    case RemoteStart::kPartial:
      return Took::kMore;
    case RemoteStart::kHeader:
      break;
  }
  const bool is_record = header.type == static_cast<std::uint32_t>(RemoteType::kRecord);
  if (!is_record && header.type != static_cast<std::uint32_t>(RemoteType::kHeartbeat))
    return refuse("a message of a type that no client sends");
  if (header.length > max_line_) return refuse("a message that is longer than max_line");
  if (bytes.size() < formats::kRemoteHeader + header.length) return Took::kMore;
  out.size = formats::kRemoteHeader + header.length;
  out.text = is_record ? bytes.substr(formats::kRemoteHeader, header.length) : std::string_view();
  out.sequence = header.sequence;
  out.is_event = false;
  return Took::kMessage;
}

void AuditdProtocol::acknowledge(std::span<const std::uint32_t> sequences, std::string& out) {
  for (const std::uint32_t sequence : sequences) formats::append_remote_message(RemoteType::kAck, sequence, {}, out);
}

void AuditdProtocol::end(std::string& out) {
  formats::append_remote_message(RemoteType::kEnding, 0, {}, out);
}

}  // namespace naudit::daemon
