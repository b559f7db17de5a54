// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>

#include "netlink/pause.hpp"

namespace naudit::netlink {

// Who is the audit daemon: the state machine behind the registration. Pure: it is told what was seen and when, and says
// what to do; the kernel thread does it. Not thread-safe.
//
// The kernel drops a registration without a word when it cannot deliver (kernel/audit.c, auditd_reset), and it has no
// message for "somebody else has it now": only AUDIT_GET tells. So the status is polled, and:
//   - nobody registered: register (at once, then with growing delays while that does not help);
//   - we: fine;
//   - another live process: say so once, leave it alone, and register when it is gone. Two daemons that take the
//     registration from each other in turn would both be useless.
class Registration {
 public:
  enum class State : std::uint8_t { kPending, kOwn, kLost, kTaken };

  enum class Change : std::uint8_t {
    kRegistered,      // we are the audit daemon now
    kLost,            // we were, now nobody is
    kTaken,           // we were, now `holder` is
    kHeld,            // we never were: `holder` is
    kRefused,         // the kernel says no: `error`
    kTakeOverAttempt  // `holder` tries to register; the kernel refuses that as long as we are alive
  };
  struct Report {
    Change change{};
    pid_t holder = 0;
    std::error_code error;
  };

  // What to do now.
  struct Step {
    bool request = false;  // EventSocket::request_registration()
    bool poll = false;     // RequestSocket::status(), and then on_status()
    std::optional<Report> report;
  };

  struct Times {
    std::chrono::milliseconds poll{5000};  // between two looks at a registration that is in order
    std::chrono::milliseconds retry{100};  // before the first repetition; doubles from there
    std::chrono::milliseconds longest{10'000};
  };

  explicit Registration(pid_t own) noexcept : Registration(own, Times{}) {}
  Registration(pid_t own, Times times) noexcept : own_(own), times_(times), retry_(times.retry) {}

  // AUDIT_GET's pid. A holder that is no longer alive (is_alive() of holder.hpp) has to be given as 0: the kernel goes
  // on naming it, but lets it be replaced.
  Step on_status(pid_t registered, TimePoint now);
  // The kernel's answer to the request, or the error of sending it.
  Step on_answer(std::error_code error, TimePoint now);
  // The kernel tested the registered socket because `pid` changes the registration.
  Step on_replace(pid_t pid) const;

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] pid_t holder() const noexcept { return holder_; }  // of kTaken
  // When to look at the status next. The first time: at once.
  [[nodiscard]] TimePoint poll_at() const noexcept { return poll_at_; }

 private:
  Step registered(TimePoint now);
  Step nobody(TimePoint now);
  Step somebody(pid_t holder, TimePoint now);
  void back_off(TimePoint now);

  pid_t own_;
  Times times_;
  State state_ = State::kPending;
  pid_t holder_ = 0;
  std::error_code refused_;
  std::chrono::milliseconds retry_;
  TimePoint poll_at_{};
};

}  // namespace naudit::netlink
