// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace naudit::daemon {

// What a process may still do after it has confined itself with Landlock (landlock(7)): it may read whatever it could
// before, write below these paths only (folders, with all below them, or single files; each exists), start no program
// unless `programs`, listen at none but these TCP ports (Linux 6.7), send signals to none but itself and what it has
// started, and, unless `programs`, connect to no abstract unix socket (Linux 6.12). It holds for the calling thread and
// for all that it starts from then on, and can never be widened. Connections over TCP are not confined, since a reload
// may name a new server.
//
// Nothing if it holds now; else why not: the kernel has no Landlock, or it was not switched on at boot. The process has
// to have no_new_privs. Before other threads are started.
enum class Programs : bool { kNone, kAllowed };
std::optional<std::string> confine(const std::vector<std::string>& paths, Programs programs = Programs::kNone,
                                   const std::vector<std::uint16_t>& ports = {});

// The version of Landlock's interface (ABI) that the kernel has; 0: it has none.
int landlock_version() noexcept;

}  // namespace naudit::daemon
