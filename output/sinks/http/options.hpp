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
enum class HttpBody : std::uint8_t { kNdjson, kEvent, kArray };  // many events a request, or one
enum class HttpVersion : std::uint8_t {
  kOne,   // HTTP/1.1
  kAuto,  // HTTP/2 if the TLS handshake says that the server speaks it, else HTTP/1.1
};
enum class HttpCompression : std::uint8_t { kNone, kGzip, kZstd };  // of a request's body

// What every sink over HTTP may choose. What only one product has is in `own`, of the type that its table (own()) says.
struct HttpOptions : NetOptions {
  std::string url;                   // http:// is accepted for loopback only, and without `tls:`
  std::string token_file;            // bearer token, re-read at each reload and at each 401 and 403
  std::string user;                  // Basic authentication, instead of a token
  std::string password_file;         // its password, re-read as the token is
  std::vector<std::string> headers;  // "Name: value"
  std::string headers_file;          // more of them, re-read as the token is
  std::string proxy;                 // "http://host:port"; empty: none, whatever the environment says
  HttpVersion http_version = HttpVersion::kOne;
  HttpCompression compression = HttpCompression::kNone;
  HttpBatch batch;
  std::uint32_t parallel = 1;  // requests under way; more than one gives up the order
  std::string dead_letter;     // a file for what the server refuses; empty: counted only
  std::string debug_log;       // a file for the heads of requests and replies; empty: none
  config::AnyOptions own;
  friend bool operator==(const HttpOptions&, const HttpOptions&) = default;
};
// What only `type: https` has.
struct PlainOptions {
  HttpBody body = HttpBody::kNdjson;  // with a format that wants one event a request kEvent is the default
  friend bool operator==(const PlainOptions&, const PlainOptions&) = default;
};

// A member of HttpOptions::own, for the tables.
template <typename Own, typename Member>
struct OwnMember {
  Member Own::* member;
  Member& operator()(HttpOptions& options) const { return options.own.edit<Own>().*member; }
  const Member& operator()(const HttpOptions& options) const { return options.own.as<Own>().*member; }
};
template <typename Own, typename Member>
OwnMember<Own, Member> own(Member Own::* member) {
  return {member};
}

// The same of a member inside a member.
template <typename Own, typename Section, typename Member>
struct OwnNested {
  Section Own::* section;
  Member Section::* member;
  Member& operator()(HttpOptions& options) const { return options.own.edit<Own>().*section.*member; }
  const Member& operator()(const HttpOptions& options) const { return options.own.as<Own>().*section.*member; }
};
template <typename Own, typename Section, typename Member>
OwnNested<Own, Section, Member> own(Section Own::* section, Member Section::* member) {
  return {section, member};
}

// "http://host:port", as a proxy is named. Empty: not that. Pure.
std::optional<Endpoint> parse_proxy(std::string_view text);

// The rows that all have, with an example of the url; and what goes with them in a table.
std::vector<config::Option<HttpOptions>> http_rows(std::string_view example_of_url);
void complete_http(HttpOptions& options, const config::Written& written);
void check_http(const HttpOptions& options, const config::Sink& sink, const config::Report& report);
std::vector<std::string> http_warnings(const config::Sink& sink);
// Reports, unless each event is a JSON object, as `product` needs them.
void check_json(const config::Sink& sink, std::string_view product, const config::Report& report);

config::OptionTable https_options();
std::vector<std::string> https_warnings(const config::Sink& sink, bool look_at_disk);

}  // namespace naudit::output

namespace naudit::config {

template <typename Own, typename Member>
struct OwnerOf<output::OwnMember<Own, Member>> {
  using Type = output::HttpOptions;
};
template <typename Own, typename Section, typename Member>
struct OwnerOf<output::OwnNested<Own, Section, Member>> {
  using Type = output::HttpOptions;
};

}  // namespace naudit::config
