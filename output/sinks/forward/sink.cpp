// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/forward/sink.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/units.hpp"
#include "output/backoff.hpp"
#include "output/in_hand.hpp"
#include "output/sinks/forward/messages.hpp"
#include "output/sinks/forward/options.hpp"
#include "output/sinks/http/secret_file.hpp"
#include "output/sinks/net/connection.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/net/worker.hpp"

namespace naudit::output {
namespace {

std::string own_host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

// 128 bits that no other machine has.
std::string random_name() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::random_device random;
  std::string name;
  while (name.size() < 32)
    for (unsigned bits = random(), i = 0; i < 8; ++i, bits >>= 4U) name += kDigits[bits & 0xFU];
  return name;
}

ForwardLogin read_login(const std::string& sink, const ForwardOptions& options) {
  ForwardLogin login;
  login.host_name = own_host_name();
  if (options.shared_key_file.empty()) return login;
  login.key = read_secret(sink, SecretKind::kSharedKey, options.shared_key_file);
  if (options.user.empty()) return login;
  login.user = options.user;
  login.password = read_secret(sink, SecretKind::kPassword, options.password_file);
  return login;
}

std::int64_t wall_millis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class ForwardWorker final : public NetworkWorker {
 public:
  ForwardWorker(boost::asio::io_context& loop, const config::Sink& sink, Connection::Options connection,
                ForwardLogin login, SinkHost host, std::uint64_t seed)
      : NetworkWorker(loop, sink, std::move(host)),
        name_(sink.name),
        options_(sink.options.as<ForwardOptions>()),
        connection_options_(std::move(connection)),
        login_(std::move(login)),
        backoff_(options_.retry.first, options_.retry.most, seed) {}

 protected:
  Clock::time_point work(Clock::time_point now) override;
  void end() override;

 private:
  enum class Phase : std::uint8_t { kConnecting, kAwaitsHelo, kAwaitsPong, kReady };

  void connect();
  void on_open();
  void on_read(std::string_view bytes);
  void on_reply(const ForwardReply& reply);
  void on_helo(const ForwardHelo& helo);
  void on_pong(const ForwardPong& pong);
  void on_ack(const std::string& chunk);
  void write(std::shared_ptr<const std::string> bytes);
  void fill();
  void fail(std::string phrase, const std::string& why, SinkCore::ErrorIs is = SinkCore::ErrorIs::kCause);
  [[nodiscard]] std::string server() const { return endpoint_text(connection_options_.endpoint); }

  const std::string name_;
  const ForwardOptions options_;
  const Connection::Options connection_options_;
  ForwardLogin login_;
  Backoff backoff_;
  InHand hand_;
  std::vector<BatchPtr> taken_;
  std::shared_ptr<Connection> connection_;
  std::unique_ptr<ForwardReader> reader_;
  ForwardHelo helo_;
  Phase phase_ = Phase::kConnecting;
  std::string chunk_;                                      // id of the chunk in hand
  std::shared_ptr<const std::string> message_;             // the chunk, until it is acknowledged
  Clock::time_point deadline_ = Clock::time_point::max();  // for the server's next reply
  Clock::time_point retry_at_ = Clock::time_point::min();
  std::size_t attempts_ = 0;
  bool writing_ = false;
  bool sent_ = false;  // the message, over this connection
};

ForwardWorker::Clock::time_point ForwardWorker::work(Clock::time_point now) {
  if (connection_ && now >= deadline_) {
    fail("disconnected",
         phase_ == Phase::kReady
             ? server() + " has not acknowledged a chunk within " + base::duration_text(options_.ack_timeout)
             : server() + " has not gone on with the handshake within " + base::duration_text(options_.timeout));
  }
  if (!connection_) {
    if (now < retry_at_) return retry_at_;
    connect();
  }
  if (phase_ != Phase::kReady || sent_ || writing_) return deadline_;
  if (!message_) {
    fill();
    if (hand_.empty()) return Clock::time_point::max();
    hand_.select(options_.chunk, InHand::kNoLimit, true);
    chunk_ = random_name();
    message_ = std::make_shared<const std::string>(
        forward_message(options_.tag, hand_.portion_events(), chunk_, options_.compression, wall_millis()));
  }
  sent_ = true;
  deadline_ = now + options_.ack_timeout;
  core().set_busy(now);
  write(message_);
  return deadline_;
}

void ForwardWorker::fill() {
  while (hand_.bytes() < options_.chunk && core().queue().take(1, taken_)) {
    for (BatchPtr& batch : taken_) hand_.add(std::move(batch));
    taken_.clear();
  }
}

void ForwardWorker::connect() {
  core().set_state("connecting");
  Connection::Handlers handlers;
  const std::weak_ptr<ForwardWorker> weak = std::static_pointer_cast<ForwardWorker>(shared_from_this());
  handlers.on_open = [weak] {
    if (const auto self = weak.lock()) self->on_open();
  };
  handlers.on_written = [weak] {
    if (const auto self = weak.lock()) {
      self->writing_ = false;
      self->pump();
    }
  };
  handlers.on_read = [weak](std::string_view bytes) {
    if (const auto self = weak.lock()) self->on_read(bytes);
  };
  handlers.on_broken = [weak](const std::string& why) {
    if (const auto self = weak.lock()) {
      self->fail("disconnected", why);
      self->pump();
    }
  };
  reader_ = std::make_unique<ForwardReader>();
  phase_ = Phase::kConnecting;
  deadline_ = Clock::time_point::max();
  writing_ = sent_ = false;
  connection_ = Connection::open(loop(), connection_options_, attempts_++, std::move(handlers));
}

void ForwardWorker::on_open() {
  if (login_.key.empty()) {
    phase_ = Phase::kReady;
    core().set_ok();
  } else {
    phase_ = Phase::kAwaitsHelo;
    deadline_ = Clock::now() + options_.timeout;
  }
  pump();
}

void ForwardWorker::on_read(std::string_view bytes) {
  // A reply may end the connection, and with it the reader.
  const std::shared_ptr<Connection> connection = connection_;
  reader_->feed(bytes);
  while (connection_ == connection) {
    const auto reply = reader_->next();
    if (!reply) break;
    on_reply(*reply);
  }
  if (connection_ == connection && reader_->failed())
    fail("disconnected", server() + " has sent what is no reply of the forward protocol");
  pump();
}

void ForwardWorker::on_reply(const ForwardReply& reply) {
  switch (reply.kind) {
    case ForwardReply::Kind::kHelo:
      return on_helo(reply.helo);
    case ForwardReply::Kind::kPong:
      return on_pong(reply.pong);
    case ForwardReply::Kind::kAck:
      return on_ack(reply.ack);
  }
}

void ForwardWorker::on_helo(const ForwardHelo& helo) {
  if (login_.key.empty()) return fail("login refused", server() + " asks for a shared key; write shared_key_file");
  if (phase_ != Phase::kAwaitsHelo) return fail("disconnected", server() + " has begun the handshake twice");
  if (!helo.auth.empty() && login_.user.empty())
    return fail("login refused", server() + " asks for a user; write user and password_file");
  phase_ = Phase::kAwaitsPong;
  helo_ = helo;
  login_.salt = random_name();
  write(std::make_shared<const std::string>(forward_ping(login_, helo)));
}

void ForwardWorker::on_pong(const ForwardPong& pong) {
  if (phase_ != Phase::kAwaitsPong) return fail("disconnected", server() + " has ended a handshake that was none");
  if (!pong.accepted) {
    fail("login refused", server() + " refuses us: " + pong.reason, SinkCore::ErrorIs::kQuoted);
    try {
      login_ = read_login(name_, options_);
    } catch (const base::Error& error) {
      core().set_error(error.what());
    }
    return;
  }
  if (!proves_key(pong, login_, helo_)) return fail("login refused", server() + " does not know the shared key");
  phase_ = Phase::kReady;
  deadline_ = Clock::time_point::max();
  core().set_ok();
}

void ForwardWorker::on_ack(const std::string& chunk) {
  if (!sent_ || chunk != chunk_) return fail("disconnected", server() + " has acknowledged what it was not sent");
  sent_ = false;
  message_.reset();
  deadline_ = Clock::time_point::max();
  core().delivered(hand_.portion());
  core().queue().release(hand_.commit());
  backoff_.reset();
  core().set_ok();
}

void ForwardWorker::write(std::shared_ptr<const std::string> bytes) {
  writing_ = true;
  const std::string_view piece = *bytes;
  connection_->write({&piece, 1}, std::move(bytes));
}

void ForwardWorker::fail(std::string phrase, const std::string& why, SinkCore::ErrorIs is) {
  if (connection_) connection_->close();
  connection_.reset();
  deadline_ = Clock::time_point::max();
  writing_ = sent_ = false;
  retry_at_ = Clock::now() + backoff_.next();
  core().set_trouble(std::move(phrase), why, retry_at_, is);
}

void ForwardWorker::end() {
  if (connection_) connection_->close();
  connection_.reset();
  if (hand_.empty()) return;
  core().lost(SinkCore::kStopped, hand_.select_all());
  core().queue().release(hand_.commit());
}

}  // namespace

void check_forward(const config::Sink& sink) {
  const auto& options = sink.options.as<ForwardOptions>();
  if (options.tls.enabled) static_cast<void>(make_tls_context(sink.name, options.tls));
  static_cast<void>(read_login(sink.name, options));
}

std::unique_ptr<Sink> make_forward_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed) {
  const auto& wanted = sink.options.as<ForwardOptions>();
  Connection::Options options;
  options.endpoint = parse_endpoint(wanted.address).value();
  if (wanted.tls.enabled) options.tls = make_tls_context(sink.name, wanted.tls);
  options.verify_name = wanted.tls.verify;
  options.server_name = wanted.tls.server_name;
  options.timeout = wanted.timeout;
  return std::make_unique<NetworkSink>(std::make_shared<ForwardWorker>(
      network.loop(), sink, std::move(options), read_login(sink.name, wanted), std::move(host), seed));
}

}  // namespace naudit::output
