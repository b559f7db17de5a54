// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/session_worker.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

SessionWorker::SessionWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings settings,
                             SinkHost host, std::uint64_t seed)
    : NetworkWorker(loop, sink, std::move(host)), dialer_(std::move(settings), seed) {}

SessionWorker::Clock::time_point SessionWorker::work(Clock::time_point now) {
  if (connection_ && now >= deadline_) fail("disconnected", server() + ' ' + overdue());
  const bool is_over = is_ready_ && now >= renew_at();
  if (is_over && !is_waiting() && !is_writing_) {
    say_goodbye();
    connection_->close();
    disconnect();
    dialer_.worked();
  }
  if (!connection_) {
    if (!may_connect()) return Clock::time_point::max();
    if (now < retry_at_) return retry_at_;
    connect();
  }
  if (!is_ready_) return deadline_;
  if (!is_writing_ && !is_over) send(now);
  return std::min(
      {deadline_, is_over ? Clock::time_point::max() : renew_at(), is_writing_ ? Clock::time_point::max() : send_at()});
}

SessionWorker::Clock::time_point SessionWorker::renew_at() const {
  return dialer_.renew_at(ready_at_, std::chrono::milliseconds{0});
}

void SessionWorker::connect() {
  core().set_state("connecting");
  Connection::Handlers handlers;
  const std::weak_ptr<SessionWorker> weak = std::static_pointer_cast<SessionWorker>(shared_from_this());
  handlers.on_open = [weak] {
    if (const auto self = weak.lock()) {
      self->greet();
      self->pump();
    }
  };
  handlers.on_written = [weak] {
    if (const auto self = weak.lock()) {
      self->is_writing_ = false;
      if (!self->later_.empty()) self->write(std::make_shared<const std::string>(std::exchange(self->later_, {})));
      self->pump();
    }
  };
  handlers.on_read = [weak](std::string_view bytes) {
    if (const auto self = weak.lock()) {
      // What is read may end the connection that it came over.
      const std::shared_ptr<Connection> connection = self->connection_;
      self->take(bytes);
      self->pump();
    }
  };
  handlers.on_broken = [weak](const std::string& why) {
    if (const auto self = weak.lock()) {
      self->fail("disconnected", self->explain(why));
      self->pump();
    }
  };
  connection_ = dialer_.dial(loop(), std::move(handlers));
}

void SessionWorker::become_ready() {
  is_ready_ = true;
  ready_at_ = Clock::now();
  deadline_ = Clock::time_point::max();
  tell_flaw("", "");
  core().set_ok();
}

void SessionWorker::tell_flaw(const std::string& phrase, const std::string& why) {
  if (!phrase.empty()) return core().set_flaw(phrase, why, SinkCore::ErrorIs::kQuoted);
  const std::string failover = dialer_.failover();
  core().set_flaw(failover.empty() ? "" : "failed over", failover);
}

void SessionWorker::write(std::shared_ptr<const std::string> bytes) {
  if (is_writing_) {
    later_ += *bytes;
    return;
  }
  is_writing_ = true;
  const std::string_view piece = *bytes;
  connection_->write({&piece, 1}, std::move(bytes));
}

void SessionWorker::disconnect() {
  connection_.reset();
  deadline_ = Clock::time_point::max();
  is_ready_ = is_writing_ = false;
  later_.clear();
  restart();
}

void SessionWorker::fail(std::string phrase, const std::string& why, SinkCore::ErrorIs is) {
  if (connection_) connection_->close();
  disconnect();
  retry_at_ = dialer_.next_at(Clock::now());
  core().set_trouble(std::move(phrase), why, retry_at_, is);
}

void SessionWorker::end() {
  if (connection_) {
    if (is_ready_ && !is_writing_) say_goodbye();
    connection_->close();
  }
  connection_.reset();
  give_up();
}

}  // namespace naudit::output
