// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/seccomp.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <initializer_list>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "daemon/confine/calls.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using daemon::Callers;
using daemon::Verdict;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kHasSanitizer = true;
#else
constexpr bool kHasSanitizer = false;
#endif
constexpr int kNotFiltered = 100;

// How a filtered process that did this ended: its exit code, or minus the signal.
int filtered(const std::function<int()>& what, Callers callers = Callers::kDaemon) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const rlimit none{};
    ::setrlimit(RLIMIT_CORE, &none);
    if (daemon::filter_calls(callers)) ::_exit(kNotFiltered);
    ::_exit(what());
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

// 0, or the error of a call that returns -1 with errno.
int error_of(long result) {
  return result < 0 ? errno : 0;
}

int start_true() {
  ::execl("/bin/true", "true", nullptr);
  return errno;
}

}  // namespace

TEST_CASE("what nauditd never does ends it, whatever the arguments") {
  for (const daemon::CallGroup& group : daemon::call_groups()) {
    if (group.verdict != Verdict::kKilled) continue;
    for (const char* const call : group.calls) {
      const int number = seccomp_syscall_resolve_name(call);
      if (number < 0 || (kHasSanitizer && std::string(call) == "ptrace")) continue;
      CAPTURE(call);
      CHECK(filtered([&] { return error_of(::syscall(number, -1L, -1L, -1L, -1L, -1L, -1L)); }) == -SIGSYS);
    }
  }
  CHECK(filtered(start_true) == -SIGSYS);
}

TEST_CASE("what nauditd does not need is refused, and it goes on") {
  if (kHasSanitizer) return;  // filter_calls() says so
  const tests::TempDir dir;
  dir.write("file", "x");
  const std::string file = dir.file("file");
  const pid_t parent = ::getpid();
  const auto refused = [](const std::function<long()>& call) { return filtered([&] { return error_of(call()); }); };
  CHECK(refused([&] { return ::chown(file.c_str(), 1, 1); }) == EPERM);
  CHECK(refused([&] { return ::fchown(0, 1, 1); }) == EPERM);
  CHECK(refused([&] { return ::mknod(dir.file("device").c_str(), S_IFIFO | 0600U, 0); }) == EPERM);
  CHECK(refused([] { return ::setuid(0); }) == EPERM);
  CHECK(refused([] { return ::syscall(SYS_setgroups, 0, nullptr); }) == EPERM);
  CHECK(refused([] { return ::syscall(SYS_capset, nullptr, nullptr); }) == EPERM);
  CHECK(refused([] { return ::syscall(SYS_personality, 0xffffffffUL); }) == EPERM);
  CHECK(refused([&] { return ::kill(parent, SIGTERM); }) == EPERM);
  CHECK(refused([&] { return ::syscall(SYS_tgkill, parent, parent, SIGTERM); }) == EPERM);
  CHECK(refused([] { return ::socket(AF_PACKET, SOCK_RAW, 0); }) == EPERM);
  CHECK(refused([] { return ::socket(AF_VSOCK, SOCK_STREAM, 0); }) == EPERM);
  CHECK(refused([] { return ::socket(AF_ALG, SOCK_SEQPACKET, 0); }) == EPERM);
  CHECK(refused([] { return ::socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER); }) == EPERM);
  CHECK(refused([] { return ::ioctl(0, TIOCSTI, "x"); }) == EPERM);
  CHECK(refused([] { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }) == EPERM);
  CHECK(refused([] {
          const rlimit limit{};
          return ::setrlimit(RLIMIT_CORE, &limit);
        }) == EPERM);
  // A thread may be started, a process not.
  CHECK(refused([] { return ::syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L); }) == EPERM);
  CHECK(refused([] { return ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0L, 0L, 0L, 0L); }) == EPERM);
  const auto map = [](int protection) {
    return ::mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
  };
  CHECK(filtered([&] { return map(PROT_READ | PROT_WRITE); }) == 0);
  CHECK(filtered([&] { return map(PROT_READ | PROT_WRITE | PROT_EXEC); }) == EPERM);
  CHECK(refused([] {
          void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
          return ::mprotect(page, 4096, PROT_READ | PROT_EXEC);
        }) == EPERM);
  // As on a kernel that is older than the call.
  CHECK(refused([] { return ::syscall(540); }) == ENOSYS);
  CHECK(refused([] { return ::syscall(SYS_clone3, nullptr, 0L); }) == ENOSYS);
}

