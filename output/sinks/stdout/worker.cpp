// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/stdout/worker.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace naudit::output {
namespace {

constexpr std::chrono::hours kLongSleep{1};
constexpr int kPollMs = 100;  // how late a stop may be seen
constexpr Retry kRetry{std::chrono::milliseconds{250}, std::chrono::milliseconds{5000}};

}  // namespace

StdoutWorker::StdoutWorker(const config::Sink& sink, SinkHost host, std::uint64_t seed, int fd)
    : core_(sink, std::move(host)), fd_(fd), backoff_(kRetry.first, kRetry.most, seed) {}

void StdoutWorker::stop_at(Clock::time_point deadline) {
  stop_at_ = deadline.time_since_epoch().count();
  core_.queue().end_blocking();
  core_.queue().poke();
}

void StdoutWorker::run() {
  core_.set_ok();
  for (;;) {
    const Clock::time_point now = Clock::now();
    const Clock::time_point stop_at{Clock::duration{stop_at_.load()}};
    if (now >= stop_at) break;
    const Clock::time_point wake_at = std::min({core_.tell(now), stop_at, now + kLongSleep});
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

bool StdoutWorker::fetch() {
  if (!hand_.empty()) return true;
  if (!core_.queue().take(1, taken_)) return false;
  for (BatchPtr& batch : taken_) hand_.push_back(std::move(batch));
  taken_.clear();
  return true;
}

void StdoutWorker::write_some(Clock::time_point now) {
  pollfd ready{fd_, POLLOUT, 0};
  const int count = ::poll(&ready, 1, kPollMs);
  if (count == 0) {
    if (busy_since_ == Clock::time_point{}) core_.set_busy(busy_since_ = now);
    return;
  }
  if (count < 0) return fail(errno, now);
  const std::string_view bytes = hand_.front()->bytes;
  while (written_ < bytes.size()) {
    const std::size_t size = std::min<std::size_t>(bytes.size() - written_, PIPE_BUF);
    const ssize_t done = ::write(fd_, bytes.data() + written_, size);
    if (done < 0) return fail(errno, now);
    written_ += static_cast<std::size_t>(done);
    if (written_ < bytes.size() && ::poll(&ready, 1, 0) != 1) return;
  }
  commit();
  backoff_.reset();
  busy_since_ = {};
  core_.set_ok();
}

void StdoutWorker::commit() {
  const BatchPtr batch = std::move(hand_.front());
  hand_.pop_front();
  written_ = 0;
  if (batch->tells)
    core_.told({&batch, 1});
  else
    core_.count_delivered(batch->events(), batch->bytes.size());
  core_.queue().release(batch->bytes.size());
}

void StdoutWorker::fail(int code, Clock::time_point now) {
  if (code == EINTR || code == EAGAIN) return;
  retry_at_ = now + backoff_.next();
  core_.set_trouble("not writable", "cannot write to standard output: " + std::generic_category().message(code),
                    retry_at_);
}

void StdoutWorker::end() {
  InHand rest;
  std::size_t bytes = 0;
  if (!hand_.empty() && !hand_.front()->tells) {
    const Batch& batch = *hand_.front();
    const auto whole =
        static_cast<std::size_t>(std::upper_bound(batch.ends.begin(), batch.ends.end(), written_) - batch.ends.begin());
    core_.count_delivered(whole, whole == 0 ? 0 : batch.ends[whole - 1]);
    rest.add(hand_.front());
    rest.select(InHand::kNoLimit, whole, false);
    rest.commit();
    bytes = batch.bytes.size();
    hand_.pop_front();
  }
  for (const BatchPtr& batch : hand_) {
    bytes += batch->bytes.size();
    rest.add(batch);
  }
  core_.lost(SinkCore::kStopped, rest.select_all());
  core_.queue().release(bytes);
  core_.finish();
}

}  // namespace naudit::output
