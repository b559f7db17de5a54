// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/auditctl/daemon_signal.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <string>
#include <system_error>

#include "base/text.hpp"
#include "ctl/auditctl/steps.hpp"
#include "ctl/console.hpp"
#include "rules/rule/names.hpp"

namespace naudit::ctl {
namespace {

constexpr int kStopWait = 30'000;  // milliseconds

struct Word {
  std::string_view name, plain;
  int signal;
};
constexpr Word kWords[] = {{"TERM", "stop", SIGTERM},
                           {"HUP", "reload", SIGHUP},
                           {"USR1", "rotate", SIGUSR1},
                           {"USR2", "resume", SIGUSR2},
                           {"CONT", "state", SIGCONT}};

int failed(const std::string& why) {
  error("Failed sending signal to auditd (" + why + ")");
  return kExitUsage;
}

}  // namespace

int signal_daemon(std::uint32_t pid, std::string_view word) {
  const auto* known = std::find_if(std::begin(kWords), std::end(kWords), [word](const Word& one) {
    return base::same_word(one.name, word) || one.plain == word;
  });
  if (known == std::end(kWords)) {
    error(std::string(word) + " is an unsupported signal");
    return kExitUsage;
  }
  if (pid == 0) {
    error("Auditd is not running");
    return kExitNoDaemon;
  }
  // glibc 2.36 declares pidfd_open and pidfd_send_signal without C linkage guards, so by number.
  const auto fd = static_cast<int>(syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0U));
  if (fd < 0) return failed(std::system_category().message(errno));
  int code = kExitOk;
  if (syscall(SYS_pidfd_send_signal, fd, known->signal, nullptr, 0U) != 0) {
    code = failed(std::system_category().message(errno));
  } else if (word == "stop") {
    pollfd waiting{fd, POLLIN, 0};
    if (poll(&waiting, 1, kStopWait) == 0) code = failed("timeout");
  }
  close(fd);
  return code;
}

}  // namespace naudit::ctl
