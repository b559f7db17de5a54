// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/registration.hpp"

#include <algorithm>

namespace naudit::netlink {

Registration::Step Registration::on_status(pid_t registered_pid, TimePoint now) {
  if (registered_pid == own_) return registered(now);
  return registered_pid == 0 ? nobody(now) : somebody(registered_pid, now);
}

Registration::Step Registration::on_answer(std::error_code error, TimePoint now) {
  if (!error) return registered(now);
  // Somebody is registered, maybe even ourselves by a request whose answer got lost: AUDIT_GET knows who.
  if (error == std::errc::file_exists) return {false, true, std::nullopt};
  Step step;
  if (error != refused_) {
    refused_ = error;
    step.report = Report{Change::kRefused, 0, error};
  }
  return step;
}

Registration::Step Registration::on_replace(pid_t pid) const {
  if (pid == own_) return {};
  return {false, true, Report{Change::kTakeOverAttempt, pid, {}}};
}

Registration::Step Registration::registered(TimePoint now) {
  Step step;
  if (state_ != State::kOwn) step.report = Report{Change::kRegistered, own_, {}};
  state_ = State::kOwn;
  holder_ = 0;
  refused_ = {};
  retry_ = times_.retry;
  poll_at_ = now + times_.poll;
  return step;
}

Registration::Step Registration::nobody(TimePoint now) {
  Step step{true, false, std::nullopt};
  if (state_ == State::kOwn) {
    step.report = Report{Change::kLost, 0, {}};
    state_ = State::kLost;
  } else if (state_ == State::kTaken) {
    state_ = State::kPending;
  }
  holder_ = 0;
  back_off(now);
  return step;
}

Registration::Step Registration::somebody(pid_t holder, TimePoint now) {
  Step step;
  if (state_ != State::kTaken || holder_ != holder) {
    const bool had_it = state_ == State::kOwn || state_ == State::kLost;
    step.report = Report{had_it ? Change::kTaken : Change::kHeld, holder, {}};
  }
  state_ = State::kTaken;
  holder_ = holder;
  retry_ = times_.retry;
  poll_at_ = now + times_.poll;
  return step;
}

void Registration::back_off(TimePoint now) {
  poll_at_ = now + retry_;
  retry_ = std::min(2 * retry_, times_.longest);
}

}  // namespace naudit::netlink
