// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

// Which system calls nauditd makes, and which it never does: the tables that the filter (seccomp.hpp) and
// docs/hardening.md (checked by a test) are made from. Names are those of libseccomp; an architecture that has no such
// call skips it. Pure.
namespace naudit::daemon {

enum class Verdict : std::uint8_t {
  kAllowed,
  kAbsent,  // ENOSYS, as on an older kernel: the C library then takes another call, whose arguments can be looked at
  kKilled,  // the process ends at once (SIGSYS), and the kernel records it (SECCOMP)
};

// The group that does not hold for threads that start the programs of sinks.
inline constexpr std::string_view kStartingPrograms = "starting programs";

// Calls that stand for one thing.
struct CallGroup {
  std::string_view name;
  Verdict verdict;
  std::vector<const char*> calls;
  std::string_view reason;
};
// Lives as long as the process.
std::span<const CallGroup> call_groups();

// (argument & mask) == value.
struct ArgumentCheck {
  unsigned argument;  // from 0
  std::uint64_t mask;
  std::uint64_t value;
};
// A call that is allowed with these arguments only: all checks of a row, any row of a call.
struct ArgumentRule {
  const char* call;
  std::vector<ArgumentCheck> checks;
  std::string_view which;  // "of the family AF_UNIX"
  std::string_view reason;
};
// `own`: the pid of the process that is filtered.
std::vector<ArgumentRule> argument_rules(std::uint64_t own);

}  // namespace naudit::daemon
