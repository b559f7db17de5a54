// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>

#include "rules/kernel/owned.hpp"

namespace naudit::rules {

// The file of the state directory that says which rules are ours; the daemon and nauditctl share it.
std::string owned_path(const std::string& state_directory);

// Empty when there is none, or it cannot be read: then
// every rule in the kernel counts as somebody else's.
OwnedRules read_owned(const std::string& path);

// Written beside and renamed into place, synced, 0600: a crash leaves the old file or the new one. Throws
// base::Error.
void write_owned(const std::string& path, std::span<const Rule> rules, std::uint32_t native_arch);

}  // namespace naudit::rules
