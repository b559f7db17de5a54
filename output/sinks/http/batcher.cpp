// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/http/batcher.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

void HttpBatcher::add(BatchPtr batch) {
  bytes_ += batch->bytes.size();
  events_ += batch->events();
  const std::size_t events = batch->events();
  open_.push_back({std::move(batch), events});
}

bool HttpBatcher::full() const noexcept {
  if (single_) return events_ > 0;
  return bytes_ >= limits_.bytes || events_ >= limits_.events;
}

HttpBatcher::TimePoint HttpBatcher::due() const {
  if (empty()) return TimePoint::max();
  return full() ? TimePoint::min() : open_[next_batch_].batch->made + limits_.time;
}

HttpBatcher::Items HttpBatcher::cut() {
  const std::size_t most = single_ ? 1 : std::max(1U, limits_.events);
  Items items;
  items.reserve(std::min(most, events_));
  std::size_t bytes = 0;
  while (events_ > 0 && items.size() < most) {
    Open& open = open_[next_batch_];
    if (next_event_ < open.batch->events()) {
      const Item item{&open, next_event_};
      const std::size_t size = item.text().size();
      if (!items.empty() && bytes + size > limits_.bytes) break;
      items.push_back(item);
      bytes += size;
      ++next_event_;
      bytes_ -= size;
      --events_;
    }
    if (next_event_ < open.batch->events()) continue;
    ++next_batch_;
    next_event_ = 0;
  }
  return items;
}

HttpBatcher::Items HttpBatcher::rest() {
  Items items;
  while (events_ > 0)
    for (const Item item : cut()) items.push_back(item);
  return items;
}

void HttpBatcher::limit(std::size_t bytes) noexcept {
  limits_.bytes = std::min<std::uint64_t>(limits_.bytes, std::max<std::size_t>(1, bytes));
}

std::size_t HttpBatcher::settle(std::span<const Item> items) {
  for (const Item item : items) --item.open->left;
  std::size_t finished = 0;
  while (!open_.empty() && open_.front().left == 0) {
    finished += open_.front().batch->bytes.size();
    open_.pop_front();
    if (next_batch_ > 0) --next_batch_;
  }
  return finished;
}

}  // namespace naudit::output
