// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/exec/worker.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace naudit::output {
namespace {

constexpr std::chrono::hours kLongSleep{1};
constexpr std::chrono::seconds kProbation{10};  // a command that ran as long has worked
constexpr std::chrono::milliseconds kFirstLook{5};
constexpr std::chrono::milliseconds kLastLook{500};
constexpr std::chrono::milliseconds kToTerminate{500};  // between SIGTERM and SIGKILL
constexpr std::size_t kWriteBytes = std::size_t{256} << 10;
constexpr std::size_t kWindowBytes = std::size_t{1} << 20;

}  // namespace

ExecWorker::ExecWorker(const config::Sink& sink, SinkHost host, std::uint64_t seed)
    : options_(sink.options.as<ExecOptions>()),
      core_(sink, std::move(host)),
      backoff_(options_.retry.first, options_.retry.most, seed),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) throw std::system_error(errno, std::generic_category(), "eventfd");
  core_.queue().on_wake([this] { wake(); });
}

void ExecWorker::wake() noexcept {
  const std::uint64_t one = 1;
  // Only a full counter is not added to, and that wakes as well.
  [[maybe_unused]] const ssize_t done = ::write(wake_.get(), &one, sizeof one);
}

void ExecWorker::stop_at(Clock::time_point deadline) {
  stop_at_ = deadline.time_since_epoch().count();
  core_.queue().end_blocking();
  wake();
}

void ExecWorker::run() {
  for (;;) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
    const bool is_stopping = stop_at != Clock::time_point::max();
    if (now >= stop_at) break;
    Clock::time_point until = std::min({core_.tell(now), stop_at, now + kLongSleep});
    if (!child_ && now >= retry_at_) start(now);
    if (child_) {
      if (child_->listen()) core_.set_error(child_->last_line());
      acknowledge(now);
      feed(now);
      if (!window_.empty()) {
        look_after_ = std::clamp(look_after_ * 2, kFirstLook, kLastLook);
        until = std::min<Clock::time_point>(until, now + look_after_);
      }
    } else {
      until = std::min(until, retry_at_);
    }
    if (is_stopping && core_.queue().status(now).queue_bytes == 0) break;
    wait(until);
  }
  end();
}

void ExecWorker::start(Clock::time_point now) {
  std::string problem;
  if (auto started = Child::start(options_.command, problem)) {
    child_.emplace(std::move(*started));
  } else {
    retry_at_ = now + backoff_.next();
    return core_.set_trouble("not running", std::move(problem), retry_at_);
  }
  started_at_ = now;
  fed_ = 0;
  core_.set_ok();
}

void ExecWorker::feed(Clock::time_point now) {
  for (;;) {
    if (pending_.empty()) {
      if (window_.bytes() < kWindowBytes && !window_.has_unwritten()) {
        core_.queue().take(kWriteBytes, taken_);
        for (BatchPtr& batch : taken_) window_.add(std::move(batch));
        taken_.clear();
      }
      if (!window_.has_unwritten()) return;
      for (const std::string_view piece : window_.unwritten().pieces) pending_ += piece;
      pending_written_ = 0;
    }
    const ssize_t done = child_->write(std::string_view(pending_).substr(pending_written_));
    if (done <= 0) {
      // What it does not read any more it is about to say by its end.
      if (busy_since_ == Clock::time_point{}) core_.set_busy(busy_since_ = now);
      return;
    }
    pending_written_ += static_cast<std::size_t>(done);
    fed_ += static_cast<std::uint64_t>(done);
    busy_since_ = {};
    if (pending_written_ < pending_.size()) continue;
    pending_.clear();
    const std::uint64_t read = child_->read_so_far();
    window_.written({read, fed_ - read});
    look_after_ = {};
  }
}

void ExecWorker::acknowledge(Clock::time_point now) {
  if (window_.empty()) return;
  const std::uint64_t read = child_->read_so_far();
  // Of what is half written the rest waits with us.
  const std::uint64_t waiting = fed_ - read + (pending_.size() - pending_written_);
  const TcpWindow::Count count = window_.acknowledge({read, waiting});
  if (count.bytes == 0) return;
  core_.count_delivered(count.events, count.event_bytes);
  core_.told(count.notices);
  core_.queue().release(count.bytes);
  look_after_ = {};
  if (window_.empty()) busy_since_ = {};
  core_.set_busy(window_.empty() ? Clock::time_point{} : now);
}

void ExecWorker::on_end(Clock::time_point now) {
  acknowledge(now);
  const std::string how = child_->reap();
  std::string why = options_.command.front() + ' ' + how;
  if (!child_->last_line().empty()) why += ": " + child_->last_line();
  child_.reset();
  window_.restart();
  pending_.clear();
  busy_since_ = {};
  if (now - started_at_ >= kProbation) backoff_.reset();
  retry_at_ = now + backoff_.next();
  core_.set_trouble("not running", std::move(why), retry_at_, SinkCore::ErrorIs::kQuoted);
}

void ExecWorker::wait(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  std::array<pollfd, 4> waiting = {{{wake_.get(), POLLIN, 0},
                                    {child_ ? child_->end() : -1, POLLIN, 0},
                                    {child_ ? child_->output() : -1, POLLIN, 0},
                                    {child_ && !pending_.empty() ? child_->input() : -1, POLLOUT, 0}}};
  // Nothing but its end is left of a command that has closed its input.
  if (::poll(waiting.data(), waiting.size(), static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000))) <=
      0)
    return;
  std::uint64_t count = 0;
  if (waiting[0].revents != 0) [[maybe_unused]]
    const ssize_t got = ::read(wake_.get(), &count, sizeof count);
  if (child_ && waiting[2].revents != 0 && child_->listen()) core_.set_error(child_->last_line());
  if (child_ && waiting[1].revents != 0) return on_end(Clock::now());
  // It has closed its input and goes on: that is its end as far as we are concerned.
  if (child_ && (waiting[3].revents & POLLERR) != 0) on_end(Clock::now());
}

// The end of its input, then time, then signals; within a second after the time that the stop was given.
void ExecWorker::end_child() {
  if (!child_) return;
  acknowledge(Clock::now());
  child_->end_input();
  const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
  const auto ends_by = [this](Clock::time_point until) {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
      if (left.count() <= 0) return false;
      std::array<pollfd, 2> waiting = {{{child_->end(), POLLIN, 0}, {child_->output(), POLLIN, 0}}};
      if (::poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) <= 0) continue;
      (void)child_->listen();
      if (waiting[0].revents != 0) return true;
    }
  };
  if (!ends_by(std::min(Clock::now() + options_.grace, stop_at))) {
    child_->signal(SIGTERM);
    (void)ends_by(Clock::now() + kToTerminate);
  }
  (void)child_->reap();
  child_.reset();
}

void ExecWorker::end() {
  end_child();
  const TcpWindow::Rest rest = window_.give_up();
  core_.count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core_.untold(rest.notices);
  core_.queue().release(rest.bytes);
  core_.finish();
}

}  // namespace naudit::output
