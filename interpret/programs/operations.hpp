// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "interpret/summary/object_part.hpp"

namespace naudit::interpret {

// Which programs' texts may stand in op= of a record: those of one set mean one thing.
enum class OperationSet : std::uint8_t {
  kNone,
  kAccounts,  // shadow-utils, libuser, passwd: USER_MGMT, ADD_USER, …
  kGroups,    // the same of groups: GRP_MGMT, ADD_GROUP, …
  kPam,       // "PAM:…", in whichever record
  kLogin,     // sshd, login, gdm
  kKeys,      // CRYPTO_KEY_USER
  kSessions,  // CRYPTO_SESSION
  kIke,
  kIpsec,
  kMachines,   // libvirt, Docker: VIRT_CONTROL
  kResources,  // VIRT_RESOURCE: its reason= is asked for
  kSystem,     // USYS_CONFIG
  kSoftware,
  kDevices,
  kOther,  // none of its texts says more than the record's type
};
OperationSet operation_set(std::uint16_t record_type) noexcept;  // O(1)

// What acct=, grp= and id= are.
enum class Roles : std::uint8_t {
  kAsRecord,    // what the record's type says
  kAccount,     // acct: the account; id: its uid
  kMember,      // acct: who was put into, or taken out of, the group grp
  kGroup,       // grp, else acct: the group; id: its gid
  kGroupAlone,  // grp: the group; acct is who did it
  kMembers,     // grp: the group; acct: those who are in it now
  kNewGroup,    // new_group, new_gid; id is who asked
  kNetwork,     // name, interface or arg
};

// One text of a program, and what it says was done.
//
// Texts are matched word by word with "-" and "_" as blanks and the first word in its plain form ("adding", "added" and
// "add" are one). %a stands for an account's name, %g for a group's, %w for any word, %* for all that follows.
struct Operation {
  OperationSet set = OperationSet::kNone;
  std::string_view text{};
  std::string_view verb{};                // empty: what the record's type says
  ObjectKind object = ObjectKind::kNone;  // none: what the record's type says
  Roles roles = Roles::kAsRecord;
  bool is_detail = false;  // the text says more than the verb: a sentence tells both
};

// What a text said beside the operation. Views of it.
struct OperationWords {
  std::string_view account, group;
};

// All rows, for tests and documents.
std::span<const Operation> operations() noexcept;

// The row of a text; null for one that no program of the table writes. Pure, no allocation.
const Operation* find_operation(OperationSet set, std::string_view text, OperationWords& words) noexcept;

}  // namespace naudit::interpret
