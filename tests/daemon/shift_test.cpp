// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/shift.hpp"

#include <future>
#include <thread>

#include "tests/support/catch.hpp"

using naudit::daemon::Shift;
using namespace std::chrono_literals;

TEST_CASE("a duty that is taken back in time stays where it was") {
  Shift shift(1h);
  std::thread other([&] { CHECK_FALSE(shift.stand_by()); });
  for (int i = 0; i < 3; ++i) CHECK(shift.take_back(shift.lend()));
  shift.end();
  other.join();
}

TEST_CASE("a duty that does not come back is taken over, and the late one stands by in its place") {
  Shift shift(1ms);
  std::promise<void> taken;
  std::promise<void> taken_again;
  std::thread other([&] {
    CHECK(shift.stand_by());
    taken.set_value();
    const std::uint64_t lent = shift.lend();
    taken_again.get_future().wait();
    CHECK_FALSE(shift.take_back(lent));
    CHECK_FALSE(shift.stand_by());
  });
  const std::uint64_t lent = shift.lend();
  taken.get_future().wait();
  CHECK_FALSE(shift.take_back(lent));
  CHECK(shift.stand_by());
  taken_again.set_value();
  shift.end();
  other.join();
}

TEST_CASE("who stands by sleeps after a quiet time, and the next loan wakes it") {
  Shift shift(1ms);
  std::thread other([&] {
    CHECK(shift.stand_by());
    shift.end();
  });
  while (!shift.is_asleep()) std::this_thread::yield();
  CHECK(shift.take_back(shift.lend()));
  while (!shift.is_asleep()) std::this_thread::yield();
  const std::uint64_t lent = shift.lend();
  other.join();
  CHECK_FALSE(shift.take_back(lent));
}
