// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/auditd_server.hpp"

#include <array>
#include <utility>

#include "tests/support/frames.hpp"

namespace naudit::tests {
namespace {

constexpr std::size_t kHeader = 16;
constexpr std::size_t kMost = 8970;  // of a message, with its header

std::uint32_t number_at(const std::string& bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= std::uint32_t{static_cast<unsigned char>(bytes[at + i])} << (8U * i);
  return value;
}

}  // namespace

std::string AuditdServer::answer_of(const Message& message, std::uint32_t type, const std::string& text) {
  return remote_frame(text, message.sequence, type);
}

std::string AuditdServer::ack(const Message& message) {
  return answer_of(message, 0x40000000);
}

AuditdServer::AuditdServer(Answer answer, const std::optional<LoopbackServer::Tls>& tls)
    : answer_(std::move(answer)), server_(tls, 0, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

AuditdServer::~AuditdServer() {
  server_.stop();
}

void AuditdServer::serve(LoopbackServer::Stream& stream) {
  Message message;
  {
    const std::lock_guard lock(mutex_);
    message.connection = ++connections_;
  }
  const std::string begin{"\xFE\x00\x00\xFF\x00\x00", 6};
  std::string input;
  std::uint32_t last = 0;
  std::array<char, 65536> buffer{};
  for (;;) {
    while (input.size() >= kHeader && input.size() >= kHeader + number_at(input, 10, 2)) {
      const std::uint32_t type = number_at(input, 6, 4);
      message.sequence = number_at(input, 12, 4);
      message.is_heartbeat = type == 1;
      message.text = input.substr(kHeader, number_at(input, 10, 2));
      input.erase(0, kHeader + message.text.size());
      if (!message.is_heartbeat) ++message.records;
      {
        const std::lock_guard lock(mutex_);
        if (message.is_heartbeat)
          ++heartbeats_;
        else
          records_.push_back(message.text);
        if (type > 1 || (message.is_heartbeat && !message.text.empty())) wrong_ = "a message that no client sends";
        if (message.text.size() > kMost - kHeader || message.text.find('\n') != std::string::npos)
          wrong_ = "a record that is none: " + message.text;
        if (last != 0 && message.sequence != last + 1) wrong_ = "a sequence that is not the next one";
      }
      last = message.sequence;
      const auto answer = answer_(message);
      if (!answer || !stream.write(*answer)) return;
    }
    if (!input.empty() && !begin.starts_with(input.substr(0, begin.size()))) {
      const std::lock_guard lock(mutex_);
      wrong_ = "no message";
      return;
    }
    const std::size_t size = stream.read(buffer.data(), buffer.size());
    if (size == 0) return;
    input.append(buffer.data(), size);
  }
}

std::vector<std::string> AuditdServer::records() const {
  const std::lock_guard lock(mutex_);
  return records_;
}

std::size_t AuditdServer::heartbeats() const {
  const std::lock_guard lock(mutex_);
  return heartbeats_;
}

std::size_t AuditdServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

std::string AuditdServer::wrong() const {
  const std::lock_guard lock(mutex_);
  return wrong_;
}

}  // namespace naudit::tests
