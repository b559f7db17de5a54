// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "netlink/event_socket.hpp"

#include <linux/audit.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <set>
#include <string>

#include "netlink/holder.hpp"
#include "netlink/request.hpp"
#include "tests/kernel/daemon.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace naudit::test;
using namespace std::chrono_literals;
using Mode = EventSocket::Mode;

namespace {

constexpr std::size_t kLarge = 64U << 20U;

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The numbers of the generator's files, in the order in which they came.
std::vector<unsigned long> numbers(const Daemon::Seen& seen) {
  static constexpr std::string_view kName = "name=\"/nonexistent/";
  std::vector<unsigned long> found;
  for (const auto& record : seen.records) {
    const std::size_t at = record.text.find(kName);
    if (record.type == AUDIT_PATH && at != std::string::npos)
      found.push_back(std::stoul(record.text.substr(at + kName.size())));
  }
  return found;
}

// What another process gets for an answer when it tries to register.
int register_from_another_process(pid_t& other) {
  other = ::fork();
  if (other == 0) {
    const auto socket = EventSocket::open(Mode::kOwn, kLarge);
    if (!socket || socket->request_registration()) ::_exit(255);
    pollfd ready{socket->fd(), POLLIN, 0};
    ::poll(&ready, 1, 5000);
    alignas(nlmsghdr) std::byte buffer[512];
    const ssize_t size = ::recv(socket->fd(), buffer, sizeof buffer, MSG_DONTWAIT);
    const Classified answer = classify({std::span(buffer).first(size > 0 ? static_cast<std::size_t>(size) : 0)});
    ::_exit(answer.content == Content::kAck ? -answer.ack.error : 255);
  }
  int status = 0;
  REQUIRE(::waitpid(other, &status, 0) == other);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

// Sends a forged record to a port and, unless it is 0, to a group: 0, or why it could not be sent.
int forge(std::uint32_t port, unsigned group = 0) {
  const auto socket = open_socket(0);
  REQUIRE(socket);
  const Bytes forged = encode(user_message_request(AUDIT_USER_AVC, "audit(1.0:1): forged"), 1);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_pid = port;
  address.nl_groups = group == 0 ? 0U : 1U << (group - 1);
  const ssize_t sent = ::sendto(mnl_socket_get_fd(socket->get()), forged.data(), forged.size(), 0,
                                reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return sent == static_cast<ssize_t>(forged.size()) ? 0 : errno;
}

}  // namespace

TEST_CASE("registering and unregistering in the middle of a load loses no record in between") {
  const Audited audited;
  RequestSocket requests = open_requests();
  const Generator generator(kForever);
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  CHECK(requests.status()->pid == static_cast<std::uint32_t>(::getpid()));
  REQUIRE(daemon.wait_until([](const auto& seen) { return seen.whole > 3000; }));
  REQUIRE(requests.unregister());
  CHECK(daemon.stop());
  const auto found = numbers(daemon.seen());
  REQUIRE(found.size() > 2900);
  CHECK(found.back() - found.front() == found.size() - 1);
  CHECK(std::is_sorted(found.begin(), found.end()));
  CHECK(daemon.counters().overruns.value() == 0);
}

TEST_CASE("the texts of unicast records are whole to the last byte") {
  const Audited audited;
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  Generator(3).wait();
  REQUIRE(daemon.wait_until([](const auto& seen) { return seen.whole >= 3; }));
  REQUIRE(open_requests().unregister());
  CHECK(daemon.stop());
  const std::string uid = " uid=" + std::to_string(kTestUid) + " ";
  std::set<std::string> ours;  // other processes may have events, too
  for (const auto& record : daemon.seen().records) {
    if (record.type == AUDIT_SYSCALL && record.text.find(uid) != std::string::npos) {
      ours.insert(stamp(record.text));
      CHECK(record.text.find(" key=\"" + std::string(kTestKey) + "\"") != std::string::npos);
    }
  }
  CHECK(ours.size() == 3);
  std::size_t checked = 0;
  for (const auto& record : daemon.seen().records) {
    if (ours.count(stamp(record.text)) == 0 || record.type == AUDIT_SYSCALL) continue;
    ++checked;
    INFO(record.type << ": " << record.text);
    if (record.type == AUDIT_EOE)
      CHECK(ends_with(record.text, "): "));
    else if (record.type == AUDIT_CWD)
      CHECK(ends_with(record.text, "\""));
    else if (record.type == AUDIT_PATH)
      CHECK(ends_with(record.text, " cap_frootid=0"));
  }
  CHECK(checked == 3 * (kRecordsPerEvent - 1));
}

TEST_CASE("a burst of 20,000 events arrives completely") {
  const Audited audited;
  RequestSocket requests = open_requests();
  const auto lost = requests.status()->lost;
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  constexpr std::size_t kEvents = 20'000;
  Generator(kEvents).wait();
  const std::string key = "key=\"" + std::string(kTestKey) + "\"";
  REQUIRE(daemon.wait_until([](const auto& seen) { return seen.whole >= kEvents; }));
  REQUIRE(requests.unregister());
  CHECK(daemon.stop());
  const auto& seen = daemon.seen();
  CHECK(seen.count(AUDIT_SYSCALL, key) == kEvents);
  const auto found = numbers(seen);
  CHECK(found.size() == kEvents);
  CHECK(found.back() == kEvents - 1);
  CHECK(seen.count(AUDIT_CWD) >= kEvents);
  CHECK(seen.count(AUDIT_PROCTITLE) >= kEvents);
  CHECK(requests.status()->lost == lost);
  CHECK(daemon.counters().truncated.value() == 0);
}

TEST_CASE("what the kernel has queued at the stop is delivered before we unregister") {
  const Audited audited;
  RequestSocket requests = open_requests();
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  constexpr std::size_t kEvents = 5'000;
  Generator(kEvents).wait();
  CHECK(requests.wait_until_delivered(10s) == true);
  REQUIRE(requests.unregister());
  CHECK(daemon.stop());
  CHECK(daemon.seen().whole == kEvents);
}

TEST_CASE("unregistering under full load does not hang") {
  const Audited audited;
  RequestSocket requests = open_requests();
  const Generator one(kForever);
  const Generator two(kForever);
  for (int round = 0; round < 5; ++round) {
    Daemon daemon(Mode::kOwn, kLarge);
    REQUIRE_FALSE(daemon.register_pid());
    REQUIRE(daemon.wait_until([](const auto& seen) { return seen.records.size() > 10'000; }));
    const auto start = std::chrono::steady_clock::now();
    REQUIRE(requests.unregister());
    CHECK(daemon.stop());
    CHECK(std::chrono::steady_clock::now() - start < 30s);
    CHECK(requests.status()->pid == 0);
  }
}

TEST_CASE("a second daemon is refused, the holder has a name, and the holder learns of the attempt") {
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  pid_t other = 0;
  CHECK(register_from_another_process(other) == EEXIST);
  CHECK(daemon.wait_until([other](const auto& seen) {
    return std::find(seen.probes.begin(), seen.probes.end(), other) != seen.probes.end();
  }));
  const auto holder = static_cast<pid_t>(open_requests().status()->pid);
  CHECK(describe_process(holder) == "pid " + std::to_string(::getpid()) + " (kernel_test)");
  REQUIRE(open_requests().unregister());
  CHECK(daemon.stop());
}

TEST_CASE("we ourselves are refused while we are registered") {
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  CHECK(daemon.register_pid() == std::errc::file_exists);
  REQUIRE(open_requests().unregister());
  CHECK(daemon.stop());
}

TEST_CASE("a registered process that has died is replaced") {
  pid_t other = 0;
  CHECK(register_from_another_process(other) == 0);
  CHECK_FALSE(is_alive(other));
  Daemon daemon(Mode::kOwn, kLarge);
  CHECK_FALSE(daemon.register_pid());
  REQUIRE(open_requests().unregister());
  CHECK(daemon.stop());
}

TEST_CASE("an observer sees the same records without being registered") {
  const Audited audited;
  Daemon daemon(Mode::kObserve, kLarge);
  Generator(20).wait();
  REQUIRE(daemon.wait_until([](const auto& seen) { return seen.whole >= 20; }));
  CHECK(open_requests().status()->pid == 0);
  CHECK(daemon.stop());
  CHECK(numbers(daemon.seen()).size() == 20);
  for (const auto& record : daemon.seen().records)
    if (record.type == AUDIT_PATH && record.text.find("/nonexistent/") != std::string::npos)
      CHECK(ends_with(record.text, " cap_frootid=0"));
}

TEST_CASE("a receive buffer that overflows is counted") {
  const Audited audited;
  Daemon daemon(Mode::kObserve, 1, false);
  CHECK(daemon.socket().receive_buffer() < 4096);
  Generator(200).wait();
  // The generator's records are sent by a kernel thread; what is asked for later comes after them.
  Daemon witness(Mode::kObserve, kLarge);
  Generator(1).wait();
  REQUIRE(witness.wait_until([](const auto& seen) { return seen.whole >= 1; }));
  daemon.resume_reading();
  CHECK(daemon.wait_until([](const auto& seen) { return !seen.records.empty(); }));
  CHECK(daemon.stop());
  CHECK(daemon.counters().overruns.value() >= 1);
  CHECK(numbers(daemon.seen()).size() < 200);
}

TEST_CASE("a large receive buffer is obtained") {
  Daemon daemon(Mode::kOwn, kLarge);
  CHECK(daemon.socket().receive_buffer() == kLarge);
  CHECK(daemon.stop());
}

TEST_CASE("what another process sends to our port is refused by the kernel") {
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  CHECK(forge(daemon.socket().port_id()) == ECONNREFUSED);
  REQUIRE(open_requests().unregister());
  CHECK(daemon.stop());
  CHECK(daemon.counters().foreign.value() == 0);
  CHECK(daemon.seen().count(AUDIT_USER_AVC, "forged") == 0);
}

TEST_CASE("what another process sends to an observer's port is counted and ignored") {
  Daemon daemon(Mode::kObserve, kLarge);
  CHECK(forge(daemon.socket().port_id()) == 0);
  const auto other = open_socket(0);
  REQUIRE(other);
  CHECK(forge(mnl_socket_get_portid(other->get()), AUDIT_NLGRP_READLOG) == 0);
  CHECK(daemon.stop());
  CHECK(daemon.counters().foreign.value() == 2);
  CHECK(daemon.seen().count(AUDIT_USER_AVC, "forged") == 0);
}

TEST_CASE("a user-space message arrives with its text") {
  const Audited audited;
  Daemon daemon(Mode::kOwn, kLarge);
  REQUIRE_FALSE(daemon.register_pid());
  RequestSocket requests = open_requests();
  REQUIRE(requests.send_user_message(AUDIT_USER, "text=hello"));
  CHECK(daemon.wait_until([](const auto& seen) { return seen.count(AUDIT_USER, "msg='text=hello'") == 1; }));
  REQUIRE(requests.unregister());
  CHECK(daemon.stop());
}
