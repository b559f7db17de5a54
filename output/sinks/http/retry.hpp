// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {

// How one request ended: a reply (status > 0), or none and why.
struct HttpOutcome {
  int status = 0;
  std::string reason;       // the words beside the status
  std::string retry_after;  // the header, as it came
  std::string body;         // its beginning
  std::string error;        // without a reply: what broke
};

enum class HttpVerdict : std::uint8_t {
  kDelivered,   // 2xx
  kRetry,       // 408, 429, 5xx, no reply; 3xx that is not followed too: the `url` is wrong, not the events
  kRenewToken,  // 401 while we have a token: read it again, and retry
  kRefused,     // any other: the same request would be refused for ever
};

struct HttpDecision {
  HttpVerdict verdict = HttpVerdict::kRetry;
  std::optional<std::chrono::milliseconds> wait;  // what the server asked for (Retry-After), at most an hour
  std::string text;                               // "503 Service Unavailable: <body>", or the error
};

// What to do next. Pure: `now` is for a Retry-After that is a date.
HttpDecision judge(const HttpOutcome& outcome, bool has_token, std::chrono::system_clock::time_point now);

// Seconds, or a date as in "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 10.2.3); nothing if it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::chrono::system_clock::time_point now);

// Where on the server that was asked the request has to go instead: for a 307 or 308, which keep method and body (RFC
// 9110, section 15.4), to the same scheme, host and port; nothing for any other, since events and token are for nobody
// else. `location` is a whole url.
std::optional<std::string> redirect_target(int status, const Url& asked, std::string_view location);

}  // namespace naudit::output
