// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/background.hpp"

#include <boost/asio/post.hpp>

#include "base/thread.hpp"

namespace naudit::daemon {

Background::Background(boost::asio::io_context& main) {
  shared_->main = &main;
}

Background::~Background() {
  const std::lock_guard lock(shared_->mutex);
  shared_->main = nullptr;
}

void Background::start(const char* name, std::function<void()> job) {
  {
    const std::lock_guard lock(shared_->mutex);
    ++shared_->running;
  }
  auto thread = base::start_thread(name, [this, id = last_, shared = shared_, job = std::move(job)]() mutable {
    job();
    job = nullptr;
    {
      const std::lock_guard lock(shared->mutex);
      --shared->running;
      if (shared->main != nullptr) boost::asio::post(*shared->main, [this, id] { end(id); });
    }
    shared->ended.notify_all();
  });
  thread.detach();
}

void Background::end(std::uint64_t id) {
  const auto then = thens_.extract(id);
  then.mapped()();
}

bool Background::wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(shared_->mutex);
  return shared_->ended.wait_for(lock, at_most, [this] { return shared_->running == 0; });
}

}  // namespace naudit::daemon
