// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The kernel's rules while nauditd runs.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;
using naudit::netlink::Bytes;

namespace {

const std::string kReport = "rules: {files: [rules.yaml], drift: report}\n";

// Somebody else's: the same except for another uid, and without our key.
Bytes foreign_rule() {
  Bytes rule = openat_rule();
  std::byte* const key = rule.data() + rule.size() - kTestKey.size();
  std::fill_n(key, kTestKey.size(), std::byte{'z'});
  return rule;
}

}  // namespace

TEST_CASE("a rule of ours that somebody deletes comes back and is told; the rules of others stay") {
  const Home home;
  const std::string log = home.file("events.json");
  auto requests = open_requests();
  const Bytes foreign = foreign_rule();
  REQUIRE(requests.add_rule(foreign));
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  const auto loaded = our_rules();
  CHECK(loaded.size() == 1);
  delete_our_rules();
  CHECK(wait_until([&] { return our_rules() == loaded; }));
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"rules-drift\"") == 1; }));
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"load-rules\"") == 2; }));
  CHECK(daemon.wait_for_message("somebody changed the rules"));
  CHECK(daemon.stop() == 0);
  CHECK(our_rules() == loaded);
  CHECK(requests.delete_rule(foreign));
  delete_our_rules();
}

TEST_CASE("against one who keeps deleting, nauditd heals ever more rarely, and wins when he stops") {
  const Home home;
  const std::string log = home.file("events.json");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  const auto loaded = our_rules();
  REQUIRE(loaded.size() == 1);
  std::size_t deleted = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < end) {
    if (!our_rules().empty()) {
      delete_our_rules();
      ++deleted;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  // At once, and after 1, 2, 4 s and a tick each; not after every one of some 500 looks.
  CHECK(deleted >= 3);
  CHECK(deleted <= 6);
  CHECK(wait_until([&] { return our_rules() == loaded; }));
  CHECK(count_lines_with(log, "\"op\":\"rules-drift\"") >= 3);
  CHECK_THAT(daemon.messages(), Contains("somebody keeps changing them"));
  CHECK(daemon.stop() == 0);
  delete_our_rules();
}

TEST_CASE("a rule that somebody else loads and removes is told, and left alone") {
  const Home home;
  const std::string log = home.file("events.json");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  auto requests = open_requests();
  const Bytes foreign = foreign_rule();
  REQUIRE(requests.add_rule(foreign));
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"rules-of-others\"") == 1; }));
  REQUIRE(requests.delete_rule(foreign));
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"rules-of-others\"") == 2; }));
  CHECK(count_lines_with(log, "\"op\":\"rules-drift\"") == 0);
  CHECK(our_rules().size() == 1);
  CHECK(daemon.stop() == 0);
  delete_our_rules();
}

TEST_CASE("drift: report only tells") {
  const Home home;
  const std::string log = home.file("events.json");
  home.configure(Home::kLog, "", kReport);
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  delete_our_rules();
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"rules-drift\"") == 1; }));
  CHECK(our_rules().empty());
  CHECK(daemon.stop() == 0);
  CHECK(our_rules().empty());
  CHECK(count_lines_with(log, "\"op\":\"load-rules\"") == 1);
}

TEST_CASE("with an error in a rule file nauditd runs, says where it is, and delivers what else comes") {
  const Home home;
  const std::string log = home.file("events.json");
  home.set_rules("rules:\n  - key: naudit-test\n    syscals: [openat]\n");
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  CHECK_THAT(daemon.messages(), Contains("rules.yaml:3:5") && Contains("syscalls"));
  CHECK(our_rules().empty());
  CHECK(wait_until([&] { return count_lines_with(log, "\"op\":\"load-rules\"") == 1; }));
  REQUIRE(open_requests().send_user_message(1112, "op=login acct=\"jo\" res=success"));
  CHECK(wait_until([&] { return count_lines_with(log, "\"user_login\"") == 1; }));

  home.set_rules(kOpenatRule);
  daemon.signal(SIGHUP);
  CHECK(wait_until([&] { return our_rules().size() == 1; }));
  CHECK(daemon.stop() == 0);
  delete_our_rules();
}
