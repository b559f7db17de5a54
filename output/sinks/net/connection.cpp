// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/connection.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "output/sinks/net/tls_context.hpp"

namespace naudit::output {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Protocol = asio::generic::stream_protocol;

constexpr std::chrono::milliseconds kFarewell{250};
constexpr std::chrono::seconds kLastWords{1};  // for the peer's reason, after a write has failed
constexpr int kUserTimeouts = 3;               // times the connect time-out: how long a peer may take no data

class LiveConnection final : public Connection, public std::enable_shared_from_this<LiveConnection> {
 public:
  LiveConnection(asio::io_context& loop, const Options& options, std::size_t attempt, Handlers handlers)
      : options_(options),
        attempt_(attempt),
        handlers_(std::move(handlers)),
        resolver_(loop),
        timer_(loop),
        socket_(loop) {
    if (options_.tls) tls_ = std::make_unique<ssl::stream<Protocol::socket&>>(socket_, *options_.tls);
  }

  void start();
  void write(std::span<const std::string_view> pieces, std::shared_ptr<const void> owner) override;
  void close() override;
  [[nodiscard]] TcpProgress progress() const override;

 private:
  void on_timeout();
  void on_resolved(const error_code& error, const tcp::resolver::results_type& found);
  void connect(const std::vector<Protocol::endpoint>& addresses);
  void on_connected(const error_code& error);
  void on_handshake(const error_code& error);
  void on_open();
  void start_read();
  void on_read(const error_code& error, std::size_t size);
  void on_written(const error_code& error);
  bool prepare_tls();
  [[nodiscard]] const std::string& server_name() const;
  [[nodiscard]] std::string describe(const error_code& error) const;
  void fail(std::string_view doing, const error_code& error);
  void fail(const std::string& why);
  void drop();

