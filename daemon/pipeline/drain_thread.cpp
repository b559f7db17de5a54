// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/drain_thread.hpp"

#include <future>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

// How long to leave the records in the socket when the hand-off is full.
constexpr std::chrono::milliseconds kWhenFull{1};
constexpr std::size_t kPooledEvents = 2048;
// So many batches at a time are worked off here. With more, two processors are better than one.
constexpr int kMostHere = 4;
// Beyond the time that a stop was given.
constexpr std::chrono::milliseconds kGrace{200};
// A timer that is so late tells that this thread, or the whole machine, stood still.
constexpr std::chrono::milliseconds kStoodStill{200};

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
      gaps_(events.timeout),
      batch_(handoff_.take_empty(pool_)),
      work_here_(std::move(handlers.work_here)) {}

DrainThread::~DrainThread() {
  if (threads_.empty()) return;
  boost::asio::post(loop_, [this] { loop_.stop(); });
  end_threads();
}

void DrainThread::start() {
  work_.emplace(boost::asio::make_work_guard(loop_));
  boost::asio::post(loop_, [this] { receiver_.resume_reading(); });
  for (const bool on_duty : {true, false})
    threads_.emplace_back(
        on_duty ? "naudit-drain" : "naudit-drain-2",
        [this, shift = shift_, work_here = work_here_, on_duty] { take_turns(*this, *shift, work_here, on_duty); });
}

void DrainThread::take_turns(DrainThread& self, Shift& shift, const std::function<void()>& work_here, bool on_duty) {
  while (on_duty || shift.stand_by()) {
    if (self.serve(shift, work_here)) return shift.end();
    on_duty = false;
  }
}

// True: all is over. False: the other one has taken the duty over, and may end it and destroy `this` at any time.
bool DrainThread::serve(Shift& shift, const std::function<void()>& work_here) {
  while (!loop_.stopped()) {
    loop_.run_one();
    if (handed_on_ == 0) continue;
    if (std::exchange(handed_on_, 0) > kMostHere) {
      handoff_.wake();
      continue;
    }
    const std::uint64_t lent = shift.lend();
    work_here();
    if (!shift.take_back(lent)) return false;
  }
  return true;
}

void DrainThread::end_threads() {
  const auto deadline = steady_clock::now() + kGrace;
  for (output::OwnThread& thread : threads_)
    if (!thread.end_by(deadline)) left_behind_ = true;
  threads_.clear();
}

void DrainThread::set_options(const config::Events& events) {
  boost::asio::post(loop_, [this, options = options_of(events)] {
    correlator_.set_options(options);
    gaps_.set_timeout(options.timeout);
  });
}

void DrainThread::begin_at(std::uint32_t next, bool has_own, const std::vector<std::uint32_t>& came) {
  gaps_.begin_at(next, has_own);
  for (const std::uint32_t serial : came) gaps_.note(serial, steady_clock::now());
  // Behind the end of that run these cannot come any more.
  gaps_.give_up();
}

void DrainThread::take_gaps(std::function<void(const correlate::SerialGaps::Found&)> then) {
  boost::asio::post(loop_, [this, then = std::move(then)] {
    if (const auto found = gaps_.take_found()) then(*found);
  });
}

void DrainThread::on_records(std::span<const netlink::Record> records, correlate::TimePoint now) {
  for (const netlink::Record& record : records) {
    const correlate::Input input{.type = record.type, .text = record.text, .node = {}, .name = {}};
    correlate::Header header;
    if (!correlate::parse_header(record.text, header)) {
      correlator_.add(input, now, *batch_);
      continue;
    }
    gaps_.note(header.id.serial, now);
    correlator_.add(input, header, now, *batch_);
  }
  gaps_.publish();
  hand_on();
  arm_timer();
}

void DrainThread::hand_on() {
  if (batch_->empty()) return;
  if (handoff_.push(batch_)) {
    batch_ = handoff_.take_empty(pool_);
    if (++handed_on_ > kMostHere) handoff_.wake();
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
  if (const auto gap = gaps_.next_due(); gap && (!due || *gap < *due)) due = gap;
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
  const auto now = steady_clock::now();
  // What is missing may lie in the socket, as long as nobody reads that.
  if (waiting_ || now - armed_.value_or(now) > kStoodStill) gaps_.restart(now);
  armed_.reset();
  correlator_.age(now, *batch_);
  gaps_.age(now);
  hand_on();
  if (waiting_ && !handoff_.is_full()) {
    waiting_ = false;
    hand_on();
    if (!waiting_) receiver_.resume_reading();
  }
  arm_timer();
}

std::optional<correlate::SerialGaps::Found> DrainThread::stop(std::chrono::milliseconds at_most) {
  if (threads_.empty()) return std::nullopt;
  std::promise<void> finished;
  boost::asio::post(loop_, [this, &finished, deadline = steady_clock::now() + at_most] {
    finish(deadline);
    finished.set_value();
  });
  finished.get_future().wait();
  end_threads();
  return gaps_.take_found();
}

void DrainThread::finish(steady_clock::time_point deadline) {
  receiver_.drain_rest(deadline);
  correlator_.flush(correlate::Incomplete::kStopped, *batch_);
  gaps_.give_up();
  // The encode thread is still there and makes room.
  while (!batch_->empty() && steady_clock::now() < deadline)
    if (handoff_.push(batch_))
      batch_ = handoff_.take_empty(pool_);
    else
      std::this_thread::sleep_for(kWhenFull);
  handoff_.wake();
  loop_.stop();
}

}  // namespace naudit::daemon
