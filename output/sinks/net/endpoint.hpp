// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::output {

// Where a network sink delivers to.
struct Endpoint {
  std::string host;  // a name or an address; IPv6 without its brackets. Or the path of a unix socket, which has no port
  std::uint16_t port = 0;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// Whether it is a unix socket. Pure.
bool is_local(const Endpoint& endpoint) noexcept;

// "host:port" or "[v6]:port". Empty: not that. Pure.
std::optional<Endpoint> parse_endpoint(std::string_view text);

struct Url {
  bool tls = false;  // https
  Endpoint endpoint;
  std::string target;  // path and query, at least "/"
  friend bool operator==(const Url&, const Url&) = default;
};

// "https://host[:port][/path][?query]", or http://. No user:password@, which would end up in logs, and no #fragment.
// Empty: not that. Pure.
std::optional<Url> parse_url(std::string_view text);

// localhost, 127.0.0.0/8 and ::1: what never leaves the machine. Pure; no look-up.
bool is_loopback(std::string_view host);

}  // namespace naudit::output
