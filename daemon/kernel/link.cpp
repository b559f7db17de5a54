// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/link.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/thread.hpp"
#include "netlink/holder.hpp"

namespace naudit::daemon {
namespace {

using std::chrono::steady_clock;

// The kernel's counter of lost records is looked at this often: a loss is told at most so late.
constexpr std::chrono::milliseconds kPoll{1000};
// With events made faster than they are delivered its queue never runs empty.
constexpr std::chrono::milliseconds kDeliver{1000};

}  // namespace

KernelLink::KernelLink(boost::asio::io_context& main, netlink::RequestSocket requests,
                       const netlink::EventSocket& socket, Handlers handlers)
    : main_(main),
      requests_(std::move(requests)),
      socket_(socket),
      handlers_(std::move(handlers)),
      registration_(getpid(), {.poll = kPoll}),
      thread_(base::start_thread("naudit-kernel", [this] { loop_.run(); })) {}

KernelLink::~KernelLink() {
  stop();
}

void KernelLink::start(bool keep_registration) {
  boost::asio::post(loop_, [this, keep_registration] {
    keep_ = keep_registration;
    look();
  });
}

void KernelLink::stop() {
  if (!thread_.joinable()) return;
  boost::asio::post(loop_, [this] {
    timer_.cancel();
    work_.reset();
    loop_.stop();
  });
  thread_.join();
}

void KernelLink::poll() {
  boost::asio::post(loop_, [this] { look(); });
}

void KernelLink::look() {
  const auto status = requests_.status();
  if (status) {
    boost::asio::post(main_, [this, status = *status] { handlers_.on_status(status); });
    if (keep_) {
      auto holder = static_cast<pid_t>(status->pid);
      if (holder != 0 && !netlink::is_alive(holder)) holder = 0;
      take(registration_.on_status(holder, steady_clock::now()));
    }
  }
  arm();
}

void KernelLink::arm() {
  const auto now = steady_clock::now();
  const auto next =
      keep_ ? std::clamp(registration_.poll_at(), now + std::chrono::milliseconds{10}, now + kPoll) : now + kPoll;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

void KernelLink::take(netlink::Registration::Step step) {
  if (step.report) boost::asio::post(main_, [this, report = *step.report] { handlers_.on_registration(report); });
  if (step.request) {
    if (const std::error_code error = socket_.request_registration())
      take(registration_.on_answer(error, steady_clock::now()));
  }
  if (step.poll) boost::asio::post(loop_, [this] { look(); });
}

void KernelLink::on_answer(std::error_code error) {
  boost::asio::post(loop_, [this, error] {
    if (!keep_) return;
    take(registration_.on_answer(error, steady_clock::now()));
    arm();
  });
}

void KernelLink::on_replace(pid_t pid) {
  // Our own un- and re-registration probes the socket, too.
  if (pid == getpid()) return;
  boost::asio::post(loop_, [this, pid] { take(registration_.on_replace(pid)); });
}

bool KernelLink::unregister(std::chrono::milliseconds patience) {
  return wait_for(patience,
                  [this](netlink::RequestSocket& requests) {
                    const bool is_ours = registration_.state() == netlink::Registration::State::kOwn;
                    keep_ = false;
                    timer_.cancel();
                    if (!is_ours) return true;
                    // What the kernel still has queued would go to its log. Neither call can fail in a way that leaves
                    // us more to do.
                    static_cast<void>(requests.wait_until_delivered(kDeliver));
                    static_cast<void>(requests.unregister());
                    return true;
                  })
      .has_value();
}

}  // namespace naudit::daemon
