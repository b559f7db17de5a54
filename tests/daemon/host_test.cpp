// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/host.hpp"

#include "tests/support/catch.hpp"

using naudit::daemon::keeps_unsent_records;

TEST_CASE("only a kernel that was booted with audit=1 keeps what it cannot send") {
  CHECK(keeps_unsent_records("root=/dev/sda1 audit=1 quiet"));
  CHECK(keeps_unsent_records("audit=on\n"));
  CHECK(keeps_unsent_records("audit=0 audit=1"));
  CHECK_FALSE(keeps_unsent_records(""));
  CHECK_FALSE(keeps_unsent_records("root=/dev/sda1 audit_backlog_limit=8192 xaudit=1"));
  CHECK_FALSE(keeps_unsent_records("audit=1 audit=0"));
  CHECK_FALSE(keeps_unsent_records("audit=off"));
}
