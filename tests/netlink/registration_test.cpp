// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/registration.hpp"

#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace std::chrono_literals;

namespace {

using State = Registration::State;
using Change = Registration::Change;

constexpr pid_t kOwn = 100;
constexpr pid_t kOther = 812;
const TimePoint kStart = TimePoint{} + 1h;

std::error_code error(std::errc code) {
  return std::make_error_code(code);
}

Registration::Report told(const Registration::Step& step) {
  if (!step.report) {
    FAIL("nothing was told");
    return {};
  }
  return *step.report;
}

Registration registered() {
  Registration registration{kOwn};
  registration.on_status(0, kStart);
  registration.on_answer({}, kStart);
  return registration;
}

}  // namespace

TEST_CASE("the status is wanted at once") {
  CHECK(Registration{kOwn}.poll_at() <= kStart);
  CHECK(Registration{kOwn}.state() == State::kPending);
}

TEST_CASE("when nobody is registered, we ask, and the answer makes us the audit daemon") {
  Registration registration{kOwn};
  const auto ask = registration.on_status(0, kStart);
  CHECK(ask.request);
  CHECK_FALSE(ask.report);
  const auto answer = registration.on_answer({}, kStart);
  CHECK(told(answer).change == Change::kRegistered);
  CHECK(registration.state() == State::kOwn);
  CHECK(registration.poll_at() == kStart + 5s);
}

TEST_CASE("an answer that got lost is made up for by the status") {
  Registration registration{kOwn};
  registration.on_status(0, kStart);
  const auto step = registration.on_status(kOwn, kStart + 100ms);
  CHECK_FALSE(step.request);
  CHECK(told(step).change == Change::kRegistered);
}

TEST_CASE("a registration that is in order is not news") {
  auto registration = registered();
  const auto step = registration.on_status(kOwn, kStart + 5s);
  CHECK_FALSE(step.request);
  CHECK_FALSE(step.report);
  CHECK(registration.poll_at() == kStart + 10s);
}

TEST_CASE("a registration that vanished is told and renewed") {
  auto registration = registered();
  const auto step = registration.on_status(0, kStart + 5s);
  CHECK(step.request);
  CHECK(told(step).change == Change::kLost);
  CHECK(registration.state() == State::kLost);
  CHECK(told(registration.on_answer({}, kStart + 5s)).change == Change::kRegistered);
}

TEST_CASE("as long as asking does not help it is repeated ever more rarely, and told once") {
  auto registration = registered();
  TimePoint now = kStart + 5s;
  CHECK(registration.on_status(0, now).report);
  std::chrono::milliseconds last{0};
  for (int i = 0; i < 20; ++i) {
    const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(registration.poll_at() - now);
    CHECK(delay >= last);
    CHECK(delay <= 10s);
    last = delay;
    now = registration.poll_at();
    const auto step = registration.on_status(0, now);
    CHECK(step.request);
    CHECK_FALSE(step.report);
  }
  CHECK(last == 10s);
}

TEST_CASE("another daemon at the start is named once and left alone") {
  Registration registration{kOwn};
  const auto step = registration.on_status(kOther, kStart);
  CHECK_FALSE(step.request);
  CHECK(told(step).change == Change::kHeld);
  CHECK(told(step).holder == kOther);
  CHECK(registration.state() == State::kTaken);
  CHECK(registration.holder() == kOther);
  CHECK_FALSE(registration.on_status(kOther, kStart + 5s).report);
  CHECK(told(registration.on_status(kOther + 1, kStart + 10s)).holder == kOther + 1);
}

TEST_CASE("a daemon that took over from us is told as that, and followed when it is gone") {
  auto registration = registered();
  const auto taken = registration.on_status(kOther, kStart + 5s);
  CHECK(told(taken).change == Change::kTaken);
  CHECK_FALSE(taken.request);
  const auto gone = registration.on_status(0, kStart + 10s);
  CHECK(gone.request);
  CHECK_FALSE(gone.report);
  CHECK(told(registration.on_answer({}, kStart + 10s)).change == Change::kRegistered);
}

TEST_CASE("when the kernel says that somebody is registered already, the status tells who") {
  Registration registration{kOwn};
  registration.on_status(0, kStart);
  const auto step = registration.on_answer(error(std::errc::file_exists), kStart);
  CHECK(step.poll);
  CHECK_FALSE(step.report);
  CHECK(told(registration.on_status(kOther, kStart)).change == Change::kHeld);
}

TEST_CASE("the one who is registered already may be ourselves") {
  Registration registration{kOwn};
  registration.on_status(0, kStart);
  registration.on_answer(error(std::errc::file_exists), kStart);
  CHECK(told(registration.on_status(kOwn, kStart)).change == Change::kRegistered);
}

TEST_CASE("a refusal is told once for each reason") {
  Registration registration{kOwn};
  registration.on_status(0, kStart);
  const auto step = registration.on_answer(error(std::errc::operation_not_permitted), kStart);
  CHECK(told(step).change == Change::kRefused);
  CHECK(told(step).error == std::errc::operation_not_permitted);
  CHECK_FALSE(registration.on_answer(error(std::errc::operation_not_permitted), kStart).report);
  CHECK(registration.on_answer(error(std::errc::connection_refused), kStart).report);
}

TEST_CASE("a probe for somebody else is an attempt to take over, one for ourselves is not") {
  const auto registration = registered();
  const auto step = registration.on_replace(kOther);
  CHECK(step.poll);
  CHECK(told(step).change == Change::kTakeOverAttempt);
  CHECK(told(step).holder == kOther);
  CHECK_FALSE(registration.on_replace(kOwn).report);
}
