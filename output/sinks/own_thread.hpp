// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>

#include "base/thread.hpp"
#include "output/sink.hpp"

namespace naudit::output {

// A sink's own thread. A file that does not answer may hold it for ever: so it is waited for, and left behind when it
// does not end. What it uses has to be owned by `run`, for that reason.
//
// One owner, one thread; end_by() before the destructor.
class OwnThread {
 public:
  // `start`: who starts it; empty: the caller's thread, whose rights it then has.
  OwnThread(const char* name, std::function<void()> run, const StartThread& start = {})
      : ended_(std::make_shared<std::promise<void>>()), end_(ended_->get_future()) {
    auto whole = [run = std::move(run), ended = ended_]() mutable {
      run();
      run = nullptr;
      ended->set_value();
    };
    thread_ = start ? start(name, std::move(whole)) : base::start_thread(name, std::move(whole));
  }

  [[nodiscard]] bool is_running() const noexcept { return thread_.joinable(); }
  // Waits for its end. False: it has not ended by then, and is left behind.
  bool end_by(std::chrono::steady_clock::time_point deadline) {
    const bool has_ended = end_.wait_until(deadline) == std::future_status::ready;
    if (has_ended)
      thread_.join();
    else
      thread_.detach();
    return has_ended;
  }

 private:
  std::shared_ptr<std::promise<void>> ended_;
  std::future<void> end_;
  std::thread thread_;
};

}  // namespace naudit::output
