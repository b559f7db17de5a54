// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/requester.hpp"

#include <unistd.h>

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
