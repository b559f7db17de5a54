// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/handoff.hpp"

#include <utility>

namespace naudit::daemon {

Handoff::~Handoff() {
  const auto destroy = [](correlate::EventBatch* batch) { const std::unique_ptr<correlate::EventBatch> owner(batch); };
  ready_.consume_all(destroy);
  empty_.consume_all(destroy);
}

bool Handoff::push(std::unique_ptr<correlate::EventBatch>& batch) {
  if (is_full()) return false;
  bytes_.fetch_add(batch->bytes(), std::memory_order_relaxed);
  ready_.push(batch.release());
  return true;
}

void Handoff::wake() noexcept {
  turn_.fetch_add(1, std::memory_order_release);
  turn_.notify_one();
}

std::unique_ptr<correlate::EventBatch> Handoff::take_empty(correlate::EventPool& pool) {
  correlate::EventBatch* batch = nullptr;
  if (!empty_.pop(batch)) return std::make_unique<correlate::EventBatch>();
  for (auto& event : *batch) pool.give(std::move(event));
  batch->clear();
  return std::unique_ptr<correlate::EventBatch>(batch);
}

std::unique_ptr<correlate::EventBatch> Handoff::pop() {
  correlate::EventBatch* batch = nullptr;
  if (!ready_.pop(batch)) return nullptr;
  return std::unique_ptr<correlate::EventBatch>(batch);
}

void Handoff::give_back(std::unique_ptr<correlate::EventBatch> batch) {
  bytes_.fetch_sub(batch->bytes(), std::memory_order_relaxed);
  correlate::EventBatch* const raw = batch.get();
  if (empty_.push(raw)) static_cast<void>(batch.release());
}

}  // namespace naudit::daemon
