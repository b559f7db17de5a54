// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/forward/sink.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/accounts.hpp"
#include "base/error.hpp"
#include "base/units.hpp"
#include "output/in_hand.hpp"
#include "output/sinks/forward/messages.hpp"
#include "output/sinks/forward/options.hpp"
#include "output/sinks/http/secret_file.hpp"
#include "output/sinks/net/tls_context.hpp"
#include "output/sinks/session_worker.hpp"

namespace naudit::output {
namespace {

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
  login.host_name = base::host_name();
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

class ForwardWorker final : public SessionWorker {
 public:
  ForwardWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings hosts, ForwardLogin login,
                SinkHost host, std::uint64_t seed)
      : SessionWorker(loop, sink, std::move(hosts), std::move(host), seed),
        name_(sink.name),
        options_(sink.options.as<ForwardOptions>()),
        login_(std::move(login)) {}

 protected:
  void greet() override;
  void take(std::string_view bytes) override;
  void send(Clock::time_point now) override;
  void restart() override;
  [[nodiscard]] std::string overdue() const override {
    return is_ready() ? "has not acknowledged a chunk within " + base::duration_text(options_.ack_timeout)
                      : "has not gone on with the handshake within " + base::duration_text(options_.timeout);
  }
  [[nodiscard]] bool is_waiting() const override { return sent_; }
  void give_up() override;

 private:
  void on_reply(const ForwardReply& reply);
  void on_helo(const ForwardHelo& helo);
  void on_pong(const ForwardPong& pong);
  void on_ack(const std::string& chunk);
  void fill();

  const std::string name_;
  const ForwardOptions options_;
  ForwardLogin login_;
  InHand hand_;
  std::vector<BatchPtr> taken_;
  std::unique_ptr<ForwardReader> reader_ = std::make_unique<ForwardReader>();
  std::optional<ForwardHelo> helo_;             // that was answered, until the session is up
  std::string chunk_;                           // id of the chunk in hand
  std::shared_ptr<const std::string> message_;  // the chunk, until it is acknowledged
  bool sent_ = false;                           // the message, over this connection
};

void ForwardWorker::send(Clock::time_point now) {
  if (sent_) return;
  if (!message_) {
    fill();
    if (hand_.empty()) return;
    hand_.select(options_.chunk, InHand::kNoLimit, true);
    chunk_ = random_name();
    message_ = std::make_shared<const std::string>(
        forward_message(options_.tag, hand_.portion_events(), chunk_, options_.compression, wall_millis()));
  }
  sent_ = true;
  expect_by(now + options_.ack_timeout);
  core().set_busy(now);
  write(message_);
}

void ForwardWorker::fill() {
  while (hand_.bytes() < options_.chunk && core().queue().take(1, taken_)) {
    for (BatchPtr& batch : taken_) hand_.add(std::move(batch));
    taken_.clear();
  }
}

void ForwardWorker::greet() {
  if (login_.key.empty()) return become_ready();
  expect_by(Clock::now() + options_.timeout);
}

void ForwardWorker::take(std::string_view bytes) {
  reader_->feed(bytes);
  while (is_connected()) {
    const auto reply = reader_->next();
    if (!reply) break;
    on_reply(*reply);
  }
  if (is_connected() && reader_->failed())
    fail("disconnected", server() + " has sent what is no reply of the forward protocol");
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
  if (is_ready() || helo_) return fail("disconnected", server() + " has begun the handshake twice");
  if (!helo.auth.empty() && login_.user.empty())
    return fail("login refused", server() + " asks for a user; write user and password_file");
  helo_ = helo;
  login_.salt = random_name();
  write(std::make_shared<const std::string>(forward_ping(login_, helo)));
}

void ForwardWorker::on_pong(const ForwardPong& pong) {
  if (is_ready() || !helo_) return fail("disconnected", server() + " has ended a handshake that was none");
  if (!pong.accepted) {
    fail("login refused", server() + " refuses us: " + pong.reason, SinkCore::ErrorIs::kQuoted);
    try {
      login_ = read_login(name_, options_);
    } catch (const base::Error& error) {
      core().set_error(error.what());
    }
    return;
  }
  if (!proves_key(pong, login_, *helo_)) return fail("login refused", server() + " does not know the shared key");
  become_ready();
}

void ForwardWorker::on_ack(const std::string& chunk) {
  if (!sent_ || chunk != chunk_) return fail("disconnected", server() + " has acknowledged what it was not sent");
  sent_ = false;
  message_.reset();
  expect_by(Clock::time_point::max());
  core().delivered(hand_.portion());
  core().queue().release(hand_.commit());
  confirmed();
  core().set_ok();
}

void ForwardWorker::restart() {
  reader_ = std::make_unique<ForwardReader>();
  helo_.reset();
  sent_ = false;
}

void ForwardWorker::give_up() {
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
  return std::make_unique<NetworkSink>(
      std::make_shared<ForwardWorker>(network.loop(), sink, Dialer::settings(sink.name, wanted, endpoints_of(wanted)),
                                      read_login(sink.name, wanted), std::move(host), seed));
}

}  // namespace naudit::output
