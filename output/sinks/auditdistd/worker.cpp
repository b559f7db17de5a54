// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/auditdistd/worker.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <openssl/rand.h>

#include "base/error.hpp"
#include "base/units.hpp"
#include "output/sinks/http/secret_file.hpp"

namespace naudit::output {
namespace {

constexpr std::string_view kCannotRead = "cannot read trails";

}  // namespace

DistWorker::DistWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings hosts,
                       std::string sender, std::string password, std::shared_ptr<TrailLedger> ledger,
                       std::function<void()> rotate, SinkHost host, std::uint64_t seed, FileSystem& system)
    : SessionWorker(loop, sink, std::move(hosts), std::move(host), seed),
      name_(sink.name),
      options_(sink.options.as<AuditdistdOptions>()),
      sender_(std::move(sender)),
      password_(std::move(password)),
      ledger_(std::move(ledger)),
      source_(system, options_, *ledger_, std::move(rotate)) {}

void DistWorker::wake() {
  boost::asio::post(loop(), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) static_cast<DistWorker&>(*self).pump();
  });
}

bool DistWorker::may_connect() {
  show();
  return ledger_->is_open() && !stopping();
}

void DistWorker::greet() {
  DistChallenge challenge{};
  if (RAND_bytes(challenge.data(), static_cast<int>(challenge.size())) != 1)
    return fail("disconnected", "this machine has no random numbers for a challenge");
  session_.emplace(sender_, password_, challenge);
  expect_by(Clock::now() + options_.timeout);
  write(std::make_shared<const std::string>(DistSession::greeting()));
}

void DistWorker::take(std::string_view bytes) {
  if (!session_) return;
  session_->feed(bytes);
  while (is_connected() && session_) {
    const auto step = session_->next();
    if (!step) break;
    on_step(*step);
  }
  if (!is_connected() || !session_ || session_->failure().empty()) return;
  const std::string why = server() + ' ' + session_->failure();
  if (is_ready()) return fail("disconnected", why);
  fail("login refused", why);
  try {
    password_ = read_secret(name_, SecretKind::kPassword, options_.password_file);
  } catch (const base::Error& error) {
    core().set_error(error.what());
  }
}

void DistWorker::on_step(const DistStep& step) {
  switch (step.kind) {
    case DistStep::Kind::kSend:
      return write(std::make_shared<const std::string>(step.bytes));
    case DistStep::Kind::kAck:
      return on_ack(step.ack);
    case DistStep::Kind::kReady:
      break;
  }
  if (const FileProblem problem = source_.resume(step.resume)) return fail(std::string(kCannotRead), problem.text);
  last_sent_ = Clock::now();
  become_ready();
}

void DistWorker::append(DistCommand command, const TrailSource::Piece& piece, std::string& out) {
  ++sequence_;
  if (command == DistCommand::kOpen || command == DistCommand::kClose)
    append_dist_packet(command, sequence_, piece.trail, out);
  else
    append_dist_packet(command, sequence_, piece.data, out);
  sent_.push_back({sequence_, command, piece.trail.begin, piece.offset, piece.data.size()});
}

void DistWorker::send(Clock::time_point now) {
  const auto packets = std::make_shared<std::string>();
  const bool was_idle = sent_.empty();
  while (sent_.size() < kMostDistUnanswered) {
    TrailSource::Piece piece;
    bool is_there = false;
    if (const FileProblem problem = source_.next(piece, is_there)) return fail(std::string(kCannotRead), problem.text);
    if (!is_there) break;
    append(piece.command, piece, *packets);
  }
  show();
  if (packets->empty()) {
    if (now < send_at()) return;
    append(DistCommand::kKeepalive, {}, *packets);
  }
  last_sent_ = now;
  if (was_idle) expect_by(now + options_.timeout);
  write(packets);
}

DistWorker::Clock::time_point DistWorker::send_at() const {
  return sent_.size() < kMostDistUnanswered ? last_sent_ + options_.keepalive : Clock::time_point::max();
}

void DistWorker::on_ack(const DistAck& ack) {
  if (sent_.empty() || ack.sequence != sent_.front().sequence)
    return fail("disconnected", server() + " has acknowledged what it was not sent");
  const Sent sent = std::move(sent_.front());
  if (ack.error != 0)
    return fail("receiver refuses trails", server() + " refuses " +
                                               (sent.begin.empty() ? "a keepalive" : "the trail of " + sent.begin) +
                                               ": " + dist_error_text(ack.error));
  sent_.pop_front();
  expect_by(sent_.empty() ? Clock::time_point::max() : Clock::now() + options_.timeout);
  confirmed();
  switch (sent.command) {
    case DistCommand::kOpen:
    case DistCommand::kAppend:
      acknowledged_ += sent.bytes;
      source_.acknowledged(sent.offset);
      ledger_->acknowledged(sent.begin, sent.offset);
      break;
    case DistCommand::kClose: {
      const FileProblem problem = source_.closed();
      core().set_flaw(problem ? "cannot remove a trail" : "", problem.text);
      break;
    }
    case DistCommand::kKeepalive:
      break;
  }
  show();
  core().set_ok();
}

void DistWorker::restart() {
  session_.reset();
  sent_.clear();
  sequence_ = 0;
  source_.reset();
}

std::string DistWorker::overdue() const {
  return (is_ready() ? "has not acknowledged anything within " : "has not gone on with the handshake within ") +
         base::duration_text(options_.timeout);
}

std::string DistWorker::explain(const std::string& why) const {
  if (!session_ || !session_->is_judged()) return why;
  return why + " when it was told the name and the password: it knows another one of them";
}

// What is not sent stays in the folder, for the next run; for a connection that is being made there is time.
bool DistWorker::is_drained() {
  return !is_connected() || (is_ready() && ledger_->has_writer_ended() && sent_.empty() && source_.is_done());
}

void DistWorker::give_up() {
  source_.reset();
  ledger_->let_go();
}

void DistWorker::show() {
  waiting_ = source_.waiting();
}

}  // namespace naudit::output
