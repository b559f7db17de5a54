// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace naudit::daemon {

// One HTTP/1 request, which is all that a connection may bring (RFC 9112), read as its bytes come. Only its first line
// and its headers count. Boost.Beast reads it.
//
// Owner: one connection; one thread. Pure; any bytes are answered.
class ScrapeRequest {
 public:
  static constexpr std::size_t kMostBytes = 8192;

  enum class Wants : std::uint8_t {
    kMore,         // bytes
    kMetrics,      // GET or HEAD of /metrics
    kRoot,         // the same of /
    kNothingHere,  // of anything else
    kOtherMethod,
    kTooMuch,  // headers that are too long
    kNotHttp,
  };

  ScrapeRequest();
  ScrapeRequest(const ScrapeRequest&) = delete;
  ScrapeRequest& operator=(const ScrapeRequest&) = delete;
  ~ScrapeRequest();

  // Once it is not kMore it stays so.
  Wants take(std::string_view bytes);
  // HEAD: the answer has no body.
  [[nodiscard]] bool is_head() const noexcept { return is_head_; }

 private:
  struct Parser;

  Wants read();

  std::unique_ptr<Parser> parser_;
  std::string input_;  // that the parser has not taken
  Wants wants_ = Wants::kMore;
  bool is_head_ = false;
};

// The whole answer to it; `text` is the metrics, and only looked at where they are wanted. Every answer ends the
// connection. Pure.
std::string scrape_answer(ScrapeRequest::Wants wants, bool is_head, std::string_view text);

}  // namespace naudit::daemon
