// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/sink_core.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "output/notices.hpp"
#include "output/sinks/kinds.hpp"

namespace naudit::output {
namespace {

constexpr std::chrono::seconds kStalledAfter{2};
constexpr config::Queue kUnlimited{.size = std::numeric_limits<std::uint64_t>::max() / 2};

std::string seconds_text(std::chrono::steady_clock::duration time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + "s";
}

std::string while_text(std::string_view cause, const std::string& trouble) {
  std::string text(cause);
  if (!trouble.empty()) text.append(" while ").append(trouble);
  return text;
}

}  // namespace

SinkCore::SinkCore(const config::Sink& sink, SinkHost host)
    : host_(std::move(host)), queue_(host_.on_queue ? kUnlimited : sink.queue) {
  status_.name = sink.name;
  status_.type = sink.type;
  status_.format = sink.format;
  status_.state = "starting";
  queue_.on_drop([this] { return trouble(); });
  if (host_.on_queue) host_.on_queue(queue_);
  if (!host_.notices) return;
  queue_.on_notice(
      [notices = host_.notices, sink, envelope = envelope_of(sink)](const Loss& loss, std::uint64_t total) {
        return notices->make(sink, envelope, {sink.name, loss.cause, loss.events, loss.first_id, loss.last_id, total});
      });
}

void SinkCore::set_ok() {
  set_busy({});
}

void SinkCore::set_busy(Clock::time_point since) {
  const std::lock_guard lock(mutex_);
  status_.state = "ok";
  retry_at_ = {};
  busy_since_ = since;
  trouble_.clear();
  states_.set(flaw_, flaw_error_);
}

void SinkCore::set_state(std::string phrase) {
  const std::lock_guard lock(mutex_);
  status_.state = std::move(phrase);
  retry_at_ = {};
  busy_since_ = {};
}

void SinkCore::set_trouble(std::string phrase, std::string error, Clock::time_point retry_at, ErrorIs is) {
  const std::lock_guard lock(mutex_);
  const bool same = is == ErrorIs::kQuoted && trouble_ == phrase;
  status_.state = phrase;
  status_.last_error = std::move(error);
  trouble_ = std::move(phrase);
  retry_at_ = retry_at;
  busy_since_ = {};
  ++status_.retries;
  if (!same) states_.set(trouble_, status_.last_error);
}

void SinkCore::set_flaw(std::string phrase, std::string error, ErrorIs is) {
  const std::lock_guard lock(mutex_);
  if (!phrase.empty()) status_.last_error = error;
  if (is == ErrorIs::kCause || phrase != flaw_) flaw_error_ = std::move(error);
  flaw_ = std::move(phrase);
  if (trouble_.empty()) states_.set(flaw_, flaw_error_);
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
  if (cause == kStopped && host_.on_queue) return queue_.keep_rest();
  if (events == 0) return;
  std::string whole;
  {
    const std::lock_guard lock(mutex_);
    status_.events_dropped += events;
    whole = cause == kStopped ? while_text(cause, trouble_) : std::string(cause);
  }
  losses_.add(whole, events, first_id, last_id);
  queue_.lost({std::move(whole), events, std::string(first_id), std::string(last_id)});
}

void SinkCore::delivered(const InHand::Portion& portion) {
  std::uint64_t bytes = portion.bytes;
  for (const BatchPtr& notice : portion.notices) bytes -= notice->bytes.size();
  count_delivered(portion.events - portion.notices.size(), bytes);
  told(portion.notices);
}

void SinkCore::lost(std::string_view cause, const InHand::Portion& portion) {
  count_lost(cause, portion.events - portion.notices.size(), portion.first_id, portion.last_id);
  untold(portion.notices);
}

void SinkCore::told(std::span<const BatchPtr> notices) {
  for (const BatchPtr& notice : notices) queue_.told(*notice->tells);
}

// The last one first: each goes before what is there.
void SinkCore::untold(std::span<const BatchPtr> notices) {
  for (auto notice = notices.rbegin(); notice != notices.rend(); ++notice) queue_.untold(*(*notice)->tells);
}

std::string SinkCore::trouble() const {
  const Clock::time_point now = Clock::now();
  const std::lock_guard lock(mutex_);
  if (!trouble_.empty()) return trouble_;
  return busy_since_ != Clock::time_point{} && now - busy_since_ >= kStalledAfter ? "stalled" : "";
}

void SinkCore::report_losses(bool all, Clock::time_point now) {
  losses_.add(queue_.take_loss());
  std::optional<SinkLoss> loss = all ? losses_.rest() : losses_.next(now);
  for (; loss; loss = all ? losses_.rest() : std::nullopt) {
    loss->sink = status_.name;
    if (host_.on_loss) host_.on_loss(*loss);
  }
}

void SinkCore::report(SinkChange change) {
  if (!host_.on_change) return;
  change.sink = status_.name;
  const QueueStatus queue = queue_.status();
  change.bytes_waiting = queue.queue_bytes;
  change.events_waiting = queue.queue_events;
  host_.on_change(change);
}

SinkCore::Clock::time_point SinkCore::tell(Clock::time_point now) {
  report_losses(false, now);
  std::optional<SinkChange> change;
  Clock::time_point due;
  {
    const std::lock_guard lock(mutex_);
    change = states_.next(now);
    due = states_.due();
  }
  if (change) report(*std::move(change));
  return std::min({due, losses_.due(), queue_.notice_due()});
}

void SinkCore::finish() {
  std::string cause;
  std::optional<SinkChange> change;
  {
    const std::lock_guard lock(mutex_);
    cause = while_text(kStopped, trouble_);
    change = states_.rest(Clock::now());
  }
  if (change) report(*std::move(change));
  if (host_.on_queue) queue_.keep_rest();
  queue_.finish(cause);
  report_losses(true, {});
  set_state("stopped");
}

void SinkCore::abandon(std::string state) {
  queue_.finish(std::string(kStopped) + ": " + state);
  set_state(std::move(state));
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
  else if (status.state == "ok" && !flaw_.empty())
    status.state = flaw_;
  return status;
}

}  // namespace naudit::output
