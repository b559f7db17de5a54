// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/syncer.hpp"

#include <cerrno>
#include <utility>

#include "base/thread.hpp"

namespace naudit::output {

FileSyncer::FileSyncer(FileSystem& system, std::function<void()> on_done)
    : system_(system), on_done_(std::move(on_done)) {}

FileSyncer::~FileSyncer() {
  end();
}

void FileSyncer::end() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wanted_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void FileSyncer::sync(int fd) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(fd);
  }
  if (thread_.joinable())
    wanted_.notify_one();
  else
    thread_ = base::start_thread("naudit-sync", [this] { run(); });
}

bool FileSyncer::is_busy() const {
  const std::lock_guard lock(mutex_);
  return busy_ || !waiting_.empty();
}

std::optional<int> FileSyncer::take_result() {
  const std::lock_guard lock(mutex_);
  return std::exchange(result_, std::nullopt);
}

void FileSyncer::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const int fd = waiting_.front();
    waiting_.erase(waiting_.begin());
    busy_ = true;
    lock.unlock();
    int result = 0;
    do result = system_.fdatasync(fd);
    while (result != 0 && errno == EINTR);
    const int code = result == 0 ? 0 : errno;
    system_.close(fd);
    lock.lock();
    busy_ = false;
    if (!result_ || code != 0) result_ = code;
    lock.unlock();
    on_done_();
    lock.lock();
  }
}

}  // namespace naudit::output
