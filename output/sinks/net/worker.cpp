// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/worker.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace naudit::output {
namespace {

constexpr std::chrono::seconds kGrace{2};

}  // namespace

NetworkWorker::NetworkWorker(boost::asio::io_context& loop, const config::Sink& sink, SinkHost host)
    : loop_(loop), core_(sink, std::move(host)), timer_(loop) {}

void NetworkWorker::start() {
  const std::weak_ptr<NetworkWorker> weak = weak_from_this();
  core_.queue().on_wake([weak] {
    if (const auto self = weak.lock()) boost::asio::post(self->loop_, [self] { self->pump(); });
  });
  boost::asio::post(loop_, [self = shared_from_this()] { self->pump(); });
}

std::future<void> NetworkWorker::stop_by(Clock::time_point deadline) {
  std::future<void> ended = ended_promise_.get_future();
  core_.queue().end_blocking();
  boost::asio::post(loop_, [self = shared_from_this(), deadline] {
    self->stop_at_ = deadline;
    self->pump();
  });
  return ended;
}

void NetworkWorker::pump() {
  if (ended_) return;
  const Clock::time_point now = Clock::now();
  Clock::time_point next = work(now);
  next = std::min(next, core_.tell(now));  // behind the work, which may change the state
  if (stopping()) {
    // The queue counts what is in hand too.
    if (now >= stop_at_ || is_drained()) return finish();
    next = std::min(next, stop_at_);
  }
  if (next == Clock::time_point::max()) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(next);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->pump();
  });
}

void NetworkWorker::finish() {
  ended_ = true;
  timer_.cancel();
  end();
  core_.finish();
  ended_promise_.set_value();
}

NetworkSink::NetworkSink(std::shared_ptr<NetworkWorker> worker) : worker_(std::move(worker)) {
  worker_->start();
}

NetworkSink::~NetworkSink() {
  NetworkSink::stop(std::chrono::milliseconds{0});
}

void NetworkSink::push(BatchPtr batch) {
  worker_->core().queue().push(std::move(batch));
}

void NetworkSink::end_blocking() {
  worker_->core().queue().end_blocking();
}

void NetworkSink::let_pass(bool pass) {
  worker_->core().queue().let_pass(pass);
}

void NetworkSink::end_by(std::chrono::steady_clock::time_point deadline) {
  if (ended_.valid()) return;
  end_by_ = deadline;
  ended_ = worker_->stop_by(deadline);
}

void NetworkSink::stop(std::chrono::milliseconds at_most) {
  end_by(NetworkWorker::Clock::now() + at_most);
  (void)ended_.wait_until(end_by_ + kGrace);
}

Losses NetworkSink::untold() const {
  return worker_->core().untold();
}

void NetworkSink::carry(const Losses& losses) {
  worker_->core().queue().carry(losses);
}

SinkStatus NetworkSink::status() const {
  return worker_->core().status();
}

}  // namespace naudit::output
