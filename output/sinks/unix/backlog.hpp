// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "output/batch.hpp"
#include "output/in_hand.hpp"
#include "output/loss.hpp"

namespace naudit::output {

// The batches that readers of one stream have before them, each reader at a place of its own. A batch stays until every
// reader has passed it and one at least has got all of it. Pure; one thread.
class Backlog {
 public:
  // Where a reader is: the next byte that it gets. A value; it is good for as long as its batch is here.
  struct Place {
    std::uint64_t batch = 0;
    std::size_t byte = 0;
    friend bool operator==(const Place&, const Place&) = default;
    friend auto operator<=>(const Place&, const Place&) = default;
  };

  void add(BatchPtr batch);
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }

  // Where a new reader begins: at the oldest batch that nobody has got yet.
  [[nodiscard]] Place beginning() const noexcept;
  [[nodiscard]] Place end() const noexcept { return {first_ + entries_.size(), 0}; }
  [[nodiscard]] bool is_in_oldest(const Place& place) const noexcept { return place.batch == first_; }
  // The batch at a place, which is not the end.
  [[nodiscard]] const Batch& at(const Place& place) const { return *entries_[place.batch - first_].batch; }
  // A reader has got so many bytes.
  void advance(Place& place, std::size_t bytes);
  // The event at a place cannot be sent, to anybody.
  void give_up_event(Place& place);

  // What is over and done with.
  struct Done {
    std::uint64_t events = 0;  // delivered, without notices
    std::size_t event_bytes = 0;
    std::size_t bytes = 0;  // of the batches
    Loss lost;              // events that could not be sent; without a cause
    std::vector<BatchPtr> told;
    std::vector<BatchPtr> untold;  // notices that could not be sent
  };
  // Lets go of the batches before `least`, the place of the last reader. They have reached somebody.
  Done release(const Place& least);
  // Everything goes: what has reached somebody is done, the rest in `rest`.
  Done give_up(InHand& rest);

 private:
  struct Entry {
    BatchPtr batch;
    bool has_reached = false;
    std::size_t lost = 0;       // events that could not be sent
    std::size_t last_lost = 0;  // the last of them, counted from 1
  };
  void finish(const Entry& entry, Done& done);

  std::deque<Entry> entries_;
  std::uint64_t first_ = 0;  // number of the oldest
  std::size_t bytes_ = 0;
};

}  // namespace naudit::output
