// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/drain_thread.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/thread.hpp"

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

// How long to leave the records in the socket when the hand-off is full.
constexpr std::chrono::milliseconds kWhenFull{1};
constexpr std::size_t kPooledEvents = 2048;

correlate::Correlator::Options options_of(const config::Events& events) {
  return {.source = correlate::Source::kLive,
          .quiet = events.quiet,
          .timeout = events.timeout,
          .max_open = events.max_open,
          .max_open_bytes = events.max_open_bytes};
}

}  // namespace

DrainThread::DrainThread(const netlink::EventSocket& socket, const config::Events& events, Handoff& handoff,
                         Handlers handlers)
    : handoff_(handoff),
      receiver_(loop_, socket.fd(),
                {.on_records = [this](auto records, auto now) { on_records(records, now); },
                 .on_registration = std::move(handlers.on_registration),
                 .on_replace = std::move(handlers.on_replace),
                 .on_error =
                     [this](std::error_code error) {
                       counters_.receive_error.store(error.value(), std::memory_order_relaxed);
                     }},
                events.pause),
      pool_(kPooledEvents),
      correlator_(options_of(events), pool_),
      batch_(handoff_.take_empty(pool_)) {}

DrainThread::~DrainThread() {
  if (!thread_.joinable()) return;
  boost::asio::post(loop_, [this] { loop_.stop(); });
  thread_.join();
}

void DrainThread::start() {
  work_.emplace(boost::asio::make_work_guard(loop_));
  thread_ = base::start_thread("naudit-drain", [this] {
    receiver_.resume_reading();
    loop_.run();
  });
}

void DrainThread::set_options(const config::Events& events) {
  boost::asio::post(loop_, [this, options = options_of(events)] { correlator_.set_options(options); });
}

void DrainThread::on_records(std::span<const netlink::Record> records, correlate::TimePoint now) {
  for (const netlink::Record& record : records)
    correlator_.add({.type = record.type, .text = record.text, .node = {}, .name = {}}, now, *batch_);
  hand_on();
  arm_timer();
}

void DrainThread::hand_on() {
  if (batch_->empty()) return;
  if (handoff_.push(batch_)) {
    batch_ = handoff_.take_empty(pool_);
    return;
  }
  if (waiting_) return;
  waiting_ = true;
  counters_.handoff_full.add(1);
  receiver_.pause_reading();
}

// One timer for both: what the correlator has to age next, and another try at a full hand-off.
void DrainThread::arm_timer() {
  std::optional<correlate::TimePoint> due = correlator_.next_due();
  if (waiting_) due = steady_clock::now() + kWhenFull;
  // A later time than the armed one changes nothing: the timer looks again when it fires.
  if (!due || (armed_ && *armed_ <= *due)) return;
  armed_ = due;
  timer_.expires_at(*due);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) on_timer();
  });
}

void DrainThread::on_timer() {
  armed_.reset();
  correlator_.age(steady_clock::now(), *batch_);
  hand_on();
  if (waiting_ && !handoff_.is_full()) {
    waiting_ = false;
    hand_on();
    if (!waiting_) receiver_.resume_reading();
  }
  arm_timer();
}

void DrainThread::stop(std::chrono::milliseconds at_most) {
  if (!thread_.joinable()) return;
  boost::asio::post(loop_, [this, deadline = steady_clock::now() + at_most] { finish(deadline); });
  thread_.join();
}

void DrainThread::finish(steady_clock::time_point deadline) {
  receiver_.drain_rest(deadline);
  correlator_.flush(correlate::Incomplete::kStopped, *batch_);
  // The encode thread is still there and makes room.
  while (!batch_->empty() && steady_clock::now() < deadline)
    if (handoff_.push(batch_))
      batch_ = handoff_.take_empty(pool_);
    else
      std::this_thread::sleep_for(kWhenFull);
  loop_.stop();
}

}  // namespace naudit::daemon
