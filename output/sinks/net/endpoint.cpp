// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace naudit::output {
namespace {

bool is_name(std::string_view text) {
  constexpr std::size_t kMost = 253;  // RFC 1035
  return !text.empty() && text.size() <= kMost && std::all_of(text.begin(), text.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '-' || letter == '.' || letter == '_';
  });
}

bool is_v6(std::string_view text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

// `fallback` 0: the port has to be there.
std::optional<Endpoint> parse_authority(std::string_view text, std::uint16_t fallback) {
  Endpoint endpoint{"", fallback};
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_v6(text.substr(1, end - 1))) return std::nullopt;
    endpoint.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    const std::size_t end = std::min(text.find(':'), text.size());
    if (!is_name(text.substr(0, end))) return std::nullopt;
    endpoint.host = text.substr(0, end);
    text.remove_prefix(end);
  }
  if (!text.empty()) {
    const auto port = text.front() == ':' ? parse_port(text.substr(1)) : std::nullopt;
    if (!port) return std::nullopt;
    endpoint.port = *port;
  }
  if (endpoint.port == 0) return std::nullopt;
  return endpoint;
}

}  // namespace

bool is_local(const Endpoint& endpoint) noexcept {
  return endpoint.port == 0 && endpoint.host.starts_with('/');
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  return parse_authority(text, 0);
}

std::optional<Url> parse_url(std::string_view text) {
  constexpr std::string_view kHttps = "https://";
  constexpr std::string_view kHttp = "http://";
  constexpr std::uint16_t kHttpsPort = 443;
  constexpr std::uint16_t kHttpPort = 80;
  Url url;
  url.tls = text.starts_with(kHttps);
  if (!url.tls && !text.starts_with(kHttp)) return std::nullopt;
  text.remove_prefix(url.tls ? kHttps.size() : kHttp.size());
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  auto endpoint = parse_authority(text.substr(0, end), url.tls ? kHttpsPort : kHttpPort);
  if (!endpoint) return std::nullopt;
  url.endpoint = std::move(*endpoint);
  url.target = text.substr(end);
  // A space or a line break here would end the request line.
  const bool clean = std::all_of(url.target.begin(), url.target.end(),
                                 [](char letter) { return letter > ' ' && letter < '\x7f' && letter != '#'; });
  if (!clean) return std::nullopt;
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

bool is_loopback(std::string_view host) {
  const std::string name(host);
  in_addr four{};
  if (::inet_pton(AF_INET, name.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
  in6_addr six{};
  if (::inet_pton(AF_INET6, name.c_str(), &six) == 1) return IN6_IS_ADDR_LOOPBACK(&six);
  return name == "localhost";
}

}  // namespace naudit::output
