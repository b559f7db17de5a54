// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/spooled/worker.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

#include "output/sinks/sink_core.hpp"
#include "output/spool/clock.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kTakeBytes = std::size_t{1} << 20;
constexpr std::chrono::milliseconds kFirstRetry{100};
constexpr std::chrono::milliseconds kLastRetry{5000};
constexpr std::chrono::seconds kExpireEvery{5};
constexpr std::chrono::hours kLongSleep{1};
// For a peer that answers; what it does not take then is the next run's.
constexpr std::chrono::seconds kDeliverAtStop{2};

// The spool's policy is for the spool; in the memory before it there is only to wait, or not to.
config::Queue intake_limits(const config::Sink& sink) {
  config::Queue limits = sink.queue;
  limits.when_full = sink.spool.when_full;
  return limits;
}

}  // namespace

SpoolWorker::SpoolWorker(const config::Sink& sink, const SinkHost& host, Disk& disk, SpoolOptions options)
    : name_(sink.name),
      limits_(sink.spool),
      window_(sink.queue.size),
      on_loss_(host.on_loss),
      on_change_(host.on_change),
      disk_(disk),
      intake_(intake_limits(sink)),
      spool_(disk, std::move(options)),
      syncer_(disk, [this] { intake_.poke(); }),
      retry_after_(kFirstRetry) {
  intake_.on_drop([this] {
    const std::lock_guard lock(mutex_);
    return figures_.problem;
  });
}

void SpoolWorker::attach(Queue& queue) {
  queue_ = &queue;
  // A network loop that is held up may call it when this has gone.
  queue.on_release([weak = weak_from_this()](std::size_t batches) {
    const auto self = weak.lock();
    if (!self) return;
    self->released_.fetch_add(batches);
    self->intake_.poke();
  });
}

void SpoolWorker::stop_at(Clock::time_point deadline) {
  stop_at_ = deadline.time_since_epoch().count();
  intake_.end_blocking();
  intake_.poke();
}

void SpoolWorker::run() {
  for (;;) {
    const Clock::time_point now = Clock::now();
    if (!is_open_ && now >= retry_at_) try_to_open(now);
    bool may_be_more = false;
    if (is_open_) {
      confirm();
      take_result(now);
      may_be_more = fetch();
      store(now);
      feed();
      if (now >= expire_at_) {
        spool_.expire(spool_time());
        expire_at_ = now + kExpireEvery;
      }
      sync(now);
    }
    pass_on_losses();
    tell(now);
    show();
    if (is_to_end(now)) return finish();
    if (!may_be_more) intake_.wait_until(next_time());
  }
}

void SpoolWorker::try_to_open(Clock::time_point now) {
  const SpoolProblem problem = spool_.open(spool_time());
  if (problem) return set_problem(problem, now + retry_after_);
  is_open_ = true;
  expire_at_ = now + kExpireEvery;
  set_well();
  const std::lock_guard lock(mutex_);
  figures_.events_found = spool_.waiting();
}

// What failed is tried again at that time, and until then nothing is taken from the intake.
void SpoolWorker::set_problem(const SpoolProblem& problem, Clock::time_point retry_at) {
  retry_at_ = retry_at;
  retry_after_ = std::min(retry_after_ * 2, kLastRetry);
  // The one before this sink lets go of it in a moment.
  if (problem.code == EWOULDBLOCK && retry_after_ < kLastRetry) return;
  const std::string text = "spool: " + problem.text;
  states_.set("spool does not work", text);
  const std::lock_guard lock(mutex_);
  figures_.problem = text;
}

void SpoolWorker::set_well() {
  retry_after_ = kFirstRetry;
  retry_at_ = Clock::time_point::min();
  states_.set({}, {});
  const std::lock_guard lock(mutex_);
  figures_.problem.clear();
}

void SpoolWorker::confirm() {
  std::size_t batches = released_.exchange(0);
  if (batches == 0) return;
  Cursor end;
  for (; batches > 0 && !in_hand_.empty(); --batches) {
    end = in_hand_.front().end;
    in_hand_bytes_ -= in_hand_.front().bytes;
    in_hand_.pop_front();
  }
  // A position that cannot be written is written with the next one; until then a restart repeats more.
  static_cast<void>(spool_.confirm(end));
}

