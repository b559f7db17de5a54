// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/http/client.hpp"
#include "output/sinks/http/event_head.hpp"
#include "output/sinks/http/retry.hpp"

namespace naudit::output {

// An event as a product gets it.
struct HttpEvent {
  std::string_view text;  // as its format writes it, without the newline that ends it in a stream
  EventHead head;
};

// What is asked of a server that confirms later: a POST of JSON.
struct HttpQuestion {
  std::string target;
  std::string body;
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
    std::chrono::milliseconds ask_every{1000};       // of receipts
    std::chrono::milliseconds confirmed_within{300'000};
    bool single = false;  // one event a request
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
  // Of each request, beside the configured ones.
  [[nodiscard]] virtual std::vector<std::string> headers() const { return {}; }
  // What a reply says of so many events.
  [[nodiscard]] virtual HttpDecision judge(const HttpOutcome& outcome, std::size_t events,
                                           std::chrono::system_clock::time_point now) const = 0;

  // Of products that give receipts (HttpVerdict::kAwait): how to ask about these,
  [[nodiscard]] virtual HttpQuestion ask(std::span<const std::string> /*receipts*/) const { return {}; }
  // which of them an answer confirms (nothing: it is no answer),
  [[nodiscard]] virtual std::optional<std::vector<std::string>> confirmed(const HttpOutcome& /*outcome*/) const {
    return std::nullopt;
  }
  // and that those so far are given up: from now on nothing that the server says is about them.
  virtual void forget_receipts() {}
};

}  // namespace naudit::output
