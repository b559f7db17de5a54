// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/requester.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/support/catch.hpp"

using namespace naudit::daemon;

TEST_CASE("who a process is comes from /proc, and nobody is nobody") {
  const Requester us = ourselves();
  CHECK(us.pid == getpid());
  CHECK(us.uid == geteuid());
  const Requester nobody = requester_of(-1);
  CHECK(nobody.uid == ~std::uint32_t{0});
  CHECK(nobody.auid == ~std::uint32_t{0});
  CHECK(nobody.subject.empty());
}

TEST_CASE("a process that has ended is known by the pid and the uid that it was seen with only") {
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  const auto process = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  REQUIRE(process >= 0);
  const Requester alive = requester_of(child, 4711, process);
  CHECK(alive.pid == child);
  CHECK(alive.uid == 4711);
  CHECK(alive.auid == ourselves().auid);
  CHECK(alive.ses == ourselves().ses);
  kill(child, SIGKILL);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  const Requester gone = requester_of(child, 4711, process);
  CHECK(gone.pid == child);
  CHECK(gone.uid == 4711);
  CHECK(gone.auid == ~std::uint32_t{0});
  CHECK(gone.ses == ~std::uint32_t{0});
  CHECK(gone.subject.empty());
  close(process);
  // Where there is no pidfd, the number has to do.
  CHECK(requester_of(getpid(), 4711, -1).auid == ourselves().auid);
}
