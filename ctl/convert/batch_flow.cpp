// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/batch_flow.hpp"

#include <utility>

namespace naudit::ctl {

BatchFlow::BatchFlow(std::size_t batches) : encoded_(batches, nullptr) {
  for (std::size_t i = 0; i < batches; ++i) empty_.push_back(all_.emplace_back(std::make_unique<Batch>()).get());
}

Batch* BatchFlow::take_empty() {
  std::unique_lock lock(mutex_);
  has_empty_.wait(lock, [this] { return !empty_.empty() || aborted_; });
  if (aborted_) return nullptr;
  Batch* const batch = empty_.back();
  empty_.pop_back();
  return batch;
}

void BatchFlow::put_filled(Batch* batch) {
  {
    const std::lock_guard lock(mutex_);
    batch->number = next_filled_++;
    filled_.push_back(batch);
  }
  has_filled_.notify_one();
}

void BatchFlow::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  has_filled_.notify_all();
  has_encoded_.notify_all();
}

Batch* BatchFlow::take_filled() {
  std::unique_lock lock(mutex_);
  has_filled_.wait(lock, [this] { return !filled_.empty() || closed_ || aborted_; });
  if (filled_.empty() || aborted_) return nullptr;
  Batch* const batch = filled_.front();
  filled_.erase(filled_.begin());
  return batch;
}

void BatchFlow::put_encoded(Batch* batch) {
  bool is_next = false;
  {
    const std::lock_guard lock(mutex_);
    encoded_[batch->number % encoded_.size()] = batch;
    is_next = batch->number == next_written_;
  }
  if (is_next) has_encoded_.notify_one();
}

Batch* BatchFlow::take_encoded() {
  std::unique_lock lock(mutex_);
  Batch*& next = encoded_[next_written_ % encoded_.size()];
  has_encoded_.wait(lock, [&] { return next != nullptr || (closed_ && next_written_ == next_filled_) || aborted_; });
  if (next == nullptr || aborted_) return nullptr;
  ++next_written_;
  return std::exchange(next, nullptr);
}

void BatchFlow::put_empty(Batch* batch) {
  {
    const std::lock_guard lock(mutex_);
    empty_.push_back(batch);
  }
  has_empty_.notify_one();
}

void BatchFlow::abort() {
  {
    const std::lock_guard lock(mutex_);
    aborted_ = true;
  }
  has_empty_.notify_all();
  has_filled_.notify_all();
  has_encoded_.notify_all();
}

}  // namespace naudit::ctl
