// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string_view>

namespace naudit::tables {

// What the value of a field means, by the field's name (some record types override it, see interpret/).
enum class FieldClass : std::uint8_t {
  kPlain,    // a word, or a number, as it stands
  kHex,      // a number in hexadecimal without 0x (inode and the like are decimal and kPlain)
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
  kNetlinkGroup,
  kResolve,
};

// A small number for each field name that we know; 0 = not known. Ids are dense and fit a 256-bit set.
using FieldId = std::uint16_t;

struct FieldInfo {
  std::string_view name;
  FieldClass kind = FieldClass::kPlain;
};

// A perfect hash over constant data: no allocation, no lock.
FieldId find_field(std::string_view name) noexcept;
const FieldInfo& field_info(FieldId id) noexcept;  // id 0: an empty name, kPlain

}  // namespace naudit::tables
