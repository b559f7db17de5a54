// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/loopback_server.hpp"

namespace naudit::tests {

// Takes octet-counted messages as RFC 6587, section 3.4.1, has them, and nothing else: no leading zero, one space, and
// after the message at once the next length. Whatever else comes is kept as the violation.
class CountedReader {
 public:
  // False: what came breaks the rule, and nothing more is read.
  bool take(std::string_view bytes, std::vector<std::string>& messages) {
    rest_ += bytes;
    for (;;) {
      const std::size_t space = rest_.find(' ');
      const std::string_view digits = std::string_view(rest_).substr(0, std::min(space, rest_.size()));
      if (digits.find_first_not_of("0123456789") != std::string_view::npos || digits.starts_with('0') ||
          digits.size() > 9 || (space != std::string::npos && digits.empty()))
        return false;
      if (space == std::string::npos) return true;
      const std::size_t size = std::stoul(std::string(digits));
      if (rest_.size() - space - 1 < size) return true;
      messages.push_back(rest_.substr(space + 1, size));
      rest_.erase(0, space + 1 + size);
    }
  }
  [[nodiscard]] const std::string& rest() const noexcept { return rest_; }

 private:
  std::string rest_;
};

// Collects octet-counted messages of any number of connections.
class MessageServer {
 public:
  explicit MessageServer(const std::optional<LoopbackServer::Tls>& tls = std::nullopt, std::uint16_t port = 0)
      : server_(tls, port, [this](LoopbackServer::Stream& stream) { serve(stream); }) {}

  LoopbackServer& server() noexcept { return server_; }
  [[nodiscard]] std::string address() const { return server_.address(); }
  // False after half a minute.
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return messages_.size() >= count; });
  }
  [[nodiscard]] std::vector<std::string> messages() const {
    const std::lock_guard lock(mutex_);
    return messages_;
  }
  [[nodiscard]] std::string violation() const {
    const std::lock_guard lock(mutex_);
    return violation_;
  }

 private:
  void serve(LoopbackServer::Stream& stream) {
    CountedReader reader;
    std::array<char, 65536> buffer{};
    while (const std::size_t size = stream.read(buffer.data(), buffer.size())) {
      const std::lock_guard lock(mutex_);
      if (!reader.take({buffer.data(), size}, messages_)) {
        violation_ = reader.rest().substr(0, 100);
        return changed_.notify_all();
      }
      changed_.notify_all();
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> messages_;
  std::string violation_;
  LoopbackServer server_;  // last: its threads use what is above
};

}  // namespace naudit::tests
