// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/sink_core.hpp"

#include <utility>

namespace naudit::output {
namespace {

constexpr std::chrono::seconds kStalledAfter{2};

std::string seconds_text(std::chrono::steady_clock::duration time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + "s";
}

}  // namespace

SinkCore::SinkCore(const config::Sink& sink, OnSinkLoss on_loss) : on_loss_(std::move(on_loss)), queue_(sink.queue) {
  status_.name = sink.name;
  status_.type = sink.type;
  status_.format = sink.format;
  status_.state = "starting";
}

void SinkCore::set_state(std::string phrase) {
  const std::lock_guard lock(mutex_);
  status_.state = std::move(phrase);
  retry_at_ = {};
  busy_since_ = {};
}

void SinkCore::set_busy(Clock::time_point since) {
  const std::lock_guard lock(mutex_);
  status_.state = "ok";
  retry_at_ = {};
  busy_since_ = since;
}

void SinkCore::set_retry(std::string phrase, Clock::time_point at) {
  const std::lock_guard lock(mutex_);
  status_.state = std::move(phrase);
  retry_at_ = at;
  busy_since_ = {};
  ++status_.retries;
}

void SinkCore::set_error(std::string error) {
  const std::lock_guard lock(mutex_);
  status_.last_error = std::move(error);
}

void SinkCore::count_delivered(std::uint64_t events, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  status_.events_out += events;
  status_.bytes_out += bytes;
}

void SinkCore::count_lost(std::string_view cause, std::uint64_t events, std::string_view first_id,
                          std::string_view last_id) {
  {
    const std::lock_guard lock(mutex_);
    status_.events_dropped += events;
  }
  losses_.add(cause, events, first_id, last_id);
}

void SinkCore::collect_queue_loss(std::string_view cause) {
  const QueueLoss loss = queue_.take_loss();
  losses_.add(cause, loss.events, loss.first_id, loss.last_id);
}

SinkCore::Clock::time_point SinkCore::tell_losses(Clock::time_point now) {
  collect_queue_loss("queue full");
  if (std::optional<SinkLoss> loss = losses_.next(now)) {
    loss->sink = status_.name;
    if (on_loss_) on_loss_(*loss);
  }
  return losses_.due();
}

void SinkCore::finish() {
  collect_queue_loss("queue full");
  queue_.finish();
  collect_queue_loss("stopped before delivery");
  while (std::optional<SinkLoss> loss = losses_.rest()) {
    loss->sink = status_.name;
    if (on_loss_) on_loss_(*loss);
  }
  set_state("stopped");
}

SinkStatus SinkCore::status() const {
  const QueueStatus queue = queue_.status();
  const Clock::time_point now = Clock::now();
  const std::lock_guard lock(mutex_);
  SinkStatus status = status_;
  static_cast<QueueStatus&>(status) = queue;
  status.events_dropped += status_.events_dropped;
  if (retry_at_ != Clock::time_point{})
    status.state += retry_at_ > now ? ", retrying in " + seconds_text(retry_at_ - now) : ", retrying";
  else if (busy_since_ != Clock::time_point{} && now - busy_since_ >= kStalledAfter)
    status.state = "stalled for " + seconds_text(now - busy_since_);
  return status;
}

}  // namespace naudit::output
