// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/net/endpoint.hpp"

namespace naudit::output {

// How one request ended: a reply (status > 0), or none and why.
struct HttpOutcome {
  int status = 0;
  std::string reason = {};       // the words beside the status
  std::string retry_after = {};  // the header, as it came
  std::string body = {};         // its beginning, as far as the client was told to keep it
  std::string error = {};        // without a reply: what broke; with one: what became of its body
  std::string header = {};       // the one that the client was told to keep
};

enum class HttpVerdict : std::uint8_t {
  kDelivered,      // all of its events
  kEach,           // every event has a fate of its own
  kSome,           // all but so many, and it is not said which these are
  kAwait,          // taken, and delivered when the server confirms it by this receipt
  kRetry,          // not now
  kSplit,          // too much at once
  kConfiguration,  // no event will be taken before somebody changes something, here or there
  kRefused,        // all of its events, for ever
};

struct EventFate {
  enum class Is : std::uint8_t {
    kDelivered,
    kAgain,   // when the server has recovered
    kAtOnce,  // again, too: it was not looked at
    kRefused,
  };
  Is is = Is::kDelivered;
  int status = 0;      // as the server says it of this event
  std::string reason;  // printable; of what is not delivered
};

struct HttpDecision {
  HttpVerdict verdict = HttpVerdict::kRetry;
  std::optional<std::chrono::milliseconds> wait;  // what the server asked for (Retry-After), at most an hour
  std::string text;                               // "503 Service Unavailable: <body>", or the error
  std::vector<EventFate> fates;                   // with kEach: one an event, in their order
  std::uint64_t refused = 0;                      // with kSome
  std::string receipt;                            // with kAwait
};

// What a status means for everything that speaks HTTP; a product knows more. Pure.
//   2xx                        delivered
//   408, 425, 429, 5xx, none   not now
//   413                        too much at once
//   401, 403, 407, 1xx, 3xx    configuration: the credentials or the `url` are wrong, not the events
//   any other                  refused
HttpVerdict verdict_of(int status) noexcept;
// What to do next, by the status alone. Pure: `now` is for a Retry-After that is a date.
HttpDecision judge(const HttpOutcome& outcome, std::chrono::system_clock::time_point now);
// Of a server's text what fits a line of status: its first 200 bytes, and no character that a terminal acts on. Pure.
std::string quoted_answer(std::string_view text);

// Seconds, or a date as in "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 10.2.3); nothing if it is neither.
std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view value,
                                                           std::chrono::system_clock::time_point now);

// Where on the server that was asked the request has to go instead: for a 307 or 308, which keep method and body (RFC
// 9110, section 15.4), to the same scheme, host and port; nothing for any other, since events and token are for nobody
// else. `location` is a whole url.
std::optional<std::string> redirect_target(int status, const Url& asked, std::string_view location);

// The words of a status line: "Service Unavailable" of "HTTP/1.1 503 Service Unavailable"; HTTP/2 has none. Pure.
std::string reason_in(std::string_view status_line);

}  // namespace naudit::output
