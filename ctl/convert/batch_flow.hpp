// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "correlate/event.hpp"

namespace naudit::ctl {

// Some events on their way, and what became of them.
struct Batch {
  correlate::EventBatch events;
  std::string bytes;
  std::uint64_t number = 0;  // its place in the order
};

// The way of the batches from the reading thread over the encoding ones to the writing one and back: a fixed number of
// them, so memory is bounded, and whoever is slow holds up the others. One lock, taken a few times for a batch.
//
// Owner: Conversion. Any thread; each function is for the thread that its name tells.
class BatchFlow {
 public:
  explicit BatchFlow(std::size_t batches);

  // Reader: an empty batch, which may still hold the events that it had; null after abort().
  Batch* take_empty();
  // Reader: hands it on; its place in the order is the order of these calls.
  void put_filled(Batch* batch);
  // Reader: no more will come.
  void close();
  // Encoder: null when there is nothing left to do.
  Batch* take_filled();
  void put_encoded(Batch* batch);
  // Writer: the next in the order; null when all are written, and after abort().
  Batch* take_encoded();
  void put_empty(Batch* batch);
  // Reader or writer: it cannot go on; everybody shall stop.
  void abort();

 private:
  std::vector<std::unique_ptr<Batch>> all_;
  std::mutex mutex_;
  std::condition_variable has_empty_, has_filled_, has_encoded_;
  std::vector<Batch*> empty_;
  std::vector<Batch*> filled_;   // a ring would be faster; there are at most a few dozen
  std::vector<Batch*> encoded_;  // by number modulo its size
  std::uint64_t next_filled_ = 0, next_written_ = 0;
  bool closed_ = false;
  bool aborted_ = false;
};

}  // namespace naudit::ctl
