// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fcntl.h>
#include <linux/audit.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "netlink/event_socket.hpp"
#include "netlink/receiver.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace naudit::test;
using namespace std::chrono_literals;
using Mode = EventSocket::Mode;

namespace {

constexpr std::size_t kLarge = 64U << 20U;

EventSocket open_own() {
  auto socket = EventSocket::open(Mode::kOwn, kLarge);
  REQUIRE(socket);
  return std::move(*socket);
}

// Registers the socket for a process that has ended when this returns: its pid.
pid_t register_for_a_dead_process(const EventSocket& socket) {
  const pid_t owner = ::fork();
  if (owner == 0) ::_exit(socket.request_registration() ? 1 : 0);
  int status = 0;
  REQUIRE(::waitpid(owner, &status, 0) == owner);
  REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  return owner;
}

// What came, on whichever socket.
struct Came {
  std::vector<unsigned long> numbers;  // of the generator's files
  std::vector<std::error_code> answers;
  std::vector<std::error_code> errors;

  // Until the sockets are empty.
  void read(const EventSocket& socket, const std::vector<int>& first = {}) {
    static constexpr std::string_view kName = "name=\"/nonexistent/";
    Receiver receiver(socket.fd(), socket.senders(),
                      {.on_records =
                           [this](auto records, auto /*now*/) {
                             for (const Record& record : records) {
                               const std::size_t at = record.text.find(kName);
                               if (record.type == AUDIT_PATH && at != std::string_view::npos)
                                 numbers.push_back(std::stoul(std::string(record.text.substr(at + kName.size(), 20))));
                             }
                           },
                       .on_registration = [this](std::error_code error) { answers.push_back(error); },
                       .on_replace = [](pid_t) {},
                       .on_error = [this](std::error_code error) { errors.push_back(error); }});
    receiver.read_first(first);
    while (receiver.receive()) continue;
  }
};

bool is_gapless(const std::vector<unsigned long>& numbers) {
  return std::ranges::adjacent_find(numbers, [](auto one, auto next) { return next != one + 1; }) == numbers.end();
}

}  // namespace

TEST_CASE("while somebody holds the socket of a dead audit daemon, the kernel puts the records into it") {
  const Audited audited;
  RequestSocket requests = open_requests();
  const EventSocket old = open_own();
  const pid_t owner = register_for_a_dead_process(old);
  Generator(500).wait();
  REQUIRE(requests.wait_until_delivered(10s) == true);
  CHECK(requests.status()->pid == static_cast<std::uint32_t>(owner));

  // The dead process is not to be replaced,
  EventSocket next = open_own();
  REQUIRE_FALSE(next.request_registration());
  Came refused;
  refused.read(next);
  CHECK(refused.answers == std::vector{std::error_code(EEXIST, std::system_category())});
  // unless its socket refuses the kernel.
  CHECK_FALSE(take_over({&old, 1}, next, requests));
  CHECK(requests.status()->pid == static_cast<std::uint32_t>(::getpid()));
  Came came;
  came.read(next, {old.fd()});
  CHECK(came.numbers.size() == 500);
  CHECK(is_gapless(came.numbers));
  CHECK(came.answers.size() == 1 + 1);  // of the dead one, and ours
  Generator(500).wait();
  REQUIRE(requests.wait_until_delivered(10s) == true);
  Came later;
  later.read(next);
  CHECK(later.numbers.size() == 500);
  CHECK(later.errors.empty());
  REQUIRE(requests.unregister());
}

TEST_CASE("the registration goes from socket to socket under load, and no record is lost or out of order") {
  const Audited audited;
  RequestSocket requests = open_requests();
  EventSocket socket = open_own();
  register_for_a_dead_process(socket);
  Came came;
  constexpr int kHandovers = 25;
  {
    const Generator generator(kForever);
    for (int round = 0; round < kHandovers; ++round) {
      for (int turn = 0; turn < 10; ++turn) {
        came.read(socket);
        std::this_thread::sleep_for(1ms);
      }
      EventSocket next = open_own();
      REQUIRE_FALSE(take_over({&socket, 1}, next, requests));
      came.read(next, {socket.fd()});
      socket = std::move(next);
    }
  }
  REQUIRE(requests.wait_until_delivered(10s) == true);
  came.read(socket);
  REQUIRE(requests.unregister());
  CHECK(came.numbers.size() > 1000);
  CHECK(came.numbers.front() == 0);
  CHECK(is_gapless(came.numbers));
  // Of the dead one, too; and each of them was yes.
  CHECK(came.answers == std::vector<std::error_code>(kHandovers + 1));
  CHECK(came.errors.empty());
}

TEST_CASE("what is no registered socket is not taken over, and stays as it was") {
  const Audited audited;
  RequestSocket requests = open_requests();
  const EventSocket idle = open_own();
  const EventSocket registered = open_own();
  register_for_a_dead_process(registered);
  const EventSocket next = open_own();
  CHECK(take_over({&idle, 1}, next, requests) == std::errc::file_exists);
  CHECK(idle.receive_buffer() == registered.receive_buffer());
  Generator(10).wait();
  REQUIRE(requests.wait_until_delivered(10s) == true);
  Came came;
  came.read(registered);
  CHECK(came.numbers.size() == 10);
  // And it still can be.
  CHECK_FALSE(take_over({&registered, 1}, next, requests));
  REQUIRE(requests.unregister());
}

TEST_CASE("only an audit socket is adopted, with its port and the size of its buffer") {
  const EventSocket socket = open_own();
  const auto copy = EventSocket::adopt(::fcntl(socket.fd(), F_DUPFD_CLOEXEC, 0));
  REQUIRE(copy);
  CHECK(copy->port_id() == socket.port_id());
  CHECK(copy->receive_buffer() == socket.receive_buffer());
  CHECK(copy->mode() == Mode::kOwn);
  CHECK(EventSocket::adopt(::open("/dev/null", O_RDONLY | O_CLOEXEC)).error() == std::errc::not_a_socket);
}
