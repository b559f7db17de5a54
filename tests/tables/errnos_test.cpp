// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/errnos.hpp"

#include <cerrno>

#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

TEST_CASE("every errno that has a name is found again by that name") {
  int known = 0;
  for (int number = -1; number < 600; ++number) {
    const std::string_view name = errno_name(number);
    if (name.empty()) continue;
    ++known;
    CHECK(errno_number(name) == number);
  }
  CHECK(known > 145);
}

TEST_CASE("errno names are the kernel's, its private ones included") {
  CHECK(errno_name(EACCES) == "EACCES");
  CHECK(errno_name(EAGAIN) == "EAGAIN");
  CHECK(errno_name(EDEADLK) == "EDEADLK");
  CHECK(errno_name(EHWPOISON) == "EHWPOISON");
  CHECK(errno_name(512) == "ERESTARTSYS");
  CHECK(errno_name(530) == "ERECALLCONFLICT");
  CHECK(errno_number("EWOULDBLOCK") == EAGAIN);
  CHECK(errno_number("EPERM") == EPERM);
}

TEST_CASE("a number that is no errno has no name") {
  CHECK(errno_name(0).empty());
  CHECK(errno_name(-13).empty());
  CHECK(errno_name(41).empty());
  CHECK(errno_name(531).empty());
  CHECK(errno_name(2147483647).empty());
  CHECK_FALSE(errno_number("eperm"));
  CHECK_FALSE(errno_number(""));
}

}  // namespace
}  // namespace naudit::tables
