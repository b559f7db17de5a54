// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/daemon/collector/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include <openssl/ssl.h>

namespace naudit::tests {
namespace {

// OpenSSL writes without MSG_NOSIGNAL; the programs that other tests start must not inherit this.
class NoPipeSignal {
 public:
  NoPipeSignal() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  ~NoPipeSignal() { std::signal(SIGPIPE, before_); }

 private:
  void (*before_)(int);
};

}  // namespace

struct SourceClient::Ssl {
  explicit Ssl(const Tls& tls, int fd) : context(SSL_CTX_new(TLS_client_method())), ssl(nullptr) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    const bool is_set =
        SSL_CTX_load_verify_locations(context, tls.authority.c_str(), nullptr) == 1 &&
        (tls.identity.key.empty() ||
         (SSL_CTX_use_certificate_file(context, tls.identity.certificate.c_str(), SSL_FILETYPE_PEM) == 1 &&
          SSL_CTX_use_PrivateKey_file(context, tls.identity.key.c_str(), SSL_FILETYPE_PEM) == 1));
    if (!is_set) throw std::runtime_error("the client's certificate");
    const NoPipeSignal ignored;
    ssl = SSL_new(context);
    SSL_set_fd(ssl, fd);
    is_open = SSL_connect(ssl) == 1;
  }
  Ssl(const Ssl&) = delete;
  Ssl& operator=(const Ssl&) = delete;
  ~Ssl() {
    const NoPipeSignal ignored;
    SSL_free(ssl);
    SSL_CTX_free(context);
  }

  [[nodiscard]] bool write(std::string_view bytes) const {
    const NoPipeSignal ignored;
    return is_open && SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
  }
  [[nodiscard]] ssize_t read(char* buffer, std::size_t size) const {
    const NoPipeSignal ignored;
    return is_open ? SSL_read(ssl, buffer, static_cast<int>(size)) : 0;
  }

  SSL_CTX* context;
  SSL* ssl;
  bool is_open = false;
};

SourceClient::SourceClient(std::uint16_t port, const Tls* tls) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval most{.tv_sec = 60, .tv_usec = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("connect");
  if (tls != nullptr) ssl_ = std::make_unique<Ssl>(*tls, fd_);
}

SourceClient::~SourceClient() {
  ssl_.reset();
  ::close(fd_);
}

bool SourceClient::send(std::string_view bytes) {
  if (ssl_) return ssl_->write(bytes);
  while (!bytes.empty()) {
    const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

std::string SourceClient::read(std::size_t size) {
  std::string bytes;
  char buffer[4096];
  while (bytes.size() < size) {
    const std::size_t wanted = std::min(sizeof buffer, size - bytes.size());
    const ssize_t got = ssl_ ? ssl_->read(buffer, wanted) : ::recv(fd_, buffer, wanted, 0);
    if (got <= 0) break;
    bytes.append(buffer, static_cast<std::size_t>(got));
  }
  return bytes;
}

std::string SourceClient::rest() {
  return read(std::size_t{1} << 30U);
}

}  // namespace naudit::tests
