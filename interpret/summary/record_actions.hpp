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

// Which fields of a record say what was acted on: a row of the table of plans (plan/plan.hpp).
enum class Shape : std::uint8_t {
  kNone,
  kAccount,
  kGroup,
  kSession,
  kLogin,
  kCommand,
  kKeystrokes,
  kService,
  kLevel,
  kOperation,
  kSoftware,
  kMachine,
  kCrypto,
  kFirewall,
  kPacket,
  kConfig,
  kFeature,
  kTime,
  kSeccomp,
  kCrash,
  kPromiscuous,
  kSetting,
  kPolicy,
  kNotice,
  kNetlabel,
  kIntegrity,
  kPolicyRule,
  kMac,  // AVC: one of the four below, whichever module speaks
  kSelinux,
  kSmack,
  kApparmor,
  kApparmorStatus,
  kLandlock,
  kIpe,
  kManager,  // USER_AVC: SELinux, or the next
  kManagerApparmor,
  kDomain,
  kBpf,
  kDevice,
  kListener,
  kDaemon,
  kRole,
  kFile,
  kModule,
  kOrigin,     // an address that was blocked
  kFileCheck,  // of AIDE
  kPrint,
};

struct RecordAction {
  std::string_view verb{};  // "authenticated"
  EventKind kind = EventKind::kUnknown;
  ObjectKind object = ObjectKind::kNone;
  Shape shape = Shape::kNone;
};

// What a record tells that is not part of a system call's: verbs and kinds are those of auparse's normaliser where it
// has them (reference: auparse/normalize*). For a type that has no verb, its own name in lower case: "unknown_1499" if
// it has no name. Empty for a number beyond all ranges of record types. O(1), any thread.
RecordAction record_action(std::uint16_t type) noexcept;
// Is that a verb, and not the type's name? O(1), any thread.
bool has_verb(std::uint16_t type) noexcept;

}  // namespace naudit::interpret
