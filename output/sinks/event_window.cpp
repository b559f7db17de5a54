// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/event_window.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

void EventWindow::add(BatchPtr batch) {
  bytes_ += batch->bytes.size();
  const std::size_t events = batch->events();
  entries_.push_back({std::move(batch), next_number_, 0, std::vector<Fate>(events, Fate::kUnsent)});
  next_number_ += events;
}

std::optional<EventWindow::Event> EventWindow::next() {
  skip_sent();
  if (next_entry_ == entries_.size()) return std::nullopt;
  const Entry& entry = entries_[next_entry_];
  return Event{entry.first + next_event_, entry.batch->event(next_event_)};
}

void EventWindow::skip_sent() {
  while (next_entry_ < entries_.size()) {
    const Entry& entry = entries_[next_entry_];
    while (next_event_ < entry.fates.size() && entry.fates[next_event_] != Fate::kUnsent) ++next_event_;
    if (next_event_ < entry.fates.size()) return;
    ++next_entry_;
    next_event_ = 0;
  }
}

void EventWindow::sent() {
  entries_[next_entry_].fates[next_event_] = Fate::kSent;
  ++on_their_way_;
}

EventWindow::Entry* EventWindow::entry_of(std::uint64_t number) {
  const auto behind = std::ranges::upper_bound(entries_, number, {}, &Entry::first);
  if (behind == entries_.begin()) return nullptr;
  Entry& entry = *std::prev(behind);
  return number - entry.first < entry.fates.size() ? &entry : nullptr;
}

void EventWindow::finish(Entry& entry, std::size_t index) {
  if (entry.fates[index] == Fate::kSent) --on_their_way_;
  entry.fates[index] = Fate::kFinished;
  ++entry.finished;
}

void EventWindow::delivered(std::uint64_t number) {
  Entry* const entry = entry_of(number);
  if (entry == nullptr) return;
  const auto index = static_cast<std::size_t>(number - entry->first);
  if (entry->fates[index] != Fate::kSent) return;
  finish(*entry, index);
  if (entry->batch->tells) return count_.notices.push_back(entry->batch);
  ++count_.events;
  count_.event_bytes += entry->batch->event(index).size();
}

void EventWindow::failed(std::uint64_t number) {
  Entry* const entry = entry_of(number);
  if (entry == nullptr) return;
  Fate& fate = entry->fates[static_cast<std::size_t>(number - entry->first)];
  if (fate != Fate::kSent) return;
  fate = Fate::kFailed;
  --on_their_way_;
}

bool EventWindow::lost(std::uint64_t number, std::vector<BatchPtr>& notices) {
  Entry* const entry = entry_of(number);
  if (entry == nullptr) return false;
  const auto index = static_cast<std::size_t>(number - entry->first);
  if (entry->fates[index] == Fate::kFinished) return false;
  finish(*entry, index);
  if (!entry->batch->tells) return true;
  notices.push_back(entry->batch);
  return false;
}

std::optional<EventWindow::Event> EventWindow::find(std::uint64_t number) const {
  const Entry* const entry = const_cast<EventWindow*>(this)->entry_of(number);
  if (entry == nullptr) return std::nullopt;
  return Event{number, entry->batch->event(static_cast<std::size_t>(number - entry->first))};
}

void EventWindow::restart() {
  for (Entry& entry : entries_)
    for (Fate& fate : entry.fates)
      if (fate != Fate::kFinished) fate = Fate::kUnsent;
  on_their_way_ = next_entry_ = next_event_ = 0;
}

EventWindow::Count EventWindow::take_finished() {
  while (!entries_.empty() && entries_.front().finished == entries_.front().fates.size()) {
    count_.bytes += entries_.front().batch->bytes.size();
    entries_.pop_front();
    if (next_entry_ > 0)
      --next_entry_;
    else
      next_event_ = 0;
  }
  bytes_ -= count_.bytes;
  return std::exchange(count_, {});
}

EventWindow::Rest EventWindow::give_up() {
  Rest rest;
  for (const Entry& entry : entries_) {
    rest.bytes += entry.batch->bytes.size();
    const std::size_t left = entry.fates.size() - entry.finished;
    if (left == 0) continue;
    if (entry.batch->tells) {
      rest.notices.push_back(entry.batch);
      continue;
    }
    rest.events += left;
    if (rest.first_id.empty()) rest.first_id = entry.batch->first_id;
    rest.last_id = entry.batch->last_id;
  }
  entries_.clear();
  bytes_ = on_their_way_ = next_entry_ = next_event_ = 0;
  return rest;
}

}  // namespace naudit::output