void SpoolWorker::take_result(Clock::time_point now) {
  const auto result = syncer_.take_result();
  if (!result) return;
  const SpoolProblem problem = spool_.end_sync(result->job, result->code);
  sync_failed_ = static_cast<bool>(problem);
  if (problem) {
    set_problem(problem, now + retry_after_);
    sync_at_ = retry_at_;
    sync_is_problem_ = true;
    return;
  }
  unsynced_.clear();
  if (std::exchange(sync_is_problem_, false)) set_well();
}

// True: it has taken something, and there may be more.
bool SpoolWorker::fetch() {
  if (!pending_.empty() || sync_failed_) return false;
  if (!intake_.take(kTakeBytes, taken_)) return false;
  for (BatchPtr& batch : taken_) pending_.push_back(std::move(batch));
  taken_.clear();
  return true;
}

void SpoolWorker::store(Clock::time_point now) {
  if (sync_failed_ || now < retry_at_) return;
  bool has_failed = retry_at_ != Clock::time_point::min();
  was_full_ = false;
  while (!pending_.empty()) {
    const BatchPtr batch = pending_.front();
    const bool is_next = spool_.is_read_up() && has_window();
    const Spool::Appended appended = spool_.append(*batch, spool_time());
    if (appended.problem) return set_problem(appended.problem, now + retry_after_);
    was_full_ = appended.is_full;
    if (was_full_) return;
    if (std::exchange(has_failed, false)) set_well();
    pending_.pop_front();
    std::vector<Receipt> receipts = intake_.release(batch->bytes.size());
    if (limits_.sync.kind == config::SyncKind::kBatch) std::ranges::move(receipts, std::back_inserter(unsynced_));
    if (appended.events > 0) sync_at_ = std::min(sync_at_, now + limits_.sync.interval);
    if (is_next && appended.events == batch->events()) {
      pass_on_losses();
      spool_.handed_out(appended.end);
      hand(batch, appended.end);
    }
  }
}

bool SpoolWorker::has_window() const noexcept {
  return in_hand_.empty() || in_hand_bytes_ < window_;
}

void SpoolWorker::hand(BatchPtr batch, const Cursor& end) {
  in_hand_.push_back({end, batch->bytes.size()});
  in_hand_bytes_ += batch->bytes.size();
  inner_->push(std::move(batch));
}

void SpoolWorker::feed() {
  while (has_window() && !spool_.is_read_up()) {
    Spool::Taken taken = spool_.next();
    pass_on_losses();
    if (taken.batch == nullptr) return;
    taken.batch->made = Clock::now();
    hand(std::move(taken.batch), taken.end);
  }
}

void SpoolWorker::sync(Clock::time_point now) {
  if (syncer_.is_busy()) return;
  if (limits_.sync.kind == config::SyncKind::kBatch) return wait_for_sync(now);
  if (!spool_.has_unsynced()) return;
  if (sync_at_ == Clock::time_point::max()) sync_at_ = now + limits_.sync.interval;
  if (now < sync_at_) return;
  sync_at_ = Clock::time_point::max();
  Spool::SyncJob job = spool_.begin_sync(spool_time());
  if (!job.empty()) syncer_.start(std::move(job));
}

// After each round of writes. Nothing is taken meanwhile, so that what comes is in one sync.
void SpoolWorker::wait_for_sync(Clock::time_point now) {
  if (sync_failed_ && now < sync_at_) return;
  // Nothing of it was taken.
  if (!spool_.has_unsynced()) return unsynced_.clear();
  Spool::SyncJob job = spool_.begin_sync(spool_time());
  if (job.empty()) return;
  syncer_.start(std::move(job));
  sync_failed_ = true;  // until it is done nothing is taken
  sync_at_ = Clock::time_point::max();
}

void SpoolWorker::pass_on_losses() {
  Losses losses = intake_.take_loss();
  {
    const std::lock_guard lock(mutex_);
    figures_.lost_told += losses.events();
  }
  losses.add(spool_.take_losses());
  queue_->lose(losses);
}

void SpoolWorker::tell(Clock::time_point now) {
  for (std::string& text : spool_.take_notes()) {
    if (!on_change_) continue;
    SinkChange change;
    change.sink = name_;
    change.state = "spool mended";
    change.cause = std::move(text);
    on_change_(change);
  }
  auto change = states_.next(now);
  if (!change || !on_change_) return;
  change->sink = name_;
  change->events_waiting = spool_.waiting() + intake_.status().queue_events;
  on_change_(*change);
}

