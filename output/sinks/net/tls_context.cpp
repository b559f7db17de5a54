// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/tls_context.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <memory>
#include <string_view>
#include <system_error>
#include <vector>

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/trusted_path.hpp"

namespace naudit::output {
namespace {

namespace ssl = boost::asio::ssl;

[[noreturn]] void refuse(const std::string& whose, const std::string& option, const std::string& what) {
  throw base::Error(whose + ": tls." + option + ": " + what);
}

// OpenSSL's own words for a file that is missing or locked are about "BIO lib"; the system's are better.
void must_be_readable(const std::string& whose, const std::string& option, const std::string& file) {
  errno = 0;
  const std::ifstream opened(file);
  if (opened.good()) return;
  refuse(whose, option, "cannot read " + file + ": " + std::generic_category().message(errno));
}

// As for the file of a token: whoever can read the key can be us.
void must_be_private(const std::string& whose, const std::string& option, const std::string& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) != 0) return;
  if ((status.st_mode & 037U) != 0)
    refuse(whose, option, file + " can be read or written by others; run: chmod 600 " + file);
}

// Who can change it decides whom we trust, or who we are.
void must_be_safe(const std::string& whose, const std::string& option, const std::string& file) {
  if (const auto unsafe = base::find_untrusted(file, base::PathPart::kWhole)) refuse(whose, option, unsafe->text());
}

void load_trust(ssl::context& context, const std::string& whose, const Tls& tls) {
  boost::system::error_code error;
  if (tls.ca.empty()) {
    context.set_default_verify_paths(error);
    if (error) refuse(whose, "ca", "cannot load the system's CA certificates: " + error.message());
    return;
  }
  must_be_readable(whose, "ca", tls.ca);
  must_be_safe(whose, "ca", tls.ca);
  context.load_verify_file(tls.ca, error);
  if (error) {
    refuse(whose, "ca",
           tls.ca + " has no CA certificate in PEM form (" + error.message() +
               "); name a file that has, or leave the option out to use the system's store");
  }
}

void load_revocations(ssl::context& context, const std::string& whose, const Tls& tls) {
  if (tls.crl.empty()) return;
  must_be_readable(whose, "crl", tls.crl);
  must_be_safe(whose, "crl", tls.crl);
  X509_STORE* const store = SSL_CTX_get_cert_store(context.native_handle());
  X509_LOOKUP* const lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == nullptr || X509_load_crl_file(lookup, tls.crl.c_str(), X509_FILETYPE_PEM) <= 0)
    refuse(whose, "crl", tls.crl + " has no revocation list in PEM form");
  X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
}

// What a context keeps for its verification.
struct Pins {
  bool verify_chain = true;
  std::vector<Fingerprint> fingerprints;
};

int pins_index() {
  static const int kIndex =
      SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, [](void*, void* pins, CRYPTO_EX_DATA*, int, long, void*) {
        delete static_cast<Pins*>(pins);  // NOLINT(cppcoreguidelines-owning-memory): OpenSSL keeps a bare pointer
      });
  return kIndex;
}

// In place of X509_verify_cert(): that, where the chain is to be verified, and then the fingerprint.
int verify_pinned(X509_STORE_CTX* store, void* given) {
  const Pins& pins = *static_cast<const Pins*>(given);
  if (pins.verify_chain && X509_verify_cert(store) != 1) return 0;
  X509* const certificate = X509_STORE_CTX_get0_cert(store);
  Fingerprint fingerprint{};
  unsigned size = 0;
  if (certificate != nullptr && X509_digest(certificate, EVP_sha256(), fingerprint.data(), &size) == 1 &&
      std::ranges::find(pins.fingerprints, fingerprint) != pins.fingerprints.end()) {
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
  }
  X509_STORE_CTX_set_error(store, static_cast<int>(kPinMissed));
  return 0;
}

// The peer's certificate is looked at even if nothing else of it is verified.
void load_fingerprints(ssl::context& context, const Tls& tls) {
  if (tls.fingerprints.empty()) return;
  auto pins = std::make_unique<Pins>();
  pins->verify_chain = tls.verify;
  for (const std::string& one : tls.fingerprints)
    if (const auto fingerprint = parse_fingerprint(one)) pins->fingerprints.push_back(*fingerprint);
  context.set_verify_mode(ssl::verify_peer);
  SSL_CTX_set_cert_verify_callback(context.native_handle(), verify_pinned, pins.get());
  SSL_CTX_set_ex_data(context.native_handle(), pins_index(), pins.release());
}

