// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace naudit::tables {

// What the value of a field means, by the field's name (some record types override it, see interpret/).
enum class FieldClass : std::uint8_t {
  kPlain,    // a word as it stands, also where it has only digits
  kNumber,   // a decimal number
  kHex,      // a number in hexadecimal, with or without 0x (inode and the like are decimal and kNumber)
  kEncoded,  // a string: quoted, or hexadecimal digits when it has a byte that the kernel does not quote
  kKeys,     // the same, several joined by 0x01
  kUid,
  kGid,
  kArch,
  kSyscall,
  kExit,
  kErrno,
  kSuccess,
  kResult,
  kMode,
  kSockaddr,
  kProctitle,
  kSession,
  kSignal,
  kCapabilities,  // a bitmap in hexadecimal
  kCapability,
  kArgument,  // a0..a3 of SYSCALL
  kPermission,
  kMmapFlags,
  kLookupFlags,  // of PATH records up to Linux 2.6.17, in hexadecimal
  kPersonality,
  kSeccompCode,
  kOpenFlags,
  kList,
  kPromiscuous,
  kTtyData,
  kFamily,
  kIcmpType,
  kProtocol,
  kAddress,
  kLabel,
  kHook,
  kNetfilterAction,
  kMacProtocol,
  kIoctl,
  kFanotifyResponse,
  kFanotifyInfo,
  kFanotifyTrust,
  kNetlinkGroup,
  kResolve,
  kUringOp,
  kAuditEnabled,
  kAuditFailure,
  kTimeStatus,  // the kernel clock's, where the record says that it is this
};

// A small number for each field name that we know; 0 = not known. Ids are dense, in the order of the names, below 512.
// They may change with every build: never store them.
using FieldId = std::uint16_t;

#define NAUDIT_FIELD(constant, name, kind) constant,
namespace field_order {
enum : FieldId {
  kNone,
#include "tables/field_list.inc"
  kEnd
};
}  // namespace field_order
#undef NAUDIT_FIELD

// field::kAuid … for every name. "old-auid" is kOldAuid; the older "old_auid" is kOldAuidUnderscore.
#define NAUDIT_FIELD(constant, name, kind) inline constexpr FieldId constant = field_order::constant;
namespace field {
#include "tables/field_list.inc"
}  // namespace field
#undef NAUDIT_FIELD

// The number of ids, id 0 included: the size of an array indexed by FieldId.
inline constexpr std::size_t kFieldCount = field_order::kEnd;
static_assert(kFieldCount <= 512);

struct FieldInfo {
  std::string_view name;
  FieldClass kind = FieldClass::kPlain;
};

// A perfect hash over constant data: no allocation, no lock.
FieldId find_field(std::string_view name) noexcept;
const FieldInfo& field_info(FieldId id) noexcept;  // id 0 and beyond the last: an empty name, kPlain

}  // namespace naudit::tables