void SpoolWorker::show() {
  const SpoolTime now = spool_time();
  const std::uint64_t waiting = spool_.waiting(), bytes = spool_.bytes();
  const auto age = static_cast<std::uint64_t>(spool_.age_ms(now) / 1000);
  const std::uint64_t syncs = syncer_.calls();
  const std::lock_guard lock(mutex_);
  figures_.events_waiting = waiting;
  figures_.bytes = bytes;
  figures_.age_seconds = age;
  figures_.damaged = spool_.damaged();
  figures_.syncs = syncs;
}

SpoolWorker::Clock::time_point SpoolWorker::next_time() const {
  Clock::time_point next = Clock::now() + kLongSleep;
  if (!is_open_ || !pending_.empty()) next = std::min(next, std::max(retry_at_, Clock::now() + kFirstRetry));
  if (is_open_ && !syncer_.is_busy()) next = std::min(next, sync_at_);
  if (is_open_ && (spool_.waiting() > 0 || spool_.segments().size() > 1)) next = std::min(next, expire_at_);
  next = std::min(next, states_.due());
  if (is_stopping()) next = std::min(next, Clock::now() + kFirstRetry);
  return next;
}

// Everything that came is in the spool, and the sink has had its time.
bool SpoolWorker::is_to_end(Clock::time_point now) const {
  if (!is_stopping()) return false;
  const Clock::time_point deadline{Clock::duration{stop_at_.load()}};
  if (now >= deadline) return true;
  if (!is_open_) return false;
  const bool is_stored = pending_.empty() && intake_.status().queue_events == 0;
  return is_stored && !syncer_.is_busy();
}

void SpoolWorker::finish() {
  const Clock::time_point now = Clock::now();
  const Clock::time_point deadline{Clock::duration{stop_at_.load()}};
  const Clock::time_point deliver_until = std::min(deadline, now + kDeliverAtStop);
  if (is_open_) {
    confirm();
    do store(now);
    while (pending_.empty() && fetch());
    feed();
  }
  inner_->end_by(deliver_until);
  inner_->stop(
      std::chrono::duration_cast<std::chrono::milliseconds>(std::max(deliver_until - now, Clock::duration::zero())));
  confirm();
  syncer_.end();
  take_result(now);
  pass_on_losses();
  show();
  if (is_open_)
    if (const SpoolProblem problem = spool_.close(spool_time())) set_problem(problem, now);
  is_open_ = false;
  unsynced_.clear();
  std::string cause(SinkCore::kStopped);
  {
    const std::lock_guard lock(mutex_);
    if (!figures_.problem.empty()) cause += " while " + figures_.problem;
  }
  // What is left in memory could not be written.
  Losses rest;
  for (const BatchPtr& batch : pending_) {
    rest.add(cause, batch->events(), batch->first_id, batch->last_id);
    intake_.release(batch->bytes.size());
  }
  pending_.clear();
  intake_.finish(cause);
  const Losses not_taken = intake_.take_loss();
  {
    const std::lock_guard lock(mutex_);
    figures_.lost_told += not_taken.events();
  }
  rest.add(not_taken);
  queue_->lose(rest);
  for (const Loss& loss : rest.list())
    if (on_loss_) on_loss_({name_, loss.cause, loss.events, loss.first_id, loss.last_id, loss.events});
}

SinkStatus SpoolWorker::status() const {
  SinkStatus status = inner_->status();
  const QueueStatus intake = intake_.status();
  const std::lock_guard lock(mutex_);
  status.events_in = intake.events_in + figures_.events_found;
  status.events_dropped += intake.events_dropped - std::min(intake.events_dropped, figures_.lost_told);
  status.queue_events = intake.queue_events + figures_.events_waiting;
  status.queue_bytes += intake.queue_bytes;
  status.queue_bytes_most += intake.queue_bytes_most;
  status.queue_age_seconds = std::max(
      {status.queue_age_seconds, intake.queue_age_seconds, figures_.events_waiting > 0 ? figures_.age_seconds : 0});
  status.spool_bytes = figures_.bytes;
  status.spool_events = figures_.events_waiting;
  status.spool_damaged = figures_.damaged;
  status.spool_syncs = figures_.syncs;
  if (!figures_.problem.empty()) {
    status.last_error = figures_.problem;
    if (status.state != "stopped") status.state = "spool does not work";
  }
  return status;
}

Losses SpoolWorker::untold() const {
  return inner_->untold();
}

void SpoolWorker::abandon() {
  intake_.finish("left behind: the spool's file system does not answer");
}

}  // namespace naudit::output
