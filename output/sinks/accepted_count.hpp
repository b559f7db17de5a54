// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::output {

// Reads what a source of `type: stream` answers (docs/collector.md): how many messages of this connection it has
// accepted so far, in decimal digits and a newline, again and again.
//
// Owner: the connection's user, one for each connection. Pure.
class AcceptedCount {
 public:
  // False: this is no such answer, and nothing that comes behind it is one.
  bool take(std::string_view bytes) noexcept {
    constexpr int kMostDigits = 19;
    for (const char byte : bytes) {
      if (byte == '\n' && digits_ > 0 && next_ >= value_) {
        value_ = next_;
        next_ = 0;
        digits_ = 0;
      } else if (byte >= '0' && byte <= '9' && digits_ < kMostDigits) {
        next_ = next_ * 10 + static_cast<std::uint64_t>(byte - '0');
        ++digits_;
      } else {
        return false;
      }
    }
    return true;
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 0;
  std::uint64_t next_ = 0;
  int digits_ = 0;
};

}  // namespace naudit::output
