// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/http/options.hpp"
#include "output/sinks/http/retry.hpp"
#include "output/sinks/net/endpoint.hpp"

namespace boost::asio {
class io_context;  // NOLINT(readability-identifier-naming): Asio's
namespace ssl {
class context;  // NOLINT(readability-identifier-naming): Asio's
}
}  // namespace boost::asio

namespace naudit::output {

// Who we are, for the server and not for a proxy; at most one of the first two, empty: not that.
struct HttpCredentials {
  std::string token = {};                 // "Authorization: Bearer …"
  std::string user = {}, password = {};   // "Authorization: Basic …"; a user alone counts
  std::vector<std::string> headers = {};  // "Name: value", each secret
  std::string scheme = "Bearer";          // the word before the token
  [[nodiscard]] bool empty() const noexcept { return token.empty() && user.empty() && headers.empty(); }
  friend bool operator==(const HttpCredentials&, const HttpCredentials&) = default;
};

// What is sent: the pieces, one behind the other, as one body.
struct HttpRequest {
  std::vector<std::string_view> pieces;
  std::shared_ptr<const void> owner = {};  // keeps what they point to
  std::string target = {};                 // path and query; empty: those of the url
  std::vector<std::string> headers = {};   // "Name: value", beside the client's own
};

// Sends one request after the other to one server and keeps the connection for the next. Knows nothing of events, and
// of retries only this: a kept connection that turns out to be closed before any reply is replaced once, silently.
//
// libcurl does the work, driven by the loop: it says which sockets and which time to wait for and is called when they
// are ready. Names are resolved on threads of libcurl's, which nobody waits for. Each client has its own connections
// and its own cache of addresses, so that the trouble of one sink is no other's.
//
// Made on the main thread; everything else happens on the loop's thread.
class HttpClient {
 public:
  static constexpr std::size_t kHeadMost = std::size_t{16} << 10;
  static constexpr std::size_t kBodyMost = std::size_t{4} << 20;
  static constexpr std::size_t kBodyKept = 200;  // of a reply that nobody reads, for last_error
  // What comes besides the body: the head, chunk lines, trailers, 1xx, frames, TLS. More than this, and than some times
  // the body, is no reply.
  static constexpr std::size_t kBesideMost = std::size_t{64} << 10;
  static constexpr std::size_t kBesideTimes = 16;
  static constexpr int kRedirectsMost = 3;  // for each request

  struct Options {
    Url url;
    std::shared_ptr<boost::asio::ssl::context> tls;  // for a url with https
    bool verify = true;                              // the certificate must be trusted, and be for `server_name`
    std::string server_name;                         // to verify, and for SNI; empty: the url's host
    std::string content_type;
    std::size_t body_kept = kBodyKept;          // bytes of a reply's body that the outcome has; kBodyMost: all of it
    std::string header_kept;                    // the name of a reply's header that the outcome has; empty: none
    std::chrono::milliseconds timeout{10'000};  // to resolve, connect and shake hands; and again for request and reply
    std::optional<Endpoint> proxy;              // HTTP, asked to CONNECT; none: straight, whatever the environment says
    HttpVersion version = HttpVersion::kOne;
    // Gets the head of each request ('>') and, line by line, of each reply ('<'), secrets and all; null: nobody does.
    std::function<void(char direction, std::string_view head)> on_head = {};
  };
  using Done = std::function<void(const HttpOutcome&)>;

  // Throws base::Error if this libcurl cannot do what is asked of it.
  HttpClient(boost::asio::io_context& loop, Options options);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  // POST; one at a time. `done` is called once, from the loop, unless close() comes first. A reply with more than
  // kHeadMost, kBodyMost or kBesideMost is cut off there; its status counts nevertheless. A 307 or 308 to the same
  // scheme, host and port is followed; any other redirect is an outcome.
  void send(HttpRequest request, const HttpCredentials& credentials, Done done);
  // Ends everything without waiting for the server or for a name.
  void close();

 private:
  class Transfer;
  std::shared_ptr<Transfer> transfer_;
};

}  // namespace naudit::output
