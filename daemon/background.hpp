// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/io_context.hpp>

namespace naudit::daemon {

// Work that may hang in a disk or a name service, or waits for something that does: reading the configuration, stopping
// a sink. Each piece has a thread of its own, so it delays nobody else.
//
// Owner: the daemon, whose main loop outlives it. Main thread. What has not ended at its end is left behind, without
// its `then`.
class Background {
 public:
  explicit Background(boost::asio::io_context& main);
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;
  ~Background();

  // Runs `job()` on a thread of this name, and then `then(what it returned)` on the main loop. A job owns what it uses,
  // nothing of which may belong to the main loop, returns a value, and does not throw.
  template <typename Job, typename Then>
  void run(const char* name, Job job, Then then) {
    using Value = std::invoke_result_t<Job&>;
    const auto result = std::make_shared<std::optional<Value>>();
    thens_.emplace(++last_, [result, then = std::move(then)]() mutable { then(std::move(**result)); });
    start(name, [result, job = std::move(job)]() mutable { result->emplace(job()); });
  }
  // Waits until all jobs have ended; false if they have not within this time. For the stop.
  bool wait(std::chrono::milliseconds at_most);

 private:
  struct Shared {
    std::mutex mutex;
    std::condition_variable ended;
    boost::asio::io_context* main = nullptr;  // null: nobody wants to know any more
    std::size_t running = 0;
  };

  void start(const char* name, std::function<void()> job);
  void end(std::uint64_t id);

  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, std::function<void()>> thens_;
};

}  // namespace naudit::daemon
