// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/kept_rights.hpp"

#include <utility>

#include "base/thread.hpp"

namespace naudit::daemon {

KeptRights::KeptRights() : thread_(base::start_thread("naudit-rights", [this] { serve(); })) {}

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

void KeptRights::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return order_ != nullptr || ends_; });
    if (order_ == nullptr) return;
    Order& order = *std::exchange(order_, nullptr);
    order.made = base::start_thread(order.name, std::move(order.run));
    order.is_done = true;
    changed_.notify_all();
  }
}

}  // namespace naudit::daemon
