// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <memory>
#include <string>

#include "output/sinks/net/options.hpp"

namespace boost::asio::ssl {
class context;  // NOLINT(readability-identifier-naming): Asio's
}
struct ssl_ctx_st;  // NOLINT(readability-identifier-naming): OpenSSL's SSL_CTX

namespace naudit::output {

// OpenSSL's result for a certificate whose fingerprint is none of those that were configured.
extern const long kPinMissed;
// Why a certificate was refused, by SSL_get_verify_result(): OpenSSL's words, and ours for kPinMissed.
std::string refusal_text(long result);

// The TLS set-up of one sink: the version and ciphers that were chosen, the server's certificate checked against the CA
// file (or the system's store) unless `verify` is off, and against the fingerprints, a client certificate if there is
// one. Shared by the connections of that sink; the files are read once, here. Main thread. Throws base::Error that
// names the sink, the option, the file.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const std::string& sink, const Tls& tls);

// The same for who is called by clients: each has to show a certificate that the CA has signed, and that the
// fingerprints are for, if there are any. `whose` is what messages begin with ("source 'fleet'").
std::shared_ptr<boost::asio::ssl::context> make_tls_server_context(const std::string& whose, const Tls& tls);

// Gives another library's context what ours has: version and ciphers, the authorities with their revocation lists, the
// fingerprints (`ours` has to outlive it for them), the client certificate with its chain and key, and that the
// server's certificate has to be for this name or address (empty: for any). The loop's thread. False: OpenSSL has
// refused one of them.
bool copy_tls(boost::asio::ssl::context& ours, ssl_ctx_st* theirs, const std::string& server_name);

}  // namespace naudit::output
