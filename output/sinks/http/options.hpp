// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/sinks/net/endpoint.hpp"
#include "output/sinks/net/options.hpp"

namespace naudit::output {

// `batch:`. A request is sent at whichever comes first.
struct HttpBatch {
  std::uint64_t bytes = 1 * config::kMiB;
  std::uint32_t events = 1000;
  config::Milliseconds time{1000};
  friend bool operator==(const HttpBatch&, const HttpBatch&) = default;
};
enum class HttpBody : std::uint8_t { kNdjson, kEvent };  // many events a request, or one
enum class HttpVersion : std::uint8_t {
  kOne,   // HTTP/1.1
  kAuto,  // HTTP/2 if the TLS handshake says that the server speaks it, else HTTP/1.1
};

// What a sink of `type: https` may choose.
struct HttpOptions : NetOptions {
  std::string url;            // http:// is accepted for loopback only, and without `tls:`
  std::string token_file;     // bearer token, re-read at each reload and at each 401
  std::string user;           // Basic authentication, instead of a token
  std::string password_file;  // its password, re-read as the token is
  std::string proxy;          // "http://host:port"; empty: none, whatever the environment says
  HttpVersion http_version = HttpVersion::kOne;
  HttpBody body = HttpBody::kNdjson;  // with a format that wants one event a request kEvent is the default
  HttpBatch batch;
  friend bool operator==(const HttpOptions&, const HttpOptions&) = default;
};

// "http://host:port", as a proxy is named. Empty: not that. Pure.
std::optional<Endpoint> parse_proxy(std::string_view text);

config::OptionTable https_options();
std::vector<std::string> https_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output