  const Options options_;
  const std::size_t attempt_;
  Handlers handlers_;
  tcp::resolver resolver_;
  asio::steady_timer timer_;
  mutable Protocol::socket socket_;                      // native_handle() is not const
  std::unique_ptr<ssl::stream<Protocol::socket&>> tls_;  // null: plain
  std::uint64_t written_ = 0;                            // bytes that the kernel has taken
  std::array<char, 16384> input_{};
  std::vector<asio::const_buffer> output_;
  std::string_view step_ = "resolving";
  std::string write_error_;
  TcpProgress last_progress_;
  bool open_ = false;
  bool writing_ = false;
  bool ended_ = false;
};

void LiveConnection::start() {
  const auto self = shared_from_this();
  timer_.expires_after(options_.timeout);
  timer_.async_wait([self](const error_code& error) {
    if (!error) self->on_timeout();
  });
  if (is_local(options_.endpoint)) {
    step_ = "connecting to";
    return connect({asio::local::stream_protocol::endpoint(options_.endpoint.host)});
  }
  resolver_.async_resolve(
      options_.endpoint.host, std::to_string(options_.endpoint.port), tcp::resolver::numeric_service,
      [self](const error_code& error, const tcp::resolver::results_type& found) { self->on_resolved(error, found); });
}

void LiveConnection::on_timeout() {
  if (ended_ || open_) return;
  fail(std::string(step_) + ' ' + endpoint_text(options_.endpoint) + " took longer than " +
       std::to_string(options_.timeout.count()) + " ms");
}

void LiveConnection::on_resolved(const error_code& error, const tcp::resolver::results_type& found) {
  if (ended_) return;
  if (error || found.empty()) return fail("resolve", error);
  step_ = "connecting to";
  // One address that swallows everything must not stand before the others for ever.
  std::vector<Protocol::endpoint> addresses;
  for (const auto& entry : found) addresses.emplace_back(entry.endpoint());
  std::rotate(addresses.begin(), addresses.begin() + static_cast<std::ptrdiff_t>(attempt_ % addresses.size()),
              addresses.end());
  connect(addresses);
}

void LiveConnection::connect(const std::vector<Protocol::endpoint>& addresses) {
  asio::async_connect(
      socket_, addresses,
      [self = shared_from_this()](const error_code& failed, const Protocol::endpoint&) { self->on_connected(failed); });
}

void LiveConnection::on_connected(const error_code& error) {
  if (ended_) return;
  if (error) return fail("connect to", error);
  if (!is_local(options_.endpoint))
    tune_tcp(socket_.native_handle(), options_.keepalive, options_.timeout * kUserTimeouts);
  if (!tls_) return on_open();
  step_ = "the TLS handshake with";
  if (!prepare_tls()) return fail("the server name " + server_name() + " cannot be verified");
  tls_->async_handshake(ssl::stream_base::client,
                        [self = shared_from_this()](const error_code& failed) { self->on_handshake(failed); });
}

const std::string& LiveConnection::server_name() const {
  return options_.server_name.empty() ? options_.endpoint.host : options_.server_name;
}

bool LiveConnection::prepare_tls() {
  SSL* const handle = tls_->native_handle();
  const std::string& name = server_name();
  error_code not_an_address;
  asio::ip::make_address(name, not_an_address);
  // SNI carries names only (RFC 6066, section 3).
  if (not_an_address) SSL_set_tlsext_host_name(handle, name.c_str());
  if (!options_.verify_name) return true;
  // OpenSSL's own check, for it says "hostname mismatch" where Asio's callback only says "verify failed".
  X509_VERIFY_PARAM* const check = SSL_get0_param(handle);
  X509_VERIFY_PARAM_set_hostflags(check, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int set = not_an_address ? X509_VERIFY_PARAM_set1_host(check, name.c_str(), name.size())
                                 : X509_VERIFY_PARAM_set1_ip_asc(check, name.c_str());
  return set == 1;
}

void LiveConnection::on_handshake(const error_code& error) {
  if (ended_) return;
  if (error) return fail("complete the TLS handshake with", error);
  on_open();
}

void LiveConnection::on_open() {
  open_ = true;
  timer_.cancel();
  start_read();
  if (handlers_.on_open) handlers_.on_open();
}

void LiveConnection::start_read() {
  auto handler = [self = shared_from_this()](const error_code& error, std::size_t size) { self->on_read(error, size); };
  if (tls_)
    tls_->async_read_some(asio::buffer(input_), std::move(handler));
  else
    socket_.async_read_some(asio::buffer(input_), std::move(handler));
}

void LiveConnection::on_read(const error_code& error, std::size_t size) {
  if (ended_) return;
  if (size > 0 && handlers_.on_read) handlers_.on_read({input_.data(), size});
  if (ended_) return;
  if (!error) return start_read();
  if (!write_error_.empty()) return fail(write_error_);
  if (error == asio::error::eof || error == ssl::error::stream_truncated)
    return fail(endpoint_text(options_.endpoint) + " closed the connection");
  fail("go on with", error);
}

void LiveConnection::write(std::span<const std::string_view> pieces, std::shared_ptr<const void> owner) {
  if (ended_) return;
  writing_ = true;
  output_.clear();
  for (const std::string_view piece : pieces) output_.emplace_back(piece.data(), piece.size());
  auto handler = [self = shared_from_this(), owner = std::move(owner)](const error_code& error, std::size_t size) {
    self->written_ += size;
    self->on_written(error);
  };
  if (tls_)
    asio::async_write(*tls_, output_, std::move(handler));
  else
    asio::async_write(socket_, output_, std::move(handler));
}

void LiveConnection::on_written(const error_code& error) {
  if (ended_) return;
  writing_ = false;
  if (error) {
    // The reading side ends too, and may first bring an answer that says why (a 413, an alert).
    write_error_ = "cannot write to " + endpoint_text(options_.endpoint) + ": " + describe(error);
    timer_.expires_after(kLastWords);
    timer_.async_wait([self = shared_from_this()](const error_code& cancelled) {
      if (!cancelled && !self->ended_) self->fail(self->write_error_);
    });
    return;
  }
  if (handlers_.on_written) handlers_.on_written();
}

TcpProgress LiveConnection::progress() const {
  if (ended_) return last_progress_;
  const int fd = socket_.native_handle();
  return is_local(options_.endpoint) ? unix_progress(fd, written_) : tcp_progress(fd);
}

std::string LiveConnection::describe(const error_code& error) const {
  if (tls_ && error.category() == asio::error::get_ssl_category()) {
    const long verified = SSL_get_verify_result(tls_->native_handle());
    if (verified == kPinMissed || (options_.verify_name && verified != X509_V_OK))
      return std::string("its certificate is refused: ") + refusal_text(verified);
  }
  return error.message();
}

void LiveConnection::fail(std::string_view doing, const error_code& error) {
  fail("cannot " + std::string(doing) + " " + endpoint_text(options_.endpoint) + ": " + describe(error));
}

void LiveConnection::fail(const std::string& why) {
  const Handlers handlers = std::exchange(handlers_, {});
  drop();
  if (handlers.on_broken) handlers.on_broken(why);
}

void LiveConnection::drop() {
  if (ended_) return;
  if (socket_.is_open()) last_progress_ = progress();
  ended_ = true;
  error_code ignored;
  timer_.cancel();
  resolver_.cancel();
  socket_.close(ignored);
}

void LiveConnection::close() {
  if (ended_) return;
  if (!tls_ || !open_ || writing_) {
    error_code ignored;
    if (open_) socket_.shutdown(Protocol::socket::shutdown_send, ignored);
    return drop();
  }
  last_progress_ = progress();
  ended_ = true;
  const auto self = shared_from_this();
  const auto end = [self](const error_code&) {
    error_code ignored;
    self->timer_.cancel();
    self->socket_.close(ignored);
  };
  timer_.expires_after(kFarewell);
  timer_.async_wait(end);
  tls_->async_shutdown(end);
}

}  // namespace

std::string endpoint_text(const Endpoint& endpoint) {
  if (is_local(endpoint)) return endpoint.host;
  const std::string port = std::to_string(endpoint.port);
  if (endpoint.host.find(':') == std::string::npos) return endpoint.host + ':' + port;
  return '[' + endpoint.host + "]:" + port;
}

std::shared_ptr<Connection> Connection::open(asio::io_context& loop, const Options& options, std::size_t attempt,
                                             Handlers handlers) {
  auto connection = std::make_shared<LiveConnection>(loop, options, attempt, std::move(handlers));
  connection->start();
  return connection;
}

}  // namespace naudit::output
