// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace naudit::daemon {

// Who is filtered.
enum class Callers : std::uint8_t {
  // nauditd's own threads: the calls of the table (calls.hpp) only. Others that libseccomp knows are refused with
  // EPERM,
  // those that it does not know are absent (ENOSYS, as on an older kernel), and some end the process.
  kDaemon,
  // Threads that start the programs of sinks, and these programs: anything but what would end the process above, which
  // is refused with EPERM; programs may be started.
  kPrograms,
};

// Filters the system calls of the calling thread, and of all threads and programs that it starts from then on, for good
// (seccomp(2)); threads that run already are not touched. The process has to have no_new_privs.
//
// In a build with a sanitizer the daemon's own threads may make every call that does not end the process, and ptrace,
// for the leak check: the run-time libraries make calls that the table does not have.
//
// Nothing if it holds now; else why not: the kernel has no seccomp, or does not take this filter.
std::optional<std::string> filter_calls(Callers callers);

}  // namespace naudit::daemon
