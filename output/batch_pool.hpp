// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <memory>

#include "output/batch.hpp"

namespace naudit::output {

// Batches whose buffers are used again, so that a steady stream allocates no more than the shared pointer's own block
// for each of them (256 KiB of events).
//
// Owner: the encode thread, which alone calls take(). A batch comes back by itself when its last BatchPtr goes, on
// whatever thread that is, also after the pool itself is gone. What the pool retains is bounded: at most kMostKept
// batches, and none that has grown past kMostBytes.
class BatchPool {
 public:
  static constexpr std::size_t kMostKept = 4;
  static constexpr std::size_t kMostBytes = std::size_t{1} << 20;

  BatchPool();

  // An empty batch to fill, and then to share as a BatchPtr.
  [[nodiscard]] std::shared_ptr<Batch> take();

  // How many batches wait to be used again. Any thread.
  [[nodiscard]] std::size_t kept() const;

 private:
  struct Shelf;

  std::shared_ptr<Shelf> shelf_;
};

}  // namespace naudit::output
