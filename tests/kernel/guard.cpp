// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "netlink/holder.hpp"
#include "netlink/request_socket.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

// Whoever links this file has a guard: before the first test the process splits in two. The child runs the tests; the
// parent waits and then puts the kernel's audit state back as it was, however the child ended.
namespace naudit::test {
namespace {

using netlink::RequestSocket;

struct Before {
  netlink::KernelStatus status;
  std::vector<netlink::Bytes> rules;
};

volatile std::sig_atomic_t child_group = 0;

void kill_child(int /*signal*/) {
  if (child_group > 0) ::kill(-child_group, SIGKILL);
}

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value != nullptr && (std::string_view(value) == "1" || std::string_view(value) == "true");
}

// Where these tests are a must, a machine that cannot run them fails them.
[[noreturn]] void leave(const std::string& reason) {
  const bool required = is_set("CI") || is_set("NAUDIT_REQUIRE_KERNEL");
  std::fprintf(stderr, "kernel tests %s: %s\n", required ? "cannot run, and have to" : "skipped", reason.c_str());
  ::_exit(required ? EXIT_FAILURE : kSkipped);
}

Before look() {
  if (::geteuid() != 0) leave("they need root");
  auto requests = RequestSocket::open();
  if (!requests) leave("no audit socket: " + requests.error().message());
  auto status = requests->status();
  auto rules = requests->list_rules();
  if (!status || !rules)
    leave("the kernel does not tell its audit status: " + (status ? rules.error() : status.error()).message());
  if (netlink::is_alive(static_cast<pid_t>(status->pid)))
    leave("another audit daemon is registered: " + netlink::describe_process(static_cast<pid_t>(status->pid)));
  if (status->enabled == 2) leave("the audit configuration is locked until the next boot");
  return {*status, std::move(*rules)};
}

bool restore(const Before& before) {
  auto requests = RequestSocket::open();
  if (!requests) return false;
  bool good = true;
  const auto now = requests->list_rules();
  for (const netlink::Bytes& rule : now.value_or(std::vector<netlink::Bytes>{}))
    if (std::find(before.rules.begin(), before.rules.end(), rule) == before.rules.end())
      good = requests->delete_rule(rule) && good;
  for (const netlink::Bytes& rule : before.rules)
    if (now && std::find(now->begin(), now->end(), rule) == now->end()) good = requests->add_rule(rule) && good;
  const netlink::KernelStatus& status = before.status;
  good = requests->set(
             {status.enabled, status.failure, status.rate_limit, status.backlog_limit, status.backlog_wait_time}) &&
         good;
  // Whom the kernel still believes to be registered is dead; it notices when somebody asks for a change.
  if (const auto left = requests->status(); left && left->pid != 0) good = requests->unregister() && good;
  return good && now;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  ::kill(-child, SIGKILL);  // event generators that a failed test has left behind
  if (WIFSIGNALED(status)) {
    std::fprintf(stderr, "kernel tests: ended by signal %d\n", WTERMSIG(status));
    return EXIT_FAILURE;
  }
  return WEXITSTATUS(status);
}

void split() {
  const Before before = look();
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return;
  }
  ::setpgid(child, child);
  child_group = child;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, kill_child);
  const int result = wait_for(child);
  child_group = 0;
  if (!restore(before)) {
    std::fprintf(stderr, "kernel tests: the kernel's audit state could not be put back\n");
    ::_exit(EXIT_FAILURE);
  }
  ::_exit(result);
}

class Guard : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;
  void testRunStarting(const Catch::TestRunInfo& /*info*/) override { split(); }
};

CATCH_REGISTER_LISTENER(Guard)

}  // namespace
}  // namespace naudit::test
