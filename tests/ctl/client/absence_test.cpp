// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/absence.hpp"

#include "tests/support/catch.hpp"

using naudit::ctl::absence_text;

TEST_CASE("who is in the way of nauditd is named, and what to do about it") {
  CHECK(absence_text({}) == "; start it with: systemctl start nauditd");
  CHECK(absence_text({.holder = "pid 812 (auditd)", .unit_result = ""}) ==
        "; pid 812 (auditd) is this machine's audit daemon, stop it first: systemctl stop auditd; start it with: "
        "systemctl start nauditd");
  CHECK(absence_text({.holder = "pid 7 (go-audit)", .unit_result = ""}) ==
        "; pid 7 (go-audit) is this machine's audit daemon; start it with: systemctl start nauditd");
  CHECK(absence_text({.holder = "", .unit_result = "exit-code, status 6"}) ==
        "; its unit nauditd.service has failed (exit-code, status 6); 'journalctl -u nauditd' says why");
}
