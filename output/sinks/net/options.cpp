// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/options.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "base/units.hpp"

namespace naudit::output {

using namespace std::chrono_literals;
using config::nested;

namespace {

constexpr std::array<std::string_view, 2> kVersions = {"1.2", "1.3"};

// A name without a dot before it, which would mean all names below.
bool is_server_name(const std::string& name) {
  if (name.front() == '.' || name.back() == '.') return false;
  return std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7f' && c != '*' && c != '/' && c != '@'; });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = base::lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::optional<Fingerprint> parse_fingerprint(std::string_view text) {
  Fingerprint fingerprint{};
  const bool has_colons = text.find(':') != std::string_view::npos;
  if (text.size() != fingerprint.size() * (has_colons ? 3 : 2) - (has_colons ? 1 : 0)) return std::nullopt;
  for (std::size_t i = 0, at = 0; i < fingerprint.size(); ++i, at += 2) {
    if (has_colons && i > 0 && text[at++] != ':') return std::nullopt;
    const int high = hex_digit(text[at]);
    const int low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    fingerprint[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return fingerprint;
}

const std::vector<config::Option<NetOptions>>& net_options() {
  static const std::vector<config::Option<NetOptions>> kRows = {
      {"tls", config::flag(nested(&NetOptions::tls, &Tls::enabled)),
       "`true`, or a map of the keys below: over TLS 1.2 or newer."},
      {"tls.verify", config::flag(nested(&NetOptions::tls, &Tls::verify)), "`false`: anybody may pose as the server."},
      {"tls.ca",
       config::path(nested(&NetOptions::tls, &Tls::ca)),
       "PEM file with the authorities that are trusted.",
       {.otherwise = "the system's"}},
      {"tls.certificate", config::path(nested(&NetOptions::tls, &Tls::certificate)),
       "PEM file with our certificate, for servers that ask for one."},
      {"tls.key", config::path(nested(&NetOptions::tls, &Tls::key)), "PEM file with its key."},
      {"tls.server_name",
       config::text(nested(&NetOptions::tls, &Tls::server_name)),
       "The name that the server's certificate has to have.",
       {.otherwise = "the host"}},
      {"tls.crl",
       config::path(nested(&NetOptions::tls, &Tls::crl)),
       "PEM file with the revocation lists of the authorities. A server's certificate that is in them is refused, and "
       "one whose authority has no list there.",
       {.otherwise = "none"}},
      {"tls.fingerprints",
       config::list(nested(&NetOptions::tls, &Tls::fingerprints)),
       "SHA-256 fingerprints, as `openssl x509 -fingerprint -sha256` prints them: the server's certificate has to have "
       "one of them, beside all else that is verified. With `verify: false` they alone say who the server is.",
       {.otherwise = "any"}},
      {"tls.min_version", config::choice(nested(&NetOptions::tls, &Tls::min_version), kVersions),
       "The oldest version of TLS that is spoken."},
      {"tls.ciphers", config::text(nested(&NetOptions::tls, &Tls::ciphers)),
       "The ciphers of TLS 1.2, in OpenSSL's words. The default has forward secrecy and authenticated encryption, and "
       "neither CBC nor SHA-1. TLS 1.3 has none that are weak."},
      {"retry.first", config::duration(nested(&NetOptions::retry, &Retry::first), 10ms, 1h),
       "The wait after a failure; it doubles with each further one, with some chance in it,"},
      {"retry.most", config::duration(nested(&NetOptions::retry, &Retry::most), 10ms, 24h),
       "up to this. There is no last attempt."},
      {"timeout", config::duration(&NetOptions::timeout, 100ms, 1h), "To connect, and for one delivery."},
  };
  return kRows;
}

void check_net(const NetOptions& options, const config::Report& report) {
  const Tls& tls = options.tls;
  if (!tls.certificate.empty() && tls.key.empty()) report("tls", "'certificate' needs its 'key' beside it");
  if (tls.certificate.empty() && !tls.key.empty()) report("tls.key", "'key' needs its 'certificate' beside it");
  if (!tls.verify && !tls.ca.empty())
    report("tls.verify", "'verify: false' makes 'ca' useless: anybody could pose as the server; remove one of them");
  if (!tls.verify && !tls.crl.empty()) report("tls.verify", "'verify: false' makes 'crl' useless; remove one of them");
  if (!tls.server_name.empty() && !is_server_name(tls.server_name)) {
    report("tls.server_name", "expected the name of one server, like siem.example, or its address, not " +
                                  base::in_quotes(tls.server_name));
  }
  for (const std::string& one : tls.fingerprints)
    if (!parse_fingerprint(one))
      report("tls.fingerprints",
             "expected a SHA-256 fingerprint of 64 hexadecimal digits, with or without colons, not " +
                 base::in_quotes(one));
  if (options.retry.first > options.retry.most) {
    report("retry", "the first wait, " + base::duration_text(options.retry.first) + ", is longer than the longest, " +
                        base::duration_text(options.retry.most));
  }
}

std::vector<std::string> net_warnings(const NetOptions& options) {
  if (!options.tls.enabled || options.tls.verify || !options.tls.fingerprints.empty()) return {};
  return {"tls.verify is false: anybody may pose as the server, and read the events"};
}

}  // namespace naudit::output
