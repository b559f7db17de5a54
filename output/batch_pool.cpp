// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/batch_pool.hpp"

#include <mutex>
#include <utility>

namespace naudit::output {

struct BatchPool::Shelf {
  mutable std::mutex mutex;
  std::vector<std::unique_ptr<Batch>> batches;

  void put(std::unique_ptr<Batch> batch) noexcept {
    if (batch->bytes.capacity() + batch->ends.capacity() * sizeof(batch->ends[0]) > kMostBytes) return;
    batch->bytes.clear();
    batch->ends.clear();
    batch->priority.clear();
    batch->first_id.clear();
    batch->last_id.clear();
    const std::lock_guard lock(mutex);
    if (batches.size() < kMostKept) batches.push_back(std::move(batch));
  }
};

BatchPool::BatchPool() : shelf_(std::make_shared<Shelf>()) {
  shelf_->batches.reserve(kMostKept);
}

std::shared_ptr<Batch> BatchPool::take() {
  std::unique_ptr<Batch> batch;
  {
    const std::lock_guard lock(shelf_->mutex);
    if (!shelf_->batches.empty()) {
      batch = std::move(shelf_->batches.back());
      shelf_->batches.pop_back();
    }
  }
  if (!batch) batch = std::make_unique<Batch>();
  return {batch.release(), [shelf = shelf_](Batch* last) { shelf->put(std::unique_ptr<Batch>(last)); }};
}

std::size_t BatchPool::kept() const {
  const std::lock_guard lock(shelf_->mutex);
  return shelf_->batches.size();
}

}  // namespace naudit::output
