// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "tests/support/catch.hpp"

using naudit::base::Descriptor;

namespace {

int opened() {
  const int number = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(number >= 0);
  return number;
}

bool is_open(int number) {
  return ::fcntl(number, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("a descriptor is closed with its owner, and errno is left alone", "[descriptor]") {
  const int number = opened();
  {
    const Descriptor owner(number);
    CHECK(owner);
    CHECK(owner.get() == number);
    errno = ENOENT;
  }
  CHECK(errno == ENOENT);
  CHECK_FALSE(is_open(number));
}

TEST_CASE("an owner of nothing closes nothing", "[descriptor]") {
  CHECK_FALSE(Descriptor());
  CHECK_FALSE(Descriptor(-1));
  errno = 0;
  Descriptor().reset();
  CHECK(errno == 0);
}

TEST_CASE("a descriptor changes hands, and what it replaces is closed", "[descriptor]") {
  const int first = opened(), second = opened();
  Descriptor owner(first);
  Descriptor other(second);
  other = std::move(owner);
  CHECK(other.get() == first);
  CHECK_FALSE(is_open(second));
  CHECK(is_open(first));
  const Descriptor last(std::move(other));
  CHECK(last.get() == first);
  CHECK(is_open(first));
}

TEST_CASE("what was released stays open", "[descriptor]") {
  const int number = opened();
  {
    CHECK(Descriptor(number).release() == number);
  }
  CHECK(is_open(number));
  ::close(number);
}
