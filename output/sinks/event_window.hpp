// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/batch.hpp"

namespace naudit::output {

// What a sink keeps that is told of each event by itself whether it was delivered, in any order: batches from the queue
// until each of their events is delivered or given up. An event has a number, which counts up over all batches. Pure;
// one thread.
class EventWindow {
 public:
  struct Event {
    std::uint64_t number = 0;
    std::string_view text;  // with its newline; valid until the event has finished
  };
  struct Count {
    std::uint64_t events = 0;       // delivered, without notices
    std::uint64_t event_bytes = 0;  // of these
    std::vector<BatchPtr> notices;  // delivered
    std::size_t bytes = 0;          // of batches that are finished with, the oldest first
  };
  struct Rest {
    std::uint64_t events = 0;  // without notices
    std::string first_id, last_id;
    std::vector<BatchPtr> notices;
    std::size_t bytes = 0;
  };

  void add(BatchPtr batch);
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  // Events that are sent and of which nothing was told.
  [[nodiscard]] std::size_t on_their_way() const noexcept { return on_their_way_; }

  // The first event that was not yet sent; the same one until sent() or lost().
  [[nodiscard]] std::optional<Event> next();
  void sent();
  // It is delivered; it is not, and is sent again after restart(); it is given up, sent or not. What is told of an
  // event twice, or of none that is here, is not heard.
  void delivered(std::uint64_t number);
  void failed(std::uint64_t number);
  // False: it is a notice, which is in `notices` now.
  bool lost(std::uint64_t number, std::vector<BatchPtr>& notices);
  [[nodiscard]] std::optional<Event> find(std::uint64_t number) const;

  // Nothing is on its way any more: all that is neither delivered nor given up is sent again, in order.
  void restart();
  // What has finished since the last time.
  Count take_finished();
  // Everything that is neither delivered nor lost.
  Rest give_up();

 private:
  enum class Fate : std::uint8_t { kUnsent, kSent, kFailed, kFinished };
  struct Entry {
    BatchPtr batch;
    std::uint64_t first = 0;  // number of its first event
    std::size_t finished = 0;
    std::vector<Fate> fates;
  };

  [[nodiscard]] Entry* entry_of(std::uint64_t number);
  void finish(Entry& entry, std::size_t index);
  void skip_sent();

  std::deque<Entry> entries_;
  std::uint64_t next_number_ = 0;  // of the next batch
  std::size_t next_entry_ = 0, next_event_ = 0;
  std::size_t bytes_ = 0;
  std::size_t on_their_way_ = 0;
  Count count_;
};

}  // namespace naudit::output
