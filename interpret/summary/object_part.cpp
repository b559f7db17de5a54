// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/object_part.hpp"

#include <array>

namespace naudit::interpret {
namespace {

// In the order of Part.
constexpr PartInfo kParts[] = {
    {"path", PartForm::kPath, " "},
    {"old_path", PartForm::kPath, {}},
    {"target", PartForm::kText, " to "},
    {"source", PartForm::kPath, {}},
    {"relative", PartForm::kFlag, {}},
    {"dirfd", PartForm::kNumber, " in the directory of descriptor "},
    {"address", PartForm::kAddress, " "},
    {"port", PartForm::kNumber, " port "},
    {"source_address", PartForm::kAddress, " from "},
    {"pid", PartForm::kNumber, {}},
    {"pids", PartForm::kPids, {}},
    {"name", PartForm::kText, {}},
    {"id", PartForm::kUser, {}},
    {"gid", PartForm::kGroup, {}},
    {"new_id", PartForm::kUser, " to user "},
    {"new_gid", PartForm::kGroup, " to group "},
    {"group", PartForm::kText, {}},
    {"command", PartForm::kText, " "},
    {"cwd", PartForm::kText, " in "},
    {"operation", PartForm::kText, {}},
    {"access", PartForm::kText, " for "},
    {"created", PartForm::kFlag, {}},
    {"mode", PartForm::kText, " to "},
    {"owner", PartForm::kUser, " to user "},
    {"owner_group", PartForm::kGroup, " to group "},
    {"signal", PartForm::kText, " with "},
    {"syscall", PartForm::kText, " "},
    {"inode", PartForm::kNumber, " inode "},
    {"device", PartForm::kText, " on device "},
    {"table", PartForm::kText, " "},
    {"family", PartForm::kText, {}},
    {"entries", PartForm::kNumber, {}},
    {"keys", PartForm::kKeys, " key "},
    {"list", PartForm::kText, " list "},
    {"old", PartForm::kText, " from "},
    {"new", PartForm::kText, " to "},
    {"decision", PartForm::kText, {}},
    {"permissions", PartForm::kList, " for "},
    {"class", PartForm::kText, {}},
    {"label", PartForm::kText, {}},
    {"profile", PartForm::kText, " under profile "},
    {"reason", PartForm::kText, " because of "},
    {"resource", PartForm::kText, " "},
    {"version", PartForm::kText, " version "},
    {"data", PartForm::kKeystrokes, " "},
    {"cipher", PartForm::kText, " cipher "},
    {"fingerprint", PartForm::kText, " "},
    {"message", PartForm::kText, ": "},
    {"source_port", PartForm::kNumber, {}},
    {"netif", PartForm::kText, " through "},
    {"protocol", PartForm::kText, {}},
    {"interface", PartForm::kText, {}},
    {"member", PartForm::kText, {}},
    {"object_path", PartForm::kText, {}},
    {"module", PartForm::kText, {}},
    {"rule", PartForm::kText, " "},
    {"seconds", PartForm::kSigned, " by seconds "},
    {"nanoseconds", PartForm::kSigned, " nanoseconds "},
    {"permissive", PartForm::kFlag, {}},
    {"old_relative", PartForm::kFlag, {}},
    {"old_dirfd", PartForm::kNumber, {}},
    {"requester", PartForm::kUser, " for "},
    {"requester_pid", PartForm::kNumber, {}},
    {"added", PartForm::kNumber, ", added "},
    {"removed", PartForm::kNumber, ", removed "},
    {"changed", PartForm::kNumber, ", changed "},
};
static_assert(std::size(kParts) == static_cast<std::size_t>(Part::kLast));

// In the order of ObjectKind.
constexpr std::string_view kKinds[] = {
    {},
    "unknown",
    "file",
    "directory",
    "character-device",
    "block-device",
    "fifo",
    "symlink",
    "socket",
    "file-system",
    "process",
    "firewall",
    "service",
    "account",
    "group",
    "user-session",
    "virtual-machine",
    "printer",
    "system",
    "audit-config",
    "security-policy",
    "memory",
    "keystrokes",
    "device",
    "software",
    "integrity-policy",
    "security-modules",
    "kernel-module",
    "bpf",
    "key",
    "message",
    "descriptor",
};
static_assert(std::size(kKinds) == static_cast<std::size_t>(ObjectKind::kDescriptor) + 1);

}  // namespace

const PartInfo& part_info(Part part) noexcept {
  return kParts[static_cast<std::size_t>(part)];
}

std::string_view object_kind_text(ObjectKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

}  // namespace naudit::interpret
