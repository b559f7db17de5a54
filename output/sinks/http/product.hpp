// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "output/sinks/http/client.hpp"
#include "output/sinks/http/event_head.hpp"
#include "output/sinks/http/retry.hpp"

namespace naudit::output {

// An event as a product gets it.
struct HttpEvent {
  std::string_view text;  // as its format writes it, without the newline that ends it in a stream
  EventHead head;
};

// What a receiver wants to be asked, and what its answers mean: a folder of output/sinks for each. Everything else (the
// queue, batches, connections, waits, secrets, compression, dead letters) is HttpWorker's and the same for all.
//
// Pure: no I/O, no clock. The same events give the same body, so that ids and tokens in it match when it goes again.
// Owner: the sink's worker; the loop's thread. Never throws but std::bad_alloc.
class HttpProduct {
 public:
  struct Traits {
    std::string content_type;
    std::string target;                              // path and query of every request
    std::string token_scheme = "Bearer";             // the word before the token in `Authorization`
    std::size_t reply_kept = HttpClient::kBodyKept;  // of a reply's body, for judge()
    std::string header_kept;                         // of a reply
    bool single = false;                             // one event a request
  };

  HttpProduct() = default;
  HttpProduct(const HttpProduct&) = delete;
  HttpProduct& operator=(const HttpProduct&) = delete;
  virtual ~HttpProduct() = default;

  // The same at every call.
  [[nodiscard]] virtual const Traits& traits() const = 0;
  // Appends the body of one request.
  virtual void write(std::span<const HttpEvent> events, std::string& body) = 0;
  // What goes behind the target, of a request with this body (before it is compressed).
  [[nodiscard]] virtual std::string query_of(std::string_view /*body*/) const { return {}; }
  // What a reply says of so many events.
  [[nodiscard]] virtual HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                           std::chrono::system_clock::time_point now) const = 0;
};

}  // namespace naudit::output
