// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/collector/client_link.hpp"

#include <utility>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "output/sinks/net/tls_context.hpp"

namespace naudit::daemon {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;

class PlainLink final : public ClientLink {
 public:
  explicit PlainLink(tcp::socket socket) : socket_(std::move(socket)) {}

  void handshake(Done done) override { done({}, 0); }
  void read(asio::mutable_buffer into, Done done) override { socket_.async_read_some(into, std::move(done)); }
  void write(asio::const_buffer all, Done done) override { asio::async_write(socket_, all, std::move(done)); }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  [[nodiscard]] std::vector<std::string> certificate_names() const override { return {}; }
  [[nodiscard]] std::string describe(const error_code& error) const override {
    return error == asio::error::eof ? "it has closed the connection" : error.message();
  }

 private:
  tcp::socket socket_;
};

std::string text_of(const ASN1_STRING* string) {
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, string);
  if (size < 0) return {};
  std::string text(utf8, utf8 + size);
  OPENSSL_free(utf8);
  // What goes on behind a NUL would be another name.
  return text.find('\0') == std::string::npos ? text : std::string();
}

// The names of the machine (RFC 6125, section 6.4.4): the common name only where there are no others.
std::vector<std::string> names_of(X509* certificate) {
  std::vector<std::string> names;
  if (auto* const all =
          static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))) {
    for (int i = 0; i < sk_GENERAL_NAME_num(all); ++i) {
      const GENERAL_NAME* const one = sk_GENERAL_NAME_value(all, i);
      if (one->type != GEN_DNS) continue;
      if (std::string name = text_of(one->d.dNSName); !name.empty()) names.push_back(std::move(name));
    }
    GENERAL_NAMES_free(all);
  }
  if (!names.empty()) return names;
  X509_NAME* const subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return names;
  if (std::string name = text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))); !name.empty())
    names.push_back(std::move(name));
  return names;
}

class TlsLink final : public ClientLink {
 public:
  TlsLink(tcp::socket socket, std::shared_ptr<ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  void handshake(Done done) override {
    stream_.async_handshake(ssl::stream_base::server,
                            [done = std::move(done)](const error_code& error) { done(error, 0); });
  }
  void read(asio::mutable_buffer into, Done done) override { stream_.async_read_some(into, std::move(done)); }
  void write(asio::const_buffer all, Done done) override { asio::async_write(stream_, all, std::move(done)); }
  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }
  [[nodiscard]] std::vector<std::string> certificate_names() const override {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): Asio's accessor is not const
    X509* const certificate = SSL_get1_peer_certificate(const_cast<TlsLink*>(this)->stream_.native_handle());
    if (certificate == nullptr) return {};
    std::vector<std::string> names = names_of(certificate);
    X509_free(certificate);
    return names;
  }
  [[nodiscard]] std::string describe(const error_code& error) const override {
    if (error == asio::error::eof || error == ssl::error::stream_truncated) return "it has closed the connection";
    if (error.category() != asio::error::get_ssl_category()) return error.message();
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): as above
    const long verified = SSL_get_verify_result(const_cast<TlsLink*>(this)->stream_.native_handle());
    if (verified != X509_V_OK) return "its certificate is refused: " + output::refusal_text(verified);
    return error.message();
  }

 private:
  std::shared_ptr<ssl::context> context_;
  ssl::stream<tcp::socket> stream_;
};

}  // namespace

std::unique_ptr<ClientLink> ClientLink::make(tcp::socket socket, std::shared_ptr<ssl::context> tls) {
  if (tls == nullptr) return std::make_unique<PlainLink>(std::move(socket));
  return std::make_unique<TlsLink>(std::move(socket), std::move(tls));
}

}  // namespace naudit::daemon
