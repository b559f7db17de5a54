// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include <boost/lockfree/policies.hpp>
#include <boost/lockfree/spsc_queue.hpp>

#include "correlate/event.hpp"

namespace naudit::daemon {

// The way from the drain thread to the encode thread, and the way back for the buffers.
//
// Lock-free on both ends: a slow encode thread can never hold the drain thread up. What waits is bounded in batches and
// in bytes; when it is full the drain thread leaves the records in the socket, whose buffer is the larger queue, and
// behind it the kernel's backlog with the policy that the administrator chose (docs/architecture.md).
// Owner: the pipeline; outlives both threads.
class Handoff {
 public:
  static constexpr std::size_t kBatches = 256;  // that can wait

  explicit Handoff(std::size_t most_bytes) : most_bytes_(most_bytes) {}
  Handoff(const Handoff&) = delete;
  Handoff& operator=(const Handoff&) = delete;
  ~Handoff();

  // Drain thread. False if it is full; `batch` is then untouched. Wakes nobody: wake().
  bool push(std::unique_ptr<correlate::EventBatch>& batch);
  // Drain thread: an empty batch, with the buffers of finished events given back to `pool`.
  std::unique_ptr<correlate::EventBatch> take_empty(correlate::EventPool& pool);
  [[nodiscard]] bool is_full() const noexcept {
    return bytes_.load(std::memory_order_relaxed) >= most_bytes_ || ready_.write_available() == 0;
  }

  // Whoever encodes: the next batch, or null. Does not wait.
  std::unique_ptr<correlate::EventBatch> pop();
  // Whoever encodes: done with it.
  void give_back(std::unique_ptr<correlate::EventBatch> batch);
  // Encode thread: a number that changes with each push and wake; wait() returns once it is no longer `seen`.
  [[nodiscard]] std::uint32_t turn() const noexcept { return turn_.load(std::memory_order_acquire); }
  void wait(std::uint32_t seen) const noexcept { turn_.wait(seen, std::memory_order_acquire); }
  // Any thread: makes the encode thread look around.
  void wake() noexcept;

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  using Ring = boost::lockfree::spsc_queue<correlate::EventBatch*, boost::lockfree::capacity<kBatches>>;

  std::size_t most_bytes_;
  Ring ready_;
  Ring empty_;
  std::atomic<std::size_t> bytes_{0};
  std::atomic<std::uint32_t> turn_{0};
};

}  // namespace naudit::daemon
