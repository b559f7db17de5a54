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

NetworkWorker::NetworkWorker(boost::asio::io_context& loop, const config::Sink& sink, OnSinkLoss on_loss)
    : loop_(loop), core_(sink, std::move(on_loss)), timer_(loop) {}

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
  Clock::time_point next = std::min(work(now), core_.tell_losses(now));
  if (stopping()) {
    // The queue counts what is in hand too.
    if (now >= stop_at_ || core_.queue().status().queue_bytes == 0) return finish();
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

void NetworkSink::stop(std::chrono::milliseconds at_most) {
  if (std::exchange(stopped_, true)) return;
  (void)worker_->stop_by(NetworkWorker::Clock::now() + at_most).wait_for(at_most + kGrace);
}

SinkStatus NetworkSink::status() const {
  return worker_->core().status();
}

}  // namespace naudit::output
