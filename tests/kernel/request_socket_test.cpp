// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/request_socket.hpp"

#include <linux/audit.h>

#include <algorithm>
#include <cstring>

#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace naudit::test;

namespace {

bool contains(const std::vector<Bytes>& rules, const Bytes& rule) {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

}  // namespace

TEST_CASE("a rule is added, listed byte for byte, and deleted") {
  RequestSocket requests = open_requests();
  const Bytes rule = openat_rule();
  const auto before = requests.list_rules();
  REQUIRE(before);
  REQUIRE(requests.add_rule(rule));
  const auto with = requests.list_rules();
  REQUIRE(with);
  CHECK(with->size() == before->size() + 1);
  CHECK(contains(*with, rule));
  CHECK(requests.add_rule(rule).error() == std::errc::file_exists);
  REQUIRE(requests.delete_rule(rule));
  CHECK(requests.list_rules() == before);
  CHECK(requests.delete_rule(rule).error() == std::errc::no_such_file_or_directory);
}

TEST_CASE("a long list of rules comes whole and in order") {
  RequestSocket requests = open_requests();
  const auto before = requests.list_rules();
  REQUIRE(before);
  constexpr std::uint32_t kRules = 100;
  std::vector<Bytes> rules;
  for (std::uint32_t i = 0; i < kRules; ++i) {
    rules.push_back(openat_rule());
    const std::uint32_t uid = kTestUid + i;
    std::memcpy(rules.back().data() + offsetof(audit_rule_data, values) + 2 * sizeof uid, &uid, sizeof uid);
    REQUIRE(requests.add_rule(rules.back()));
  }
  auto listed = requests.list_rules();
  for (const Bytes& rule : rules) CHECK(requests.delete_rule(rule));
  REQUIRE(listed);
  std::erase_if(*listed, [&](const Bytes& rule) { return contains(*before, rule); });
  CHECK(listed == rules);
}

TEST_CASE("what the kernel refuses is an error and leaves the socket usable") {
  RequestSocket requests = open_requests();
  CHECK(requests.add_rule(Bytes(10)).error() == std::errc::invalid_argument);
  CHECK(requests.add_rule(Bytes(2000, std::byte{0xff})).error() == std::errc::invalid_argument);
  CHECK(requests.make_equivalent("/nonexistent/a", "/nonexistent/b").error() == std::errc::no_such_file_or_directory);
  CHECK(requests.send_user_message(1000, std::string(9000, 'x')).error() == std::errc::message_size);
  CHECK(requests.status());
}

TEST_CASE("a status change is seen in the status, and what was not changed stays") {
  RequestSocket requests = open_requests();
  const auto before = requests.status();
  REQUIRE(before);
  StatusChange change;
  change.backlog_limit = before->backlog_limit + 1;
  change.rate_limit = 12345;
  change.backlog_wait_time = 100;
  REQUIRE(requests.set(change));
  const auto changed = requests.status();
  CHECK(
      requests.set({std::nullopt, std::nullopt, before->rate_limit, before->backlog_limit, before->backlog_wait_time}));
  REQUIRE(changed);
  CHECK(changed->backlog_limit == before->backlog_limit + 1);
  CHECK(changed->rate_limit == 12345);
  CHECK(changed->backlog_wait_time == 100);
  CHECK(changed->enabled == before->enabled);
  CHECK(changed->failure == before->failure);
  CHECK(requests.status()->backlog_limit == before->backlog_limit);
}

TEST_CASE("features, the last signal's sender, a trim and the resets are answered") {
  RequestSocket requests = open_requests();
  CHECK(requests.features());
  CHECK(requests.signal_sender());
  CHECK(requests.trim());
  CHECK(requests.reset_backlog_wait_time_actual());
  const auto before = requests.status();
  REQUIRE(before);
  CHECK(requests.reset_lost() == before->lost);
  CHECK(requests.status()->lost == 0);
}

TEST_CASE("a request that is not answered in time is given up, and does not disturb the next") {
  auto impatient = RequestSocket::open(std::chrono::milliseconds{0});
  REQUIRE(impatient);
  for (int i = 0; i < 100; ++i) {
    const auto status = impatient->status();
    CHECK((status || status.error() == std::errc::timed_out));
  }
}

TEST_CASE("somebody who is not registered cannot be unregistered by us") {
  RequestSocket requests = open_requests();
  REQUIRE(requests.status()->pid == 0);
  CHECK(requests.unregister());  // nobody is: nothing to do
}
