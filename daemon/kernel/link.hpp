// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/within.hpp"
#include "netlink/event_socket.hpp"
#include "netlink/registration.hpp"
#include "netlink/request_socket.hpp"

namespace naudit::daemon {

// The kernel thread: every request to the kernel, and the registration with its watch.
//
// A thread of its own, apart from the main one, since the kernel may hold the sender of any audit request for up to
// backlog_wait_time while its queue is full (kernel/audit.c, audit_receive); signals, the watchdog and the control
// socket go on meanwhile. So it answers by message: what comes of a request is posted to the main loop, and nobody
// waits for it but the stop, for a bounded time (wait_for()). Owner: the daemon, whose main loop outlives it. Public
// functions are for the main thread, on_answer() and on_replace() for any. The handlers run on the main loop.
class KernelLink {
 public:
  struct Handlers {
    std::function<void(const netlink::Registration::Report&)> on_registration;
    std::function<void(const netlink::KernelStatus&)> on_status;
  };

  // `socket` outlives it.
  KernelLink(boost::asio::io_context& main, netlink::RequestSocket requests, const netlink::EventSocket& socket,
             Handlers handlers);
  KernelLink(const KernelLink&) = delete;
  KernelLink& operator=(const KernelLink&) = delete;
  ~KernelLink();

  // From now on the registration is kept (mode own); else only the status is read.
  void start(bool keep_registration);

  // Runs `job(RequestSocket&)` on the kernel thread, and then `then(what it returned)` on the main loop; jobs run in
  // the order in which they were given. A job owns what it uses, returns a value, and does not throw.
  template <typename Job, typename Then>
  void run(Job job, Then then) {
    boost::asio::post(loop_, [this, job = std::move(job), then = std::move(then)]() mutable {
      boost::asio::post(main_,
                        [then = std::move(then), result = job(requests_)]() mutable { then(std::move(result)); });
    });
  }
  // The same for what must be answered in time: `then` gets an optional, which is empty if `patience` has passed first.
  // The job runs all the same.
  template <typename Job, typename Then>
  void run_within(std::chrono::milliseconds patience, Job job, Then then) {
    using Value = std::invoke_result_t<Job&, netlink::RequestSocket&>;
    run(std::move(job), within<Value>(main_, patience, std::move(then)));
  }
  // Only for the stop, which may wait: what the job returned, or nothing if `patience` has passed first.
  template <typename Job>
  auto wait_for(std::chrono::milliseconds patience, Job job) {
    using Value = std::invoke_result_t<Job&, netlink::RequestSocket&>;
    auto task = std::make_shared<std::packaged_task<Value()>>(
        [this, job = std::move(job)]() mutable { return job(requests_); });
    auto result = task->get_future();
    boost::asio::post(loop_, [task] { (*task)(); });
    return result.wait_for(patience) == std::future_status::ready ? std::optional<Value>(result.get()) : std::nullopt;
  }

  // Gives the registration back, if we have it; false if the kernel has not answered in time. Waits as wait_for() does.
  // The drain thread must still be reading.
  bool unregister(std::chrono::milliseconds patience);
  // Looks at the status now.
  void poll();
  void stop();

  void on_answer(std::error_code error);
  void on_replace(pid_t pid);

 private:
  void take(netlink::Registration::Step step);
  void look();
  void arm();

  boost::asio::io_context& main_;
  netlink::RequestSocket requests_;
  const netlink::EventSocket& socket_;
  Handlers handlers_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{loop_.get_executor()};
  boost::asio::steady_timer timer_{loop_};
  netlink::Registration registration_;
  bool keep_ = false;
  std::thread thread_;
};

}  // namespace naudit::daemon
