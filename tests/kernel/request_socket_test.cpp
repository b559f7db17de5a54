// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/request_socket.hpp"

#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

#include <linux/audit.h>
#include <algorithm>
#include <cstring>

using namespace naudit::netlink;
using namespace naudit::test;

namespace {

bool contains(const std::vector<Bytes>& rules, const Bytes& rule) {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

}  // namespace

TEST_CASE("a rule is added, listed byte for byte, and deleted") {
  Control control = open_control();
  const Bytes rule = openat_rule();
  const auto before = control.list_rules();
  REQUIRE(before);
  REQUIRE(control.add_rule(rule));
  const auto with = control.list_rules();
  REQUIRE(with);
  CHECK(with->size() == before->size() + 1);
  CHECK(contains(*with, rule));
  CHECK(control.add_rule(rule).error() == std::errc::file_exists);
  REQUIRE(control.delete_rule(rule));
  CHECK(control.list_rules() == before);
  CHECK(control.delete_rule(rule).error() == std::errc::no_such_file_or_directory);
}

TEST_CASE("a long list of rules comes whole and in order") {
  Control control = open_control();
  const auto before = control.list_rules();
  REQUIRE(before);
  constexpr std::uint32_t kRules = 100;
  std::vector<Bytes> rules;
  for (std::uint32_t i = 0; i < kRules; ++i) {
    rules.push_back(openat_rule());
    const std::uint32_t uid = kTestUid + i;
    std::memcpy(rules.back().data() + offsetof(audit_rule_data, values) + 2 * sizeof uid, &uid, sizeof uid);
    REQUIRE(control.add_rule(rules.back()));
  }
  auto listed = control.list_rules();
  for (const Bytes& rule : rules) {
    CHECK(control.delete_rule(rule));
  }
  REQUIRE(listed);
  std::erase_if(*listed, [&](const Bytes& rule) { return contains(*before, rule); });
  CHECK(listed == rules);
}

TEST_CASE("what the kernel refuses is an error and leaves the socket usable") {
  Control control = open_control();
  CHECK(control.add_rule(Bytes(10)).error() == std::errc::invalid_argument);
  CHECK(control.add_rule(Bytes(2000, std::byte{0xff})).error() == std::errc::invalid_argument);
  CHECK(control.make_equivalent("/nonexistent/a", "/nonexistent/b").error() == std::errc::no_such_file_or_directory);
  CHECK(control.send_user_message(1000, std::string(9000, 'x')).error() == std::errc::message_size);
  CHECK(control.status());
}

TEST_CASE("a status change is seen in the status, and what was not changed stays") {
  Control control = open_control();
  const auto before = control.status();
  REQUIRE(before);
  StatusChange change;
  change.backlog_limit = before->backlog_limit + 1;
  change.rate_limit = 12345;
  change.backlog_wait_time = 100;
  REQUIRE(control.set(change));
  const auto changed = control.status();
  CHECK(
      control.set({std::nullopt, std::nullopt, before->rate_limit, before->backlog_limit, before->backlog_wait_time}));
  REQUIRE(changed);
  CHECK(changed->backlog_limit == before->backlog_limit + 1);
  CHECK(changed->rate_limit == 12345);
  CHECK(changed->backlog_wait_time == 100);
  CHECK(changed->enabled == before->enabled);
  CHECK(changed->failure == before->failure);
  CHECK(control.status()->backlog_limit == before->backlog_limit);
}

TEST_CASE("features, the last signal's sender, a trim and the resets are answered") {
  Control control = open_control();
  CHECK(control.features());
  CHECK(control.signal_sender());
  CHECK(control.trim());
  CHECK(control.reset_backlog_wait_time_actual());
  const auto before = control.status();
  REQUIRE(before);
  CHECK(control.reset_lost() == before->lost);
  CHECK(control.status()->lost == 0);
}

TEST_CASE("a request that is not answered in time is given up, and does not disturb the next") {
  auto impatient = Control::open(std::chrono::milliseconds{0});
  REQUIRE(impatient);
  for (int i = 0; i < 100; ++i) {
    const auto status = impatient->status();
    CHECK((status || status.error() == std::errc::timed_out));
  }
}

TEST_CASE("somebody who is not registered cannot be unregistered by us") {
  Control control = open_control();
  REQUIRE(control.status()->pid == 0);
  CHECK(control.unregister());  // nobody is: nothing to do
}
