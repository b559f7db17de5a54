// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace naudit::output {

// Where a network sink sends to.
struct Endpoint {
  std::string host;  // name or address; IPv6 without brackets
  std::string port;  // decimal
  bool tls = false;
  std::string target;  // of a URL: path and query, "/" if it has none

  // "host:port", "[v6]:port"
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// "host:port" or "[v6]:port". The error says what is wrong and how it should look.
tl::expected<Endpoint, std::string> parse_address(std::string_view text);

// "https://host[:port][/path][?query]", or "http://…". No user, no fragment.
tl::expected<Endpoint, std::string> parse_url(std::string_view text);

}  // namespace naudit::output
