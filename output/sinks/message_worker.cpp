// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/message_worker.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/units.hpp"

namespace naudit::output {
namespace {

constexpr std::size_t kTakeBytes = std::size_t{256} << 10;

}  // namespace

MessageWorker::MessageWorker(boost::asio::io_context& loop, const config::Sink& sink, Dialer::Settings hosts,
                             SinkHost host, std::uint64_t seed, Pace pace)
    : SessionWorker(loop, sink, std::move(hosts), std::move(host), seed), pace_(pace) {}

void MessageWorker::fill() {
  while (window_.bytes() < kTakeBytes && core().queue().take(kTakeBytes, taken_)) {
    for (BatchPtr& batch : taken_) window_.add(std::move(batch));
    taken_.clear();
  }
}

// As many as the window lets.
void MessageWorker::send(Clock::time_point now) {
  fill();
  const auto messages = std::make_shared<std::string>();
  const bool was_idle = sent_.empty();
  while (sent_.size() < pace_.window && messages->size() < kTakeBytes) {
    const auto event = window_.next();
    if (!event) {
      // Those that were lost have left room.
      if (!window_.empty()) break;
      fill();
      if (window_.empty()) break;
      continue;
    }
    if (offset_ == 0 && lose(*event)) continue;
    const std::string_view rest = event->text.substr(offset_);
    const std::string_view line = rest.substr(0, rest.find('\n'));
    offset_ += std::min(line.size() + 1, rest.size());
    const bool is_last = offset_ == event->text.size();
    sent_.push_back({append_message(line, *messages), event->number, is_last});
    if (!is_last) continue;
    window_.sent();
    offset_ = 0;
  }
  if (messages->empty()) return idle(now);
  if (was_idle) {
    core().set_busy(now);
    expect_by(now + pace_.answer);
  }
  write(messages);
}

bool MessageWorker::lose(const EventWindow::Event& event) {
  const std::string_view cause = objection(event.text);
  if (cause.empty()) return false;
  const std::string_view id = id_of(event.text);
  std::vector<BatchPtr> notices;
  if (window_.lost(event.number, notices)) core().count_lost(cause, 1, id, id);
  core().untold(notices);
  settle();
  return true;
}

void MessageWorker::take(std::string_view bytes) {
  read(bytes);
  settle();
}

void MessageWorker::sent(std::uint32_t number) {
  if (sent_.empty()) expect_by(Clock::now() + (is_ready() ? pace_.answer : pace_.open));
  sent_.push_back({number, kNoEvent, false});
}

void MessageWorker::answered() {
  if (sent_.front().is_last) window_.delivered(sent_.front().event);
  // That it greets us says nothing: whoever refuses every event would be asked again without a pause.
  if (sent_.front().event != kNoEvent) confirmed();
  sent_.pop_front();
  expect_by(sent_.empty() ? Clock::time_point::max() : Clock::now() + pace_.answer);
}

// What is finished is counted, and its room in the queue is free again.
void MessageWorker::settle() {
  const EventWindow::Count count = window_.take_finished();
  if (count.bytes > 0) core().queue().release(count.bytes);
  core().told(count.notices);
  if (count.events == 0 && count.notices.empty()) return;
  core().count_delivered(count.events, count.event_bytes);
  if (!is_connected()) return;
  if (sent_.empty())
    core().set_ok();
  else
    core().set_busy(Clock::now());
}

void MessageWorker::restart() {
  offset_ = 0;
  sent_.clear();
  window_.restart();
  forget();
}

void MessageWorker::give_up() {
  settle();
  const EventWindow::Rest rest = window_.give_up();
  core().count_lost(SinkCore::kStopped, rest.events, rest.first_id, rest.last_id);
  core().untold(rest.notices);
  core().queue().release(rest.bytes);
}

std::string MessageWorker::overdue() const {
  return "has not answered within " + base::duration_text(is_ready() ? pace_.answer : pace_.open);
}

}  // namespace naudit::output
