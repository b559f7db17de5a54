// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tests/support/loopback_server.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace naudit::tests {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;

template <typename Socket>
class AsioStream final : public LoopbackServer::Stream {
 public:
  explicit AsioStream(Socket& socket) : socket_(socket) {}

  std::size_t read(char* buffer, std::size_t size) override {
    error_code error;
    return socket_.read_some(asio::buffer(buffer, size), error);
  }
  bool write(std::string_view bytes) override {
    error_code error;
    asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), error);
    return !error;
  }

 private:
  Socket& socket_;
};

}  // namespace

struct LoopbackServer::Io {
  explicit Io(std::uint16_t port) : acceptor(loop, {asio::ip::address_v4::loopback(), port}) {}

  asio::io_context loop;
  tcp::acceptor acceptor;
  std::unique_ptr<ssl::context> tls;
};

LoopbackServer::LoopbackServer(const std::optional<Tls>& tls, std::uint16_t port, Serve serve)
    : io_(std::make_unique<Io>(port)), serve_(std::move(serve)) {
  if (tls) {
    io_->tls = std::make_unique<ssl::context>(ssl::context::tls_server);
    io_->tls->use_certificate_chain_file(tls->certificate);
    io_->tls->use_private_key_file(tls->key, ssl::context::pem);
    SSL_CTX_set_max_proto_version(io_->tls->native_handle(), tls->most_version);
    if (!tls->ciphers.empty()) SSL_CTX_set_cipher_list(io_->tls->native_handle(), tls->ciphers.c_str());
    if (!tls->client_ca.empty()) {
      io_->tls->load_verify_file(tls->client_ca);
      io_->tls->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
    }
  }
  acceptor_ = std::thread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
  stop();
}

std::uint16_t LoopbackServer::port() const noexcept {
  return io_->acceptor.local_endpoint().port();
}

void LoopbackServer::accept_all() {
  for (;;) {
    const int fd = ::accept4(io_->acceptor.native_handle(), nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (fd < 0 || stopped_) {
      if (fd >= 0) ::close(fd);
      return;
    }
    open_.push_back(fd);
    sessions_.emplace_back([this, fd] { run(fd); });
    ++accepted_;
    changed_.notify_all();
  }
}

void LoopbackServer::run(int fd) {
  asio::io_context loop;
  tcp::socket socket(loop);
  socket.assign(tcp::v4(), fd);
  if (io_->tls) {
    ssl::stream<tcp::socket&> secured(socket, *io_->tls);
    error_code error;
    secured.handshake(ssl::stream_base::server, error);
    AsioStream<ssl::stream<tcp::socket&>> stream(secured);
    if (!error) serve_(stream);
  } else {
    AsioStream<tcp::socket> stream(socket);
    serve_(stream);
  }
  const std::lock_guard lock(mutex_);
  open_.remove(fd);
  error_code ignored;
  socket.close(ignored);
}

bool LoopbackServer::wait_for_connections(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds{30}, [&] { return accepted_ >= count; });
}

std::size_t LoopbackServer::connections() const {
  const std::lock_guard lock(mutex_);
  return accepted_;
}

void LoopbackServer::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(stopped_, true)) return;
    // Wakes whoever is in accept() or read().
    ::shutdown(io_->acceptor.native_handle(), SHUT_RDWR);
    for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
  }
  acceptor_.join();
  for (std::thread& session : sessions_) session.join();
  error_code ignored;
  io_->acceptor.close(ignored);
}

}  // namespace naudit::tests
