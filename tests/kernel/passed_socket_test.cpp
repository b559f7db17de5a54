// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// What a daemon of two processes can rest on: who may do what with a socket that another process has opened
// (docs/decisions/0039-two-processes.md).
#include <grp.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <span>

#include <libmnl/libmnl.h>

#include "netlink/event_socket.hpp"
#include "netlink/reply.hpp"
#include "netlink/request.hpp"
#include "netlink/socket.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::netlink;
using namespace naudit::test;

namespace {

constexpr std::size_t kLarge = 64U << 20U;

// The errno that the kernel answers with, 0 for yes, -1 for no answer. Records that come meanwhile are passed over.
int ask(mnl_socket* socket, const Request& request) {
  if (const auto error = send_to_kernel(socket, encode(request, 1))) return error.value();
  alignas(nlmsghdr) std::byte buffer[16384];
  for (pollfd ready{mnl_socket_get_fd(socket), POLLIN, 0}; ::poll(&ready, 1, 5000) == 1;) {
    const ssize_t size = ::recv(ready.fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (size < 0) break;
    const auto reply = parse_reply(std::span(buffer).first(static_cast<std::size_t>(size)));
    const auto acknowledged = reply ? parse_ack(*reply) : std::nullopt;
    if (acknowledged) return -acknowledged->error;
  }
  return -1;
}

bool give_up_all_rights() {
  return ::setgroups(0, nullptr) == 0 && ::setresgid(kTestUid, kTestUid, kTestUid) == 0 &&
         ::setresuid(kTestUid, kTestUid, kTestUid) == 0;
}

// A process beside the test, which does `work` and ends with what that returns.
class Beside {
 public:
  template <typename Work>
  explicit Beside(Work work) : pid_(::fork()) {
    if (pid_ == 0) ::_exit(work());
    REQUIRE(pid_ > 0);
  }
  int wait() const {
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

 private:
  pid_t pid_;
};

Socket open_or_fail() {
  auto socket = open_socket(0);
  REQUIRE(socket);
  return std::move(*socket);
}

}  // namespace

TEST_CASE("a process without rights may not ask through a socket that root has opened") {
  const Socket socket = open_or_fail();
  const Beside other([&] { return give_up_all_rights() ? ask(socket.get(), status_request()) : 255; });
  CHECK(other.wait() == EPERM);
  CHECK(ask(socket.get(), status_request()) == 0);
}

TEST_CASE("nobody can register another process") {
  const Socket socket = open_or_fail();
  const Beside other([] { return ::pause(); });
  CHECK(ask(socket.get(), set_pid_request(other.pid())) == EINVAL);
  REQUIRE(::kill(other.pid(), SIGKILL) == 0);
  other.wait();
}

TEST_CASE(
    "a process that has registered and then given up all rights receives, and cannot be unregistered by another") {
  int steps[2];
  int go_on[2];
  REQUIRE((::pipe(steps) == 0 && ::pipe(go_on) == 0));
  auto opened = std::make_unique<Socket>(open_or_fail());
  const Socket control = open_or_fail();
  const Beside worker([&] {
    ::close(steps[0]);
    if (ask(opened->get(), set_pid_request(::getpid())) != 0 || !give_up_all_rights()) return 1;
    if (::write(steps[1], "r", 1) != 1) return 2;
    char any = 0;
    if (::read(go_on[0], &any, 1) != 1) return 3;
    // The records of the failing calls.
    alignas(nlmsghdr) std::byte buffer[16384];
    const int fd = mnl_socket_get_fd(opened->get());
    for (pollfd ready{fd, POLLIN, 0}; ::poll(&ready, 1, 5000) == 1;) {
      const ssize_t size = ::recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
      const nlmsghdr* const header = reinterpret_cast<const nlmsghdr*>(buffer);
      if (size > 0 && header->nlmsg_type == AUDIT_PATH) return ask(control.get(), set_pid_request(0)) == EPERM ? 0 : 4;
    }
    return 5;
  });
  ::close(steps[1]);
  char any = 0;
  REQUIRE(::read(steps[0], &any, 1) == 1);
  CHECK(open_requests().status().value().pid == static_cast<std::uint32_t>(worker.pid()));
  CHECK(ask(control.get(), set_pid_request(0)) == EACCES);
  {
    const Audited audited;
    Generator(10).wait();
    REQUIRE(::write(go_on[1], "g", 1) == 1);
    CHECK(worker.wait() == 0);
  }

  // As long as somebody holds its socket, the dead process stays registered, and keeps all others out.
  CHECK(open_requests().status().value().pid == static_cast<std::uint32_t>(worker.pid()));
  const Socket next = open_or_fail();
  CHECK(ask(next.get(), set_pid_request(::getpid())) == EEXIST);
  CHECK(ask(control.get(), set_pid_request(0)) == EACCES);
  // Behind that anybody with the right may take the registration back.
  opened.reset();
  CHECK(ask(control.get(), set_pid_request(0)) == 0);
  CHECK(open_requests().status().value().pid == 0);
  for (const int end : {steps[0], go_on[0], go_on[1]}) ::close(end);
}
