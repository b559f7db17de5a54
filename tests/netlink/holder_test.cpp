// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/holder.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/support/catch.hpp"

using namespace naudit::netlink;

TEST_CASE("a process is described by its pid and its name, made printable") {
  char before[16];
  REQUIRE(::prctl(PR_GET_NAME, before) == 0);
  REQUIRE(::prctl(PR_SET_NAME, "a) b\x01") == 0);
  const std::string text = describe_process(::getpid());
  ::prctl(PR_SET_NAME, before);
  CHECK(text == "pid " + std::to_string(::getpid()) + " (a) b?)");
}

TEST_CASE("a process that is gone has no name and is not alive") {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
  CHECK_FALSE(is_alive(child));  // a zombie
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK_FALSE(is_alive(child));
  CHECK(describe_process(child) == "pid " + std::to_string(child));
}

TEST_CASE("we are alive, pid 0 and negative ones are not") {
  CHECK(is_alive(::getpid()));
  CHECK(is_alive(1));
  CHECK_FALSE(is_alive(0));
  CHECK_FALSE(is_alive(-1));
}
