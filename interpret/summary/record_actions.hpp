// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

#include "interpret/summary/object_part.hpp"

namespace naudit::interpret {

// What an event is about: the kinds of auparse's normaliser.
enum class EventKind : std::uint8_t {
  kUnknown,
  kUserSpace,
  kSystemServices,
  kConfiguration,
  kTty,
  kUserAccount,
  kUserLogin,
  kAuditDaemon,
  kMacDecision,
  kAnomaly,
  kIntegrity,
  kAnomalyResponse,
  kMac,
  kCrypto,
  kVirt,
  kAuditRule,
  kDacDecision,
  kGroupChange,
  kAvDecision,
  kBpfProgram,
};
std::string_view event_kind_text(EventKind kind) noexcept;  // "user-login"; never empty

// Which fields of a record say what was acted on.
enum class Shape : std::uint8_t {
  kNone,
  kAccount,      // acct, id; grp
  kGroup,        // grp, acct; id is a gid
  kSession,      // acct, id
  kLogin,        // LOGIN: the new auid
  kCommand,      // cmd, cwd
  kKeystrokes,   // data
  kService,      // unit
  kLevel,        // old-level, new-level
  kOperation,    // op alone
  kSoftware,     // sw
  kMachine,      // vm, resrc
  kCrypto,       // op, fp, cipher
  kFirewall,     // table, family, entries
  kPacket,       // saddr, daddr
  kConfig,       // CONFIG_CHANGE
  kFeature,      // feature, old, new
  kSeccomp,      // syscall, code
  kCrash,        // exe, sig
  kPromiscuous,  // dev, prom
  kSetting,      // bool, enforcing
  kPolicy,       // a policy that was loaded
  kIntegrity,    // file, name; cause
  kMac,          // SELinux, AppArmor, IPE and Landlock decisions
  kDomain,       // LANDLOCK_DOMAIN
  kBpf,          // prog-id
  kDevice,       // device, dev
  kListener,     // nl-mcgrp
  kDaemon,       // DAEMON_*
  kRole,         // acct, old-role, new-role
  kFile,         // what the PATH records say
  kModule,       // name
};

struct RecordAction {
  std::string_view verb{};  // "authenticated"
  EventKind kind = EventKind::kUnknown;
  ObjectKind object = ObjectKind::kNone;
  Shape shape = Shape::kNone;
};

// What a record tells that is not part of a system call's: verbs and kinds are those of auparse's normaliser where it
// has them (reference: auparse/normalize*). For a type that has no verb, its own name in lower case, or kUnknownAction.
// O(1), any thread.
RecordAction record_action(std::uint16_t type) noexcept;

}  // namespace naudit::interpret