void load_identity(ssl::context& context, const std::string& whose, const Tls& tls) {
  if (tls.certificate.empty() && tls.key.empty()) return;
  boost::system::error_code error;
  must_be_readable(whose, "certificate", tls.certificate);
  must_be_safe(whose, "certificate", tls.certificate);
  context.use_certificate_chain_file(tls.certificate, error);
  if (error) refuse(whose, "certificate", tls.certificate + " is not a certificate in PEM form: " + error.message());
  must_be_readable(whose, "key", tls.key);
  must_be_private(whose, "key", tls.key);
  must_be_safe(whose, "key", tls.key);
  // A pass phrase has nobody to ask for it.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); });
  context.use_private_key_file(tls.key, ssl::context::pem, error);
  if (error) {
    refuse(whose, "key",
           tls.key + " is not a private key in PEM form, without a pass phrase, that fits " + tls.certificate + ": " +
               error.message());
  }
}

}  // namespace

const long kPinMissed = X509_V_ERR_APPLICATION_VERIFICATION;

std::string refusal_text(long result) {
  return result == kPinMissed ? "its fingerprint is none of tls.fingerprints" : X509_verify_cert_error_string(result);
}

namespace {

void load(ssl::context& context, const std::string& whose, const Tls& tls) {
  SSL_CTX_set_min_proto_version(context.native_handle(),
                                tls.min_version == TlsVersion::k13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  if (SSL_CTX_set_cipher_list(context.native_handle(), tls.ciphers.c_str()) != 1)
    refuse(whose, "ciphers",
           base::in_quotes(tls.ciphers) + " names no cipher that this OpenSSL has; see openssl-ciphers(1)");
  if (tls.verify) load_trust(context, whose, tls);
  load_revocations(context, whose, tls);
  context.set_verify_mode(tls.verify ? ssl::verify_peer : ssl::verify_none);
  load_fingerprints(context, tls);
  load_identity(context, whose, tls);
}

}  // namespace

std::shared_ptr<ssl::context> make_tls_context(const std::string& sink, const Tls& tls) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  load(*context, "sink '" + sink + "'", tls);
  return context;
}

std::shared_ptr<ssl::context> make_tls_server_context(const std::string& whose, const Tls& tls) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  load(*context, whose, tls);
  context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  SSL_CTX* const native = context->native_handle();
  // A client that comes back is verified again: its certificate may have been revoked.
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(native, 0);
  return context;
}

bool copy_tls(ssl::context& ours, SSL_CTX* theirs, const std::string& server_name) {
  SSL_CTX* const from = ours.native_handle();
  SSL_CTX_set1_cert_store(theirs, SSL_CTX_get_cert_store(from));
  if (void* const pins = SSL_CTX_get_ex_data(from, pins_index())) {
    SSL_CTX_set_cert_verify_callback(theirs, verify_pinned, pins);
    SSL_CTX_set_verify(theirs, SSL_VERIFY_PEER, nullptr);
  }
  std::string ciphers;
  const STACK_OF(SSL_CIPHER)* const wanted = SSL_CTX_get_ciphers(from);
  for (int i = 0; i < sk_SSL_CIPHER_num(wanted); ++i) {
    const SSL_CIPHER* const cipher = sk_SSL_CIPHER_value(wanted, i);
    // Those of TLS 1.3 stand in a list of their own.
    if (std::string_view(SSL_CIPHER_get_version(cipher)) == "TLSv1.3") continue;
    ciphers.append(ciphers.empty() ? "" : ":").append(SSL_CIPHER_get_name(cipher));
  }
  if (SSL_CTX_set_cipher_list(theirs, ciphers.c_str()) != 1 ||
      SSL_CTX_set_min_proto_version(theirs, static_cast<int>(SSL_CTX_get_min_proto_version(from))) != 1)
    return false;
  if (X509* const certificate = SSL_CTX_get0_certificate(from)) {
    STACK_OF(X509)* chain = nullptr;
    SSL_CTX_get0_chain_certs(from, &chain);
    if (SSL_CTX_use_certificate(theirs, certificate) != 1 || SSL_CTX_set1_chain(theirs, chain) != 1 ||
        SSL_CTX_use_PrivateKey(theirs, SSL_CTX_get0_privatekey(from)) != 1)
      return false;
  }
  if (server_name.empty()) return true;
  // OpenSSL's own check ends the handshake, and says "hostname mismatch".
  X509_VERIFY_PARAM* const check = SSL_CTX_get0_param(theirs);
  X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return X509_VERIFY_PARAM_set1_ip_asc(check, server_name.c_str()) == 1 ||
         X509_VERIFY_PARAM_set1_host(check, server_name.c_str(), server_name.size()) == 1;
}

}  // namespace naudit::output
