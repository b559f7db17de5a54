// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/encode_thread.hpp"

#include <utility>

#include "base/thread.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {

EncodeThread::EncodeThread(Handoff& handoff, std::string node)
    : handoff_(handoff),
      context_{.names = names_, .node = std::move(node), .live = true},
      router_(context_),
      keys_(std::chrono::steady_clock::now()) {}

EncodeThread::~EncodeThread() {
  stop();
}

void EncodeThread::start() {
  thread_ = base::start_thread("naudit-encode", [this] { run(); });
}

void EncodeThread::run() {
  while (true) {
    const std::uint32_t seen = handoff_.turn();
    // Read before looking: what was handed on before the stop is then seen below.
    const bool stopping = stopping_.load(std::memory_order_acquire);
    const bool has_orders = has_orders_.exchange(false, std::memory_order_acq_rel);
    const bool had_batches = take_batches();
    const bool had_orders = has_orders && take_orders();
    if (had_batches || had_orders) continue;
    router_.flush();
    if (stopping) return;
    handoff_.wait(seen);
  }
}

// As many as fit into the hand-off: orders go behind what was there when they came, and do not wait for ever.
bool EncodeThread::take_batches() {
  std::size_t taken = 0;
  for (; taken < Handoff::kBatches; ++taken) {
    auto batch = handoff_.pop();
    if (!batch) break;
    keys_.advance(std::chrono::steady_clock::now());
    for (const auto& event : *batch) {
      router_.add(*event);
      keys_.add(router_.decoded());
      notice(*event);
    }
    events_.fetch_add(batch->size(), std::memory_order_relaxed);
    handoff_.give_back(std::move(batch));
  }
  return taken > 0;
}

// Some events concern ourselves.
void EncodeThread::notice(const correlate::Event& event) {
  if (event.records().empty()) return;
  const std::uint16_t first = event.records().front().type;
  if (first == tables::type::kConfigChange)
    config_changes_.fetch_add(1, std::memory_order_relaxed);
  else if ((first >= tables::type::kAddUser && first <= tables::type::kDelGroup) || first == tables::type::kGroupMgmt)
    names_.flush();
}

bool EncodeThread::take_orders() {
  std::vector<correlate::EventPtr> injected;
  std::vector<std::unique_ptr<Change>> changes;
  {
    const std::lock_guard lock(mutex_);
    injected.swap(injected_);
    changes.swap(changes_);
  }
  for (const auto& event : injected) router_.add(*event);
  events_.fetch_add(injected.size(), std::memory_order_relaxed);
  for (const auto& change : changes) apply(*change);
  return !injected.empty() || !changes.empty();
}

void EncodeThread::apply(Change& change) {
  try {
    if (change.node) context_.node = std::move(*change.node);
    if (change.routes) router_.set_routes(*change.routes);
    if (change.report) change.report->set_value(keys_.report(std::chrono::steady_clock::now()));
    change.done.set_value();
  } catch (...) {
    change.done.set_exception(std::current_exception());
  }
}

void EncodeThread::inject(correlate::EventPtr event) {
  {
    const std::lock_guard lock(mutex_);
    injected_.push_back(std::move(event));
  }
  has_orders_.store(true, std::memory_order_release);
  handoff_.wake();
}

void EncodeThread::set_routes(std::vector<output::Route> routes) {
  order({.routes = std::move(routes), .node = std::nullopt, .report = std::nullopt, .done = {}}).get();
}

void EncodeThread::set_node(std::string node) {
  order({.routes = std::nullopt, .node = std::move(node), .report = std::nullopt, .done = {}});
}

std::optional<KeyReport> EncodeThread::key_report(std::chrono::milliseconds patience) {
  std::promise<KeyReport> report;
  std::future<KeyReport> told = report.get_future();
  order({.routes = std::nullopt, .node = std::nullopt, .report = std::move(report), .done = {}});
  if (told.wait_for(patience) != std::future_status::ready) return std::nullopt;
  return told.get();
}

std::future<void> EncodeThread::order(Change change) {
  auto owned = std::make_unique<Change>(std::move(change));
  std::future<void> done = owned->done.get_future();
  {
    const std::lock_guard lock(mutex_);
    changes_.push_back(std::move(owned));
  }
  has_orders_.store(true, std::memory_order_release);
  handoff_.wake();
  return done;
}

void EncodeThread::stop() {
  if (!thread_.joinable()) return;
  stopping_.store(true, std::memory_order_release);
  handoff_.wake();
  thread_.join();
}

}  // namespace naudit::daemon
