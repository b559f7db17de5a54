// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "interpret/summary/object_part.hpp"
#include "interpret/summary/record_actions.hpp"
#include "tables/fields.hpp"

namespace naudit::interpret {

// The table of what a record says: the code of the summary follows it, docs/summary.md is made from it, and a test
// walks each row of it with an event made from the row's fields. Constant data, any thread.

// Who the subject is, where no system call's record belongs to the event.
enum class Who : std::uint8_t {
  kRecord,    // the process that the record is about, or that sent it
  kLogin,     // the same, under the login id that it had before
  kRefused,   // whom an object manager decided about: what the manager says inside msg='…'; the manager is decided_by
  kObserved,  // the process, as far as a security module names it: pid, comm, fsuid, the label
  kNobody,    // the record names nobody: its fields describe a rule
  kKernel,    // as kRecord; where the record names nobody, the kernel acted on its own
};

// Where the outcome comes from. A result that cannot be read is none.
enum class Outcome : std::uint8_t {
  kResult,    // res, result: of the record, else of its system call
  kDecision,  // the same, else what was decided
};

// What no list of fields can say.
enum class Rule : std::uint8_t {
  kNone,
  kAccountByUid,
  kLoginId,
  kFirewallOp,
  kIpsecOp,
  kConfigOp,
  kSeccompCall,
  kSeccompCode,
  kCrashSignal,
  kPromiscuous,
  kMacStatus,
  kMacModule,
  kPolicyRule,
  kDomainStatus,
  kBpfOp,
  kListenerOp,
  kDaemonOp,
  kFileOfCall,
  kFanotifyAnswer,
  kLinkAction,
  kClassKind,
  kPlace,
  kUnnamedInode,
  kPeer,
  kAvcPermissions,
  kAvcDecision,
  kApparmorObject,
  kApparmorCapability,
  kApparmorDecision,
  kApparmorStatus,
  kLandlockKind,
  kLandlockDecision,
  kIpeDecision,
  kSmackKind,
  kSmackDecision,
  kManagerKind,
  kManagerNotice,
  kLast,
};

struct RuleInfo {
  std::string_view name{};   // "seccomp-code"
  std::string_view words{};  // what it does, as a whole sentence
};
const RuleInfo& rule_info(Rule rule) noexcept;

// In which part of a record a step looks.
enum class Where : std::uint8_t {
  kBoth,   // what the kernel says, else what a program says inside msg='…', which is then claimed
  kClaim,  // only inside msg='…'
};

// A part of the object and the fields that it is taken from, the first that says something; or a rule. A part that
// stands already is left alone, so that a step may name a second choice.
struct Step {
  Part part = Part::kLast;
  Rule rule = Rule::kNone;
  Where where = Where::kBoth;
  std::array<tables::FieldId, 8> fields{};  // 0: no more

  [[nodiscard]] std::span<const tables::FieldId> from() const noexcept {
    std::size_t used = 0;
    while (used < fields.size() && fields[used] != 0) ++used;
    return std::span(fields).first(used);
  }
};

struct Plan {
  std::string_view name{};
  Who who = Who::kRecord;
  Outcome outcome = Outcome::kResult;
  std::span<const Step> steps{};  // in the order of the object's members
};
const Plan& plan_of(Shape shape) noexcept;

}  // namespace naudit::interpret
