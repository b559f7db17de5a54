// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/unix/backlog.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {

void Backlog::add(BatchPtr batch) {
  bytes_ += batch->bytes.size();
  entries_.push_back({.batch = std::move(batch)});
}

Backlog::Place Backlog::beginning() const noexcept {
  std::uint64_t batch = first_;
  for (const Entry& entry : entries_) {
    if (!entry.has_reached) break;
    ++batch;
  }
  return {batch, 0};
}

void Backlog::advance(Place& place, std::size_t bytes) {
  Entry& entry = entries_[place.batch - first_];
  place.byte += bytes;
  if (place.byte < entry.batch->bytes.size()) return;
  entry.has_reached = true;
  place = {place.batch + 1, 0};
}

void Backlog::give_up_event(Place& place) {
  Entry& entry = entries_[place.batch - first_];
  const auto& ends = entry.batch->ends;
  const auto event = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), place.byte) - ends.begin());
  if (entry.last_lost < event + 1) {
    entry.last_lost = event + 1;
    ++entry.lost;
  }
  advance(place, ends[event] - place.byte);
}

void Backlog::finish(const Entry& entry, Done& done) {
  const Batch& batch = *entry.batch;
  done.bytes += batch.bytes.size();
  bytes_ -= batch.bytes.size();
  if (batch.tells) return (entry.lost > 0 ? done.untold : done.told).push_back(entry.batch);
  done.events += batch.events() - entry.lost;
  if (entry.lost > 0) {
    if (done.lost.events == 0) done.lost.first_id = batch.first_id;
    done.lost.events += entry.lost;
    done.lost.last_id = batch.last_id;
  }
  done.event_bytes += batch.bytes.size();
}

Backlog::Done Backlog::release(const Place& least) {
  Done done;
  for (; !entries_.empty() && first_ < least.batch; ++first_) {
    finish(entries_.front(), done);
    entries_.pop_front();
  }
  return done;
}

Backlog::Done Backlog::give_up(InHand& rest) {
  Done done;
  for (; !entries_.empty(); ++first_) {
    if (entries_.front().has_reached) {
      finish(entries_.front(), done);
    } else {
      bytes_ -= entries_.front().batch->bytes.size();
      rest.add(entries_.front().batch);
    }
    entries_.pop_front();
  }
  return done;
}

}  // namespace naudit::output
