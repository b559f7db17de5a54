// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/key_counts.hpp"

#include <algorithm>

#include "tables/key_list.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

constexpr std::uint16_t kMore = 0xFFFF;  // the slot of more_keys_
// Values, each of one or more keys. Beyond it a value is read anew for each event, which is only slower.
constexpr std::size_t kMostValues = 4 * KeyCounts::kMostKeys;

}  // namespace

KeyCounts::KeyCounts(TimePoint start) : start_(start), now_(start) {
  keys_.reserve(kMostKeys);
}

void KeyCounts::advance(TimePoint now) {
  if (now <= now_) return;
  now_ = now;
  const auto slice = static_cast<std::size_t>((now - start_) / kSlice);
  if (slice == slice_) return;
  const std::size_t steps = std::min(slice - slice_, kSlices);
  const auto clear = [&](Counter& counter) {
    for (std::size_t i = 1; i <= steps; ++i) counter.slices[(slice_ + i) % kSlices] = 0;
  };
  for (Named& key : keys_) clear(key.counter);
  for (Counter* counter : {&all_, &no_key_, &no_call_, &more_keys_}) clear(*counter);
  slice_ = slice;
}

void KeyCounts::add(const interpret::DecodedEvent& event) {
  const correlate::EventId& id = event.source().id;
  const std::uint64_t now_ms = id.seconds * 1000 + id.millis;
  count(all_, now_ms);
  // A CONFIG_CHANGE has a key too, that of the rule that was loaded.
  if (!event.syscall() && event.find(tables::type::kUringop) == nullptr) return count(no_call_, now_ms);
  if (event.key() == nullptr) return count(no_key_, now_ms);
  count_key(*event.key(), now_ms);
}

void KeyCounts::count(Counter& counter, std::uint64_t now_ms) noexcept {
  ++counter.total;
  ++counter.slices[slice_ % kSlices];
  counter.last_ms = std::max(counter.last_ms, now_ms);
}

void KeyCounts::count_key(const interpret::Field& key, std::uint64_t now_ms) {
  const auto count_slots = [&](const Slots& slots) {
    for (const std::uint16_t slot : slots) count(slot == kMore ? more_keys_ : keys_[slot].counter, now_ms);
  };
  const bool quoted = key.spelling == interpret::Spelling::kQuoted;
  if (last_ == nullptr || last_quoted_ != quoted || last_->first != key.value) {
    Values& values = quoted ? quoted_ : bare_;
    auto found = values.find(key.value);
    if (found == values.end()) {
      if (values.size() >= kMostValues) return count_slots(slots_of(key));
      found = values.emplace(std::string(key.value), slots_of(key)).first;
    }
    last_ = &*found;
    last_quoted_ = quoted;
  }
  count_slots(last_->second);
}

KeyCounts::Slots KeyCounts::slots_of(const interpret::Field& key) {
  std::string scratch;
  Slots slots;
  tables::for_each_key(interpret::decoded(key, scratch), [&](std::string_view name) {
    const std::uint16_t found = slot(name);
    if (std::ranges::find(slots, found) == slots.end()) slots.push_back(found);
  });
  return slots;
}

std::uint16_t KeyCounts::slot(std::string_view name) {
  const auto found = std::ranges::find(keys_, name, &Named::name);
  if (found != keys_.end()) return static_cast<std::uint16_t>(found - keys_.begin());
  if (keys_.size() >= kMostKeys) return kMore;
  keys_.push_back({.name = std::string(name), .counter = {}});
  return static_cast<std::uint16_t>(keys_.size() - 1);
}

KeyCount KeyCounts::sum(const Counter& counter) const noexcept {
  KeyCount count{.total = counter.total, .last_ms = counter.last_ms, .recent = {}};
  for (std::size_t window = 0; window < KeyReport::kWindows.size(); ++window) {
    const auto whole = static_cast<std::size_t>(KeyReport::kWindows[window] / kSlice);
    const std::size_t slices = std::min(whole, slice_) + 1;
    for (std::size_t i = 0; i < slices; ++i) count.recent[window] += counter.slices[(slice_ - i) % kSlices];
  }
  return count;
}

KeyReport KeyCounts::report(TimePoint now) {
  advance(now);
  using std::chrono::milliseconds;
  KeyReport report;
  const auto age = std::chrono::duration_cast<milliseconds>(now_ - start_);
  for (std::size_t window = 0; window < report.covered.size(); ++window)
    report.covered[window] = std::min<milliseconds>(age, KeyReport::kWindows[window] + age % kSlice);
  report.keys.reserve(keys_.size());
  for (const Named& key : keys_) report.keys.push_back({.name = key.name, .count = sum(key.counter)});
  report.all = sum(all_);
  report.no_key = sum(no_key_);
  report.no_call = sum(no_call_);
  report.more_keys = sum(more_keys_);
  return report;
}

}  // namespace naudit::daemon
