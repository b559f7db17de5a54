// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/program/worker.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace naudit::output {
namespace {

constexpr std::chrono::hours kLongSleep{1};
constexpr std::chrono::seconds kProbation{10};  // a program that ran as long has worked
constexpr std::chrono::milliseconds kFirstLook{5};
constexpr std::chrono::milliseconds kLastLook{500};
constexpr std::size_t kTakeBytes = std::size_t{256} << 10;
constexpr std::size_t kMostFed = std::size_t{1} << 20;
constexpr std::size_t kMostPieces = 64;

}  // namespace

ProgramWorker::ProgramWorker(const config::Sink& sink, ProgramContract contract, SinkHost host, std::uint64_t seed)
    : contract_(std::move(contract)),
      core_(sink, std::move(host)),
      backoff_(contract_.retry.first, contract_.retry.most, seed),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) throw std::system_error(errno, std::generic_category(), "eventfd");
  core_.queue().on_wake([this] { wake(); });
}

void ProgramWorker::wake() noexcept {
  const std::uint64_t one = 1;
  // Only a full counter is not added to, and that wakes as well.
  [[maybe_unused]] const ssize_t done = ::write(wake_.get(), &one, sizeof one);
}

void ProgramWorker::stop_at(Clock::time_point deadline) {
  stop_at_ = deadline.time_since_epoch().count();
  core_.queue().end_blocking();
  wake();
}

void ProgramWorker::reload() {
  reload_ = true;
  wake();
}

void ProgramWorker::run() {
  for (;;) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
    const bool is_stopping = stop_at != Clock::time_point::max();
    if (now >= stop_at) break;
    Clock::time_point until = std::min({core_.tell(now), stop_at, now + kLongSleep});
    if (reload_.exchange(false)) on_reload(now);
    if (!child_ && !is_given_up_ && now >= retry_at_) start(now);
    if (child_) {
      if (child_->listen()) core_.set_error(child_->last_line());
      acknowledge(now);
      feed(now);
      if (!fed_.empty()) {
        look_after_ = std::clamp(look_after_ * 2, kFirstLook, kLastLook);
        until = std::min<Clock::time_point>(until, now + look_after_);
      }
    } else if (!is_given_up_) {
      until = std::min(until, retry_at_);
    }
    if (is_stopping && (is_given_up_ || core_.queue().status(now).queue_bytes == 0)) break;
    wait(until);
  }
  end();
}

void ProgramWorker::start(Clock::time_point now) {
  std::string problem = contract_.refusal ? contract_.refusal() : "";
  if (problem.empty())
    if (auto started = Child::start(contract_.command, contract_.surroundings, problem))
      child_.emplace(std::move(*started));
  if (!child_) {
    retry_at_ = now + backoff_.next();
    return core_.set_trouble("not running", std::move(problem), retry_at_);
  }
  started_at_ = now;
  has_room_ = true;
  was_told_ = false;
  core_.set_ok();
}

void ProgramWorker::feed(Clock::time_point now) {
  for (;;) {
    if (!fed_.has_unwritten() && fed_.bytes() < kMostFed) {
      core_.queue().take(kTakeBytes, taken_);
      for (BatchPtr& batch : taken_) fed_.add(std::move(batch));
      taken_.clear();
    }
    if (!fed_.has_unwritten()) return;
    fed_.unwritten(kMostPieces, pieces_);
    const ssize_t done = child_->write(pieces_);
    has_room_ = done > 0;
    // What it does not read any more it is about to say by its end.
    if (!has_room_) return;
    fed_.written(static_cast<std::size_t>(done));
    look_after_ = {};
    if (busy_since_ == Clock::time_point{}) core_.set_busy(busy_since_ = now);
  }
}

void ProgramWorker::acknowledge(Clock::time_point now) {
  if (fed_.empty()) return;
  const FedEvents::Count count = fed_.read(child_->read_so_far());
  if (count.events == 0 && count.batch_bytes == 0) return;
  core_.count_delivered(count.events, count.event_bytes);
  core_.told(count.notices);
  core_.queue().release(count.batch_bytes);
  look_after_ = {};
  busy_since_ = fed_.empty() ? Clock::time_point{} : now;
  core_.set_busy(busy_since_);
}

void ProgramWorker::on_reload(Clock::time_point now) {
  restarts_ = 0;
  if (std::exchange(is_given_up_, false)) {
    backoff_.reset();
    retry_at_ = now;
  }
  if (!child_ || !contract_.is_told_of_reloads) return;
  was_told_ = true;
  child_->signal(SIGHUP);
}

void ProgramWorker::on_end(Clock::time_point now) {
  acknowledge(now);
  const std::string how = child_->reap();
  // That it does not know the signal is no failure of it: it starts with its new configuration, as it was told to.
  const bool is_by_us = was_told_ && child_->ended_by() == SIGHUP;
  std::string why = contract_.command.front() + ' ' + how;
  if (!child_->last_line().empty()) why += ": " + child_->last_line();
  child_.reset();
  fed_.restart();
  busy_since_ = {};
  if (is_by_us) {
    retry_at_ = now;
    return;
  }
  if (now - started_at_ >= kProbation) backoff_.reset();
  if (now - started_at_ >= contract_.forgiven_after) restarts_ = 0;
  if (contract_.max_restarts && restarts_ >= *contract_.max_restarts) {
    is_given_up_ = true;
    why += "; it was started again " + base::count_text(restarts_, "time") + ", and stays down until a reload";
    return core_.set_trouble("given up", std::move(why), {});
  }
  ++restarts_;
  retry_at_ = now + backoff_.next();
  core_.set_trouble("not running", std::move(why), retry_at_, SinkCore::ErrorIs::kQuoted);
}

void ProgramWorker::wait(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
  std::array<pollfd, 4> waiting = {{{wake_.get(), POLLIN, 0},
                                    {child_ ? child_->end() : -1, POLLIN, 0},
                                    {child_ ? child_->output() : -1, POLLIN, 0},
                                    {child_ && !has_room_ ? child_->input() : -1, POLLOUT, 0}}};
  // Nothing but its end is left of a program that has closed its input.
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

// The end of its input, then time, then signals; within a moment after the time that the stop was given.
void ProgramWorker::end_child() {
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
  if (!ends_by(std::min(Clock::now() + contract_.grace, stop_at))) {
    // The processes of a command are one to whoever wrote it; those of a plugin are the plugin's.
    if (contract_.surroundings == Surroundings::kAudispd)
      child_->signal(SIGTERM);
    else
      child_->signal_group(SIGTERM);
    (void)ends_by(Clock::now() + contract_.kill_after);
  }
  (void)child_->reap();
  child_.reset();
}

void ProgramWorker::end() {
  end_child();
  const FedEvents::Rest rest = fed_.give_up();
  core_.count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core_.untold(rest.notices);
  core_.queue().release(rest.batch_bytes);
  core_.finish();
}

}  // namespace naudit::output
