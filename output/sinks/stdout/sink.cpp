// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/stdout/sink.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "base/thread.hpp"

namespace naudit::output {
namespace {

constexpr std::chrono::hours kLongSleep{1};
constexpr int kPollMs = 100;  // how late a stop may be seen
constexpr Retry kRetry{std::chrono::milliseconds{250}, std::chrono::milliseconds{5000}};

}  // namespace

StdoutSink::StdoutSink(const config::Sink& sink, OnSinkLoss on_loss, std::uint64_t seed, int fd)
    : core_(sink, std::move(on_loss)),
      fd_(fd),
      backoff_(kRetry.first, kRetry.most, seed),
      thread_(base::start_thread("naudit-stdout", [this] { run(); })) {}

StdoutSink::~StdoutSink() {
  StdoutSink::stop(std::chrono::milliseconds{0});
}

void StdoutSink::push(BatchPtr batch) {
  core_.queue().push(std::move(batch));
}

void StdoutSink::stop(std::chrono::milliseconds at_most) {
  if (!thread_.joinable()) return;
  stop_at_ = (Clock::now() + at_most).time_since_epoch().count();
  core_.queue().end_blocking();
  core_.queue().poke();
  thread_.join();
}

SinkStatus StdoutSink::status() const {
  return core_.status();
}

void StdoutSink::run() {
  core_.set_state("ok");
  for (;;) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
    if (now >= stop_at) break;
    const Clock::time_point wake_at = std::min({core_.tell_losses(now), stop_at, now + kLongSleep});
    const bool work = fetch();
    if (!work && stop_at != Clock::time_point::max()) break;
    if (now < retry_at_)
      core_.queue().wait_until(std::min(wake_at, retry_at_));
    else if (work)
      write_some(now);
    else
      core_.queue().wait_until(wake_at);
  }
  end();
}

bool StdoutSink::fetch() {
  if (batch_) return true;
  if (!core_.queue().take(1, taken_)) return false;
  batch_ = std::move(taken_.front());
  taken_.clear();
  written_ = 0;
  return true;
}

void StdoutSink::write_some(Clock::time_point now) {
  pollfd ready{fd_, POLLOUT, 0};
  const int count = ::poll(&ready, 1, kPollMs);
  if (count == 0) {
    if (busy_since_ == Clock::time_point{}) core_.set_busy(busy_since_ = now);
    return;
  }
  if (count < 0) return fail(errno, now);
  while (written_ < batch_->bytes.size()) {
    const std::size_t size = std::min<std::size_t>(batch_->bytes.size() - written_, PIPE_BUF);
    const ssize_t done = ::write(fd_, batch_->bytes.data() + written_, size);
    if (done < 0) return fail(errno, now);
    written_ += static_cast<std::size_t>(done);
    if (written_ < batch_->bytes.size() && ::poll(&ready, 1, 0) != 1) return;
  }
  core_.count_delivered(batch_->events(), batch_->bytes.size());
  core_.queue().release(batch_->bytes.size());
  batch_.reset();
  backoff_.reset();
  busy_since_ = {};
  core_.set_state("ok");
}

void StdoutSink::fail(int code, Clock::time_point now) {
  if (code == EINTR || code == EAGAIN) return;
  retry_at_ = now + backoff_.next();
  core_.set_error("cannot write to standard output: " + std::generic_category().message(code));
  core_.set_retry("not writable", retry_at_);
}

void StdoutSink::end() {
  if (batch_) {
    const auto whole = static_cast<std::size_t>(std::upper_bound(batch_->ends.begin(), batch_->ends.end(), written_) -
                                                batch_->ends.begin());
    core_.count_delivered(whole, whole == 0 ? 0 : batch_->ends[whole - 1]);
    core_.count_lost("stopped before delivery", batch_->events() - whole, batch_->first_id, batch_->last_id);
    core_.queue().release(batch_->bytes.size());
    batch_.reset();
  }
  core_.finish();
}

config::OptionTable stdout_options() {
  return {};
}

std::unique_ptr<Sink> make_stdout_sink(const config::Sink& sink, Network&, OnSinkLoss on_loss, std::uint64_t seed) {
  return std::make_unique<StdoutSink>(sink, std::move(on_loss), seed);
}

}  // namespace naudit::output
