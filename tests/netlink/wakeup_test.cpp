// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/wakeup.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "tests/support/catch.hpp"

using naudit::netlink::Wakeup;
using namespace std::chrono_literals;

namespace {

// How long it slept; a sleep that does not end is ended by the test's own time-out.
std::chrono::nanoseconds slept(const Wakeup& wakeup, std::chrono::nanoseconds at_most, int socket = -1) {
  const auto start = Wakeup::Clock::now();
  wakeup.sleep(at_most, socket);
  return Wakeup::Clock::now() - start;
}

}  // namespace

TEST_CASE("a sleep lasts as long as it was given") {
  const Wakeup wakeup;
  CHECK(slept(wakeup, 20ms) >= 20ms);
  CHECK(slept(wakeup, -1s) < 10s);
  CHECK(slept(wakeup, 0s) < 10s);
}

TEST_CASE("a wake-up ends the sleep that is under way, or the next one, and no more than one") {
  const Wakeup wakeup;
  std::thread other([&wakeup] {
    std::this_thread::sleep_for(10ms);
    wakeup.wake();
  });
  CHECK(slept(wakeup, 1h) < 10s);
  other.join();
  wakeup.wake();
  wakeup.wake();
  CHECK(slept(wakeup, std::chrono::nanoseconds::max()) < 10s);
  CHECK(slept(wakeup, 20ms) >= 20ms);
}

TEST_CASE("what can be read ends a sleep on a socket, and no other") {
  int ends[2] = {-1, -1};
  REQUIRE(::socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) == 0);
  const Wakeup wakeup;
  CHECK(slept(wakeup, 20ms, ends[0]) >= 20ms);
  REQUIRE(::send(ends[1], "x", 1, 0) == 1);
  CHECK(slept(wakeup, 1h, ends[0]) < 10s);
  CHECK(slept(wakeup, 20ms) >= 20ms);
  ::close(ends[0]);
  ::close(ends[1]);
}
