// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/certificates.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace naudit::tests {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;

struct Signed {
  Key key;
  Certificate certificate;
};

void must(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot make a test certificate: ") + what);
}

void extend(X509* certificate, int nid, const char* value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  must(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1, value);
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself.
Signed make(const char* name, long serial, const char* alternatives, const Signed* issuer) {
  Signed made{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
  X509* const certificate = made.certificate.get();
  must(made.key && certificate != nullptr, name);
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 24L * 3600);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate, issuer == nullptr ? subject : X509_get_subject_name(issuer->certificate.get()));
  extend(certificate, NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (alternatives != nullptr) extend(certificate, NID_subject_alt_name, alternatives);
  EVP_PKEY* const signer = issuer == nullptr ? made.key.get() : issuer->key.get();
  must(X509_sign(certificate, signer, EVP_sha256()) > 0, name);
  return made;
}

Identity save(const Signed& made, const std::string& path) {
  Identity files{path + ".crt", path + ".key"};
  const std::unique_ptr<std::FILE, Freed<std::fclose>> certificate(std::fopen(files.certificate.c_str(), "we"));
  const std::unique_ptr<std::FILE, Freed<std::fclose>> key(std::fopen(files.key.c_str(), "we"));
  must(certificate && PEM_write_X509(certificate.get(), made.certificate.get()) == 1, files.certificate.c_str());
  must(key && PEM_write_PrivateKey(key.get(), made.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
       files.key.c_str());
  must(::chmod(files.key.c_str(), 0600) == 0, files.key.c_str());
  return files;
}

// The authority's revocation list, with this serial in it; 0: empty.
std::string save_revocations(const Signed& issuer, long revoked, const std::string& path) {
  const std::unique_ptr<X509_CRL, Freed<X509_CRL_free>> list(X509_CRL_new());
  X509_CRL_set_version(list.get(), 1);
  X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer.certificate.get()));
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> before(X509_gmtime_adj(nullptr, -3600));
  const std::unique_ptr<ASN1_TIME, Freed<ASN1_TIME_free>> after(X509_gmtime_adj(nullptr, 24L * 3600));
  X509_CRL_set1_lastUpdate(list.get(), before.get());
  X509_CRL_set1_nextUpdate(list.get(), after.get());
  if (revoked != 0) {
    const std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>> serial(ASN1_INTEGER_new());
    ASN1_INTEGER_set(serial.get(), revoked);
    X509_REVOKED* const entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, serial.get());
    X509_REVOKED_set_revocationDate(entry, before.get());
    must(X509_CRL_add0_revoked(list.get(), entry) == 1, "revocation");
  }
  must(X509_CRL_sign(list.get(), issuer.key.get(), EVP_sha256()) > 0, "revocation list");
  const std::unique_ptr<std::FILE, Freed<std::fclose>> file(std::fopen(path.c_str(), "we"));
  must(file && PEM_write_X509_CRL(file.get(), list.get()) == 1, path.c_str());
  return path;
}

}  // namespace

Certificates::Certificates(const std::string& directory) {
  const Signed root = make("Test authority", 1, nullptr, nullptr);
  authority = save(root, directory + "/authority");
  server = save(make("audit.test", 2, "DNS:audit.test,IP:127.0.0.1", &root), directory + "/server");
  client = save(make("host.test", 3, nullptr, &root), directory + "/client");
  none_revoked = save_revocations(root, 0, directory + "/none.crl");
  server_revoked = save_revocations(root, 2, directory + "/server.crl");
  stranger = save(make("Another authority", 4, nullptr, nullptr), directory + "/stranger");
}

}  // namespace naudit::tests
