// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <functional>
#include <future>
#include <thread>
#include <type_traits>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "netlink/event_socket.hpp"
#include "netlink/registration.hpp"
#include "netlink/request_socket.hpp"

namespace naudit::daemon {

// The kernel thread: every request to the kernel, and the registration with its watch.
//
// A thread of its own, apart from the main one, since the kernel may hold the sender of any audit request for up to
// backlog_wait_time while its queue is full (kernel/audit.c, audit_receive); signals, the watchdog and the control
// socket go on meanwhile.
// Owner: the daemon. Public functions are for the main thread, on_answer() and on_replace() for any. The handlers run
// on the kernel thread and must only post.
class KernelLink {
 public:
  struct Handlers {
    std::function<void(const netlink::Registration::Report&)> on_registration;
    std::function<void(const netlink::KernelStatus&)> on_status;
  };

  // `socket` outlives it.
  KernelLink(netlink::RequestSocket requests, const netlink::EventSocket& socket, Handlers handlers);
  KernelLink(const KernelLink&) = delete;
  KernelLink& operator=(const KernelLink&) = delete;
  ~KernelLink();

  // From now on the registration is kept (mode own); else only the status is read.
  void start(bool keep_registration);
  // Runs `work(RequestSocket&)` on the kernel thread.
  template <typename Work>
  auto run(Work work) {
    using Value = std::invoke_result_t<Work, netlink::RequestSocket&>;
    auto task = std::make_shared<std::packaged_task<Value()>>(
        [this, work = std::move(work)]() mutable { return work(requests_); });
    auto result = task->get_future();
    boost::asio::post(loop_, [task] { (*task)(); });
    return result;
  }
  // Gives the registration back, if we have it. The drain thread must still be reading.
  void unregister();
  // Looks at the status now.
  void poll();
  void stop();

  void on_answer(std::error_code error);
  void on_replace(pid_t pid);

 private:
  void take(netlink::Registration::Step step);
  void look();
  void arm();

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
