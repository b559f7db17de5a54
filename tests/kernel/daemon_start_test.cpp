// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What keeps nauditd from starting: one clear message, and an exit code by cause.
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;

TEST_CASE("a configuration that others can write is refused, with the command that mends it") {
  const Home home;
  const std::string config = home.file("nauditd.yaml");
  REQUIRE(::chmod(config.c_str(), 0666) == 0);
  Nauditd daemon(home);
  CHECK(daemon.wait() == 6);
  CHECK_THAT(daemon.messages(), Contains("chmod") && Contains(config));
}

TEST_CASE("wrong YAML is refused with its place") {
  const Home home;
  write_text(home.file("nauditd.yaml"), "node: none\nkernel: {mode: own\nsinks: []\n");
  Nauditd daemon(home);
  CHECK(daemon.wait() == 6);
  CHECK_THAT(daemon.messages(), Contains(home.file("nauditd.yaml") + ":2:9: is not YAML"));
}

TEST_CASE("an unknown key is refused with the nearest one that exists") {
  const Home home;
  write_text(home.file("nauditd.yaml"), "node: none\nkernle: {mode: own}\n");
  Nauditd daemon(home);
  CHECK(daemon.wait() == 6);
  CHECK_THAT(daemon.messages(), Contains(":2:1: ") && Contains("kernle") && Contains("kernel"));
}

TEST_CASE("a configuration that is not there is refused by its name") {
  const Home home;
  Nauditd daemon(home, Nauditd::As::kRoot, "missing.yaml");
  CHECK(daemon.wait() == 6);
  CHECK_THAT(daemon.messages(), Contains("missing.yaml"));
}

TEST_CASE("without the rights the message names the capability") {
  const Home home;
  for (const char* name : {"", "nauditd.yaml", "rules.yaml"})
    REQUIRE(::chown(home.file(name).c_str(), 65534, 65534) == 0);
  Nauditd daemon(home, Nauditd::As::kNobody);
  CHECK(daemon.wait() == 4);
  CHECK_THAT(daemon.messages(), Contains("CAP_AUDIT_CONTROL"));

  home.configure(Home::kLog, "mode: observe");
  Nauditd observer(home, Nauditd::As::kNobody);
  CHECK(observer.wait() == 4);
  CHECK_THAT(observer.messages(), Contains("CAP_AUDIT_READ"));
}
