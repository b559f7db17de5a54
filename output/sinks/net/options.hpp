// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/kinds.hpp"
#include "output/backoff.hpp"

namespace naudit::output {

enum class TlsVersion : std::uint8_t { k12, k13 };

// `tls:`. Off unless asked for (`tls: true`, a map) or implied by a URL.
struct Tls {
  bool enabled = false;
  bool verify = true;
  std::string ca;           // file; empty = the system's
  std::string certificate;  // file; client certificate (PEM)
  std::string key;          // file; its key
  std::string server_name;  // name to verify and to send as SNI; empty = the host of the address
  std::string crl;          // file; revocation lists (PEM)
  // SHA-256 fingerprints of the server's certificate, one of which it has to have, in whatever form parse_fingerprint()
  // takes; empty = any.
  std::vector<std::string> fingerprints;
  TlsVersion min_version = TlsVersion::k12;
  // For TLS 1.2, in OpenSSL's words: forward secrecy and authenticated encryption only, so no CBC and no SHA-1.
  std::string ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AESCCM:DHE+AESGCM:DHE+CHACHA20:DHE+AESCCM";
  friend bool operator==(const Tls&, const Tls&) = default;
};

using Fingerprint = std::array<std::uint8_t, 32>;
// "AB:CD:…" as openssl-x509(1) prints it, or 64 hexadecimal digits, in any case. Empty: not that. Pure.
std::optional<Fingerprint> parse_fingerprint(std::string_view text);

// What every sink over a network may choose: the base of its options.
struct NetOptions {
  Tls tls;
  Retry retry;
  config::Milliseconds timeout{10'000};  // connecting, and one delivery
  friend bool operator==(const NetOptions&, const NetOptions&) = default;
};

const std::vector<config::Option<NetOptions>>& net_options();
// What no single value shows.
void check_net(const NetOptions& options, const config::Report& report);
// What is allowed and nobody should do: one sentence each.
std::vector<std::string> net_warnings(const NetOptions& options);

}  // namespace naudit::output
