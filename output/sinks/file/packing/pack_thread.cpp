// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/packing/pack_thread.hpp"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "base/thread.hpp"

namespace naudit::output {
namespace {

constexpr int kLeastPriority = 19;
// linux/ioprio.h, which Debian 12 has not: IOPRIO_WHO_PROCESS, IOPRIO_CLASS_IDLE.
constexpr int kIoOfThread = 1, kIoIdle = 3 << 13;

// A kernel that refuses it only makes the thread as eager as the others.
void become_idle() {
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, kLeastPriority));
  static_cast<void>(::syscall(SYS_ioprio_set, kIoOfThread, 0, kIoIdle));
}

}  // namespace

PackThread::PackThread(FileSystem& system, RotatedFiles& files, Packing packing, std::function<void()> on_news)
    : packer_(system, files, packing), on_news_(std::move(on_news)) {}

PackThread::~PackThread() {
  end();
}

void PackThread::wake(uid_t owner) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = owner;
  }
  if (thread_.joinable())
    changed_.notify_one();
  else
    thread_ = base::start_thread("naudit-pack", [this] { run(); });
}

void PackThread::cancel() {
  {
    const std::lock_guard lock(mutex_);
    packer_.cancel();
  }
  changed_.notify_one();
}

void PackThread::end() {
  cancel();
  if (thread_.joinable()) thread_.join();
}

std::optional<std::string> PackThread::take_news() {
  if (!is_news_) return std::nullopt;
  const std::lock_guard lock(mutex_);
  is_news_ = false;
  return problem_;
}

void PackThread::run() {
  become_idle();
  std::unique_lock lock(mutex_);
  std::optional<uid_t> failed;  // for whom to try again
  for (;;) {
    const auto is_called = [this] { return packer_.is_cancelled() || wanted_; };
    if (failed)
      changed_.wait_for(lock, kAgainAfter, is_called);
    else
      changed_.wait(lock, is_called);
    if (packer_.is_cancelled()) return;
    const uid_t owner = std::exchange(wanted_, std::nullopt).value_or(failed.value_or(0));
    lock.unlock();
    FileProblem problem = packer_.pack_all(owner);
    lock.lock();
    if (packer_.is_cancelled()) return;
    failed = problem ? std::optional(owner) : std::nullopt;
    if (problem.text == problem_) continue;
    problem_ = std::move(problem.text);
    is_news_ = true;
    lock.unlock();
    on_news_();
    lock.lock();
  }
}

}  // namespace naudit::output
