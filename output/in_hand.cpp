// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/in_hand.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

void InHand::add(BatchPtr batch) {
  bytes_ += batch->bytes.size();
  events_ += batch->events();
  batches_.push_back(std::move(batch));
}

const InHand::Portion& InHand::select(std::size_t bytes, std::size_t events, bool at_least_one) {
  clear_portion();
  std::size_t first = next_;
  for (const BatchPtr& batch : batches_) {
    const std::size_t begin = first == 0 ? 0 : batch->ends[first - 1];
    const std::size_t room = bytes - portion_.bytes;
    const std::size_t most = std::min(batch->events(), first + std::min(events - portion_.events, batch->events()));
    const auto from = batch->ends.begin() + static_cast<std::ptrdiff_t>(first);
    const auto to = batch->ends.begin() + static_cast<std::ptrdiff_t>(most);
    // The first event that ends beyond the room; the sum cannot wrap, for `begin` is subtracted from the end.
    auto stop = std::partition_point(from, to, [begin, room](std::uint32_t end) { return end - begin <= room; });
    if (stop == from && from != to && at_least_one && portion_.events == 0) ++stop;
    if (stop == from) break;
    const std::size_t end = *(stop - 1);
    portion_.pieces.push_back(std::string_view(batch->bytes).substr(begin, end - begin));
    portion_.bytes += end - begin;
    portion_.events += static_cast<std::size_t>(stop - from);
    if (batch->tells) {
      portion_.notices.push_back(batch);
    } else {
      if (portion_.first_id.empty()) portion_.first_id = batch->first_id;
      portion_.last_id = batch->last_id;
    }
    if (stop != batch->ends.end() || portion_.bytes >= bytes) break;
    first = 0;
  }
  return portion_;
}

std::vector<std::string_view> InHand::portion_events() const {
  std::vector<std::string_view> events;
  events.reserve(portion_.events);
  std::size_t first = next_;
  for (const BatchPtr& batch : batches_) {
    for (std::size_t i = first; i < batch->events(); ++i) {
      if (events.size() == portion_.events) return events;
      events.push_back(batch->event(i));
    }
    first = 0;
  }
  return events;
}

void InHand::clear_portion() noexcept {
  portion_.pieces.clear();
  portion_.bytes = 0;
  portion_.events = 0;
  portion_.first_id.clear();
  portion_.last_id.clear();
  portion_.notices.clear();
}

std::size_t InHand::commit() {
  bytes_ -= portion_.bytes;
  events_ -= portion_.events;
  next_ += portion_.events;
  std::size_t finished = 0;
  while (!batches_.empty() && next_ >= batches_.front()->events()) {
    next_ -= batches_.front()->events();
    finished += batches_.front()->bytes.size();
    batches_.pop_front();
  }
  clear_portion();
  return finished;
}

}  // namespace naudit::output
