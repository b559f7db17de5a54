// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/kept_rights.hpp"

#include <utility>

#include "base/thread.hpp"
#include "output/sinks/program/sink.hpp"

namespace naudit::daemon {

KeptRights::KeptRights(const char* name, const std::function<void()>& first)
    : thread_(base::start_thread(name, [this, first] { serve(first); })) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_ready_; });
}

KeptRights::~KeptRights() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::thread KeptRights::start(const char* name, std::function<void()> run) {
  Order order{.name = name, .run = std::move(run), .made = {}};
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return order_ == nullptr; });
  order_ = &order;
  changed_.notify_all();
  changed_.wait(lock, [&order] { return order.is_done; });
  return std::move(order.made);
}

void KeptRights::serve(const std::function<void()>& first) {
  if (first) first();
  std::unique_lock lock(mutex_);
  is_ready_ = true;
  changed_.notify_all();
  for (;;) {
    changed_.wait(lock, [this] { return order_ != nullptr || ends_; });
    if (order_ == nullptr) return;
    Order& order = *std::exchange(order_, nullptr);
    order.made = base::start_thread(order.name, std::move(order.run));
    order.is_done = true;
    changed_.notify_all();
  }
}

output::StartThread starter_of_programs(std::optional<KeptRights>& all, std::optional<KeptRights>& confined) {
  return [&all, &confined](const char* name, std::function<void()> run) {
    auto& starter = output::is_confined_thread(name) ? confined : all;
    return starter ? starter->start(name, std::move(run)) : base::start_thread(name, std::move(run));
  };
}

}  // namespace naudit::daemon
