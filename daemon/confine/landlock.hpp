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
// unless `programs`, and listen at none but these TCP ports (Linux 6.7). It holds for the calling thread and for all
// that it starts from then on, and can never be widened. Connections are not confined, since a reload may name a new
// server.
//
// Nothing if it holds now; else why not: the kernel has no Landlock, or it was not switched on at boot. The process has
// to have no_new_privs. Before other threads are started.
enum class Programs : bool { kNone, kAllowed };
std::optional<std::string> confine(const std::vector<std::string>& paths, Programs programs = Programs::kNone,
                                   const std::vector<std::uint16_t>& ports = {});

}  // namespace naudit::daemon
