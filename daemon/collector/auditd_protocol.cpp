// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/auditd_protocol.hpp"

#include <algorithm>

namespace naudit::daemon {
namespace {

constexpr std::array<char, 4> kMagic = {'\xfe', '\x00', '\x00', '\xff'};
// Where the fields of the header stand.
constexpr std::size_t kHeaderVersion = 4, kMessageVersion = 5, kTypeAt = 6, kLengthAt = 10, kSequenceAt = 12;

std::uint32_t little(std::string_view bytes, std::size_t at, std::size_t size) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

void append_little(std::uint32_t value, std::size_t size, std::string& out) {
  for (std::size_t i = 0; i < size; ++i, value >>= 8U) out.push_back(static_cast<char>(value & 0xffU));
}

}  // namespace

Protocol::Took AuditdProtocol::next(std::string_view bytes, ClientMessage& out) {
  const auto refuse = [this](std::string_view why) {
    problem_ = why;
    return Took::kBad;
  };
  // Whoever speaks something else is told so by its first bytes.
  const std::size_t seen = std::min(bytes.size(), kMagic.size());
  if (!std::equal(kMagic.begin(), kMagic.begin() + seen, bytes.begin()))
    return refuse("no message of auditd's remote protocol");
  if (bytes.size() < kHeader) return Took::kMore;
  if (bytes[kHeaderVersion] != 0 || bytes[kMessageVersion] != 0)
    return refuse("a version of auditd's remote protocol that is not known");
  const std::uint32_t type = little(bytes, kTypeAt, 4);
  if (type != kRecord && type != kHeartbeat) return refuse("a message of a type that no client sends");
  const std::size_t length = little(bytes, kLengthAt, 2);
  if (length > max_line_) return refuse("a message that is longer than max_line");
  if (bytes.size() < kHeader + length) return Took::kMore;
  out.size = kHeader + length;
  out.text = type == kRecord ? bytes.substr(kHeader, length) : std::string_view();
  out.sequence = little(bytes, kSequenceAt, 4);
  out.is_event = false;
  return Took::kMessage;
}

void AuditdProtocol::acknowledge(std::span<const std::uint32_t> sequences, std::string& out) {
  for (const std::uint32_t sequence : sequences) append_auditd_message(kAck, sequence, {}, out);
}

void AuditdProtocol::end(std::string& out) {
  append_auditd_message(kEnding, 0, {}, out);
}

void append_auditd_message(std::uint32_t type, std::uint32_t sequence, std::string_view text, std::string& out) {
  out.append(kMagic.data(), kMagic.size());
  append_little(0, 2, out);  // the versions
  append_little(type, 4, out);
  append_little(static_cast<std::uint32_t>(text.size()), 2, out);
  append_little(sequence, 4, out);
  out.append(text);
}

}  // namespace naudit::daemon
