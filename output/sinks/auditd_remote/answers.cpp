// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditd_remote/answers.hpp"

#include <utility>

#include <fmt/format.h>

#include "formats/auditd/remote_message.hpp"

namespace naudit::output {
namespace {

using formats::RemoteType;
using Kind = AuditdAnswer::Kind;

constexpr std::size_t kMostText = 8970;  // MAX_AUDIT_MESSAGE_LENGTH
constexpr std::uint32_t kKnownBits = 0x700FFFFF;

struct Meaning {
  Kind kind;
  std::string state;
};

// Of a type that has no name the bits alone say what it is worth.
std::optional<Meaning> meaning_of(std::uint32_t type) {
  switch (RemoteType{type}) {
    case RemoteType::kAck:
      return Meaning{Kind::kTaken, ""};
    case RemoteType::kEnding:
      return Meaning{Kind::kEnding, ""};
    case RemoteType::kDiskLow:
      return Meaning{Kind::kWarned, "disk low"};
    case RemoteType::kDiskFull:
      return Meaning{Kind::kRefused, "disk full"};
    case RemoteType::kDiskError:
      return Meaning{Kind::kRefused, "disk error"};
    default:
      break;
  }
  if ((type & formats::kRemoteIsReply) == 0 || (type & ~kKnownBits) != 0) return std::nullopt;
  if ((type & formats::kRemoteIsRefusal) != 0) return Meaning{Kind::kRefused, fmt::format("error {:#x}", type)};
  if ((type & formats::kRemoteIsWarning) != 0) return Meaning{Kind::kWarned, fmt::format("warning {:#x}", type)};
  return std::nullopt;
}

}  // namespace

void AuditdAnswerReader::feed(std::string_view bytes) {
  if (failed_) return;
  input_.erase(0, std::exchange(read_, 0));
  input_ += bytes;
}

std::optional<AuditdAnswer> AuditdAnswerReader::fail() {
  failed_ = true;
  input_.clear();
  read_ = 0;
  return std::nullopt;
}

std::optional<AuditdAnswer> AuditdAnswerReader::next() {
  if (failed_) return std::nullopt;
  const std::string_view bytes = std::string_view(input_).substr(read_);
  formats::RemoteHeader header;
  switch (formats::read_remote_header(bytes, header)) {
    case formats::RemoteStart::kOther:
    case formats::RemoteStart::kOtherVersion:
      return fail();
    case formats::RemoteStart::kPartial:
      return std::nullopt;
    case formats::RemoteStart::kHeader:
      break;
  }
  auto meaning = meaning_of(header.type);
  if (!meaning || header.length > kMostText) return fail();
  if (bytes.size() < formats::kRemoteHeader + header.length) return std::nullopt;
  read_ += formats::kRemoteHeader + header.length;
  return AuditdAnswer{meaning->kind, header.sequence, std::move(meaning->state),
                      std::string(bytes.substr(formats::kRemoteHeader, header.length))};
}

}  // namespace naudit::output