TEST_CASE("what nauditd needs works under the filter") {
  CHECK(filtered([] {
          int got = 0;
          std::thread([&got] { got = 1; }).join();
          return got == 1 ? 0 : 1;
        }) == 0);
  CHECK(filtered([] {
          addrinfo* found = nullptr;
          if (::getaddrinfo("localhost", "80", nullptr, &found) != 0) return 1;
          ::freeaddrinfo(found);
          return ::getpwnam("root") != nullptr ? 0 : 2;  // NOLINT(concurrency-mt-unsafe)
        }) == 0);
  CHECK(filtered([] { return ::dlopen("libresolv.so.2", RTLD_NOW) != nullptr ? 0 : 1; }) == 0);
  CHECK(filtered([] { return error_of(::socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT)); }) == 0);
  CHECK(filtered([] { return error_of(::kill(::getppid(), 0)); }) == 0);
  CHECK(filtered([]() -> int {
          std::signal(SIGABRT, SIG_DFL);  // Catch has its own
          std::abort();
        }) == -SIGABRT);
}

TEST_CASE("a program of a sink may do what programs do, but not what would end nauditd") {
  CHECK(filtered(start_true, Callers::kPrograms) == 0);
  CHECK(filtered([] { return error_of(::syscall(SYS_bpf, -1L, nullptr, 0L)); }, Callers::kPrograms) == EPERM);
  CHECK(filtered([] { return error_of(::unshare(CLONE_NEWUSER)); }, Callers::kPrograms) == EPERM);
  CHECK(filtered(
            [] {
              ::execl("/bin/sh", "sh", "-c", "/bin/true && exit 7", nullptr);
              return errno;
            },
            Callers::kPrograms) == 7);
}

TEST_CASE("no call has two verdicts, and each is known to libseccomp on some architecture") {
  std::set<std::string> seen;
  const auto is_known = [](const char* call) {
    for (const std::uint32_t arch :
         std::initializer_list<std::uint32_t>{SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64, SCMP_ARCH_X86, SCMP_ARCH_MIPS})
      if (seccomp_syscall_resolve_name_arch(arch, call) != __NR_SCMP_ERROR) return true;
    return false;
  };
  for (const daemon::CallGroup& group : daemon::call_groups())
    for (const char* const call : group.calls) {
      CAPTURE(call);
      CHECK(seen.insert(call).second);
      CHECK(is_known(call));
    }
  std::set<std::string> by_argument;
  for (const daemon::ArgumentRule& rule : daemon::argument_rules(1)) by_argument.insert(rule.call);
  for (const std::string& call : by_argument) {
    CAPTURE(call);
    CHECK(seen.insert(call).second);
    CHECK(is_known(call.c_str()));
  }
}

TEST_CASE("docs/hardening.md has the tables of system calls") {
  // UPDATE_GOLDEN=1 writes them anew.
  std::ostringstream wanted;
  wanted << "| what | answer | calls | why |\n|---|---|---|---|\n";
  for (const daemon::CallGroup& group : daemon::call_groups()) {
    wanted << "| " << group.name << " | "
           << (group.verdict == Verdict::kAllowed  ? "allowed"
               : group.verdict == Verdict::kAbsent ? "ENOSYS"
                                                   : "the process ends")
           << " |";
    for (const char* const call : group.calls) wanted << " `" << call << '`';
    wanted << " | " << group.reason << " |\n";
  }
  wanted << "\n| call | allowed with | why |\n|---|---|---|\n";
  for (const daemon::ArgumentRule& rule : daemon::argument_rules(1))
    wanted << "| `" << rule.call << "` | " << rule.which << " | " << rule.reason << " |\n";

  const std::string path = NAUDIT_SOURCE_DIR "/docs/hardening.md";
  constexpr std::string_view kBegin = "<!-- system calls: begin -->\n", kEnd = "<!-- system calls: end -->";
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  std::string text = content.str();
  const std::size_t begin = text.find(kBegin), end = text.find(kEnd);
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  const std::size_t from = begin + kBegin.size();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    std::ofstream(path) << text.replace(from, end - from, wanted.str());
    return;
  }
  INFO("UPDATE_GOLDEN=1 build/dev/tests/daemon_test \"docs/*\" writes it");
  CHECK(text.substr(from, end - from) == wanted.str());
}
