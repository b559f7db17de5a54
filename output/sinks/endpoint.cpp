// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace naudit::output {
namespace {

using Parsed = tl::expected<Endpoint, std::string>;

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

Parsed wrong(std::string_view text, std::string_view what, std::string_view form) {
  std::string message = "'";
  message.append(text).append("' ").append(what).append("; write ").append(form);
  return tl::make_unexpected(std::move(message));
}

// `fallback`: the port if none is written; empty: there must be one.
Parsed parse_authority(std::string_view authority, std::string_view fallback, std::string_view whole,
                       std::string_view form) {
  Endpoint result;
  std::string_view rest;
  if (!authority.empty() && authority.front() == '[') {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return wrong(whole, "has a '[' without its ']'", form);
    result.host = authority.substr(1, close - 1);
    rest = authority.substr(close + 1);
  } else {
    const std::size_t colon = authority.find(':');
    result.host = authority.substr(0, colon);
    rest = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
    if (rest.find(':', 1) != std::string_view::npos) return wrong(whole, "has an IPv6 address without brackets", form);
  }
  if (result.host.empty()) return wrong(whole, "has no host", form);
  if (rest.empty()) {
    if (fallback.empty()) return wrong(whole, "has no port", form);
    result.port = fallback;
    return result;
  }
  if (rest.front() != ':' || !is_port(rest.substr(1))) return wrong(whole, "has a port that is not 1 to 65535", form);
  result.port = rest.substr(1);
  return result;
}

}  // namespace

std::string Endpoint::text() const {
  return host.find(':') == std::string::npos ? host + ':' + port : '[' + host + "]:" + port;
}

Parsed parse_address(std::string_view text) {
  constexpr std::string_view kForm = "host:port or [address]:port";
  if (!printable(text)) return wrong(text, "has a blank or a control character", kForm);
  return parse_authority(text, {}, text, kForm);
}

Parsed parse_url(std::string_view text) {
  constexpr std::string_view kForm = "https://host[:port]/path";
  if (!printable(text)) return wrong(text, "has a blank or a control character", kForm);
  std::string_view rest = text;
  const bool tls = rest.starts_with("https://");
  if (!tls && !rest.starts_with("http://")) return wrong(text, "does not start with https:// or http://", kForm);
  rest.remove_prefix(tls ? 8 : 7);
  if (rest.find('#') != std::string_view::npos) return wrong(text, "has a fragment ('#')", kForm);
  const std::size_t slash = rest.find_first_of("/?");
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) {
    return wrong(text, "has a user name; use `token_file`", kForm);
  }
  Parsed result = parse_authority(authority, tls ? "443" : "80", text, kForm);
  if (!result) return result;
  result->tls = tls;
  if (slash != std::string_view::npos) result->target = rest.substr(slash);
  if (!result->target.starts_with('/')) result->target.insert(0, 1, '/');
  return result;
}

}  // namespace naudit::output
