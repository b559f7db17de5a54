// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/net/network.hpp"

#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "base/thread.hpp"

namespace naudit::output {

struct Network::Loop {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread;
};

Network::Network() = default;

Network::~Network() {
  if (!loop_) return;
  loop_->context.stop();
  // The end of an io_context waits for its resolver, and getaddrinfo() may take as long as it likes; a handler that
  // reads a file, as long as the disk does.
  std::promise<void> ended;
  const std::future<void> end = ended.get_future();
  std::thread undertaker =
      base::start_thread("naudit-net-end", [loop = std::move(loop_), done = std::move(ended)]() mutable {
        loop->thread.join();
        loop.reset();
        done.set_value();
      });
  if (end.wait_for(std::chrono::seconds{1}) == std::future_status::ready)
    undertaker.join();
  else
    undertaker.detach();
}

boost::asio::io_context& Network::loop() {
  if (!loop_) {
    loop_ = std::make_shared<Loop>();
    loop_->thread = base::start_thread("naudit-network", [loop = loop_.get()] { loop->context.run(); });
  }
  return loop_->context;
}

}  // namespace naudit::output
