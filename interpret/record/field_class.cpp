// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/record/field_class.hpp"

#include <array>

#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

namespace field = tables::field;
namespace type = tables::type;
using tables::FieldClass;

// Words that the security modules quote (security/lsm_audit.c, security/apparmor) and other records do not.
constexpr auto kQuotedInAvc = [] {
  std::array<bool, tables::kFieldCount> quoted{};
  for (const tables::FieldId id :
       {field::kBus, field::kClass, field::kDenied, field::kDev, field::kFamily, field::kFstype, field::kInterface,
        field::kLabel, field::kMember, field::kNamespace, field::kPeer, field::kPeerProfile, field::kRequested,
        field::kSockType, field::kTarget}) {
    quoted[id] = true;
  }
  return quoted;
}();

// What the kernel or, of AppArmor and SELinux, its user-space part writes as a number or a word of bits, a program may
// call anything.
bool is_kernel_type(std::uint16_t record_type) noexcept {
  return record_type == type::kLogin || (record_type >= type::kSyscall && record_type <= type::kKernel);
}

bool is_apparmor(std::uint16_t record_type) noexcept {
  return tables::record_traits(record_type).category == tables::RecordCategory::kApparmor;
}

// A number in some records, and in others a word, a bus name or an address.
FieldClass class_of_number(std::uint16_t record_type, tables::FieldId id) noexcept {
  switch (id) {
    case field::kNew:
    case field::kOld:
      return record_type == type::kTimeAdjntpval ? FieldClass::kTimeStatus
             : is_kernel_type(record_type)       ? FieldClass::kNumber
                                                 : FieldClass::kPlain;
    case field::kVal:
    case field::kOldValUnderscore:
    case field::kEnabled:
    case field::kOffset:
    case field::kSize:
      return is_kernel_type(record_type) ? FieldClass::kNumber : FieldClass::kPlain;
    case field::kDest:
    case field::kSrc:
    case field::kParent:  // ports and an inode of SELinux (security/lsm_audit.c)
      return record_type == type::kAvc || is_apparmor(record_type) ? FieldClass::kNumber : FieldClass::kPlain;
    case field::kProtocol:  // security/apparmor/net.c
      return record_type == type::kAvc || is_apparmor(record_type) ? FieldClass::kProtocol : FieldClass::kNumber;
    default:
      return FieldClass::kNumber;
  }
}

// The classes whose fields have another meaning in some records; all others are decided by their name alone.
FieldClass class_here(std::uint16_t record_type, tables::FieldId id, FieldClass kind) noexcept {
  const auto only = [&](auto... types) { return ((record_type == types) || ...) ? kind : FieldClass::kPlain; };
  switch (kind) {
    case FieldClass::kArgument:
      if (record_type == type::kSyscall || record_type == type::kSocketcall) return kind;
      return record_type == type::kExecve ? FieldClass::kEncoded : FieldClass::kHex;
    case FieldClass::kSockaddr:  // of others it is an address as text
      return only(type::kSockaddr);
    case FieldClass::kMmapFlags:
      return record_type == type::kPath ? FieldClass::kLookupFlags : only(type::kMmap);
    case FieldClass::kList:
      return only(type::kConfigChange);
    case FieldClass::kHook:
    case FieldClass::kNetfilterAction:  // of an integrity policy it is a word
    case FieldClass::kIcmpType:
    case FieldClass::kMacProtocol:
      return only(type::kNetfilterPkt);
    case FieldClass::kFamily:
      return only(type::kNetfilterCfg, type::kNetfilterPkt);
    case FieldClass::kSeccompCode:
      return only(type::kSeccomp);
    case FieldClass::kTtyData:
      return only(type::kTty, type::kUserTty);
    case FieldClass::kCapabilities:  // fp is a key's fingerprint in what programs write
    case FieldClass::kCapability:
    case FieldClass::kErrno:
    case FieldClass::kExit:
    case FieldClass::kIoctl:
    case FieldClass::kMode:
    case FieldClass::kOpenFlags:
    case FieldClass::kPermission:
    case FieldClass::kPersonality:
    case FieldClass::kPromiscuous:
    case FieldClass::kProtocol:
    case FieldClass::kResolve:
    case FieldClass::kSignal:
      return is_kernel_type(record_type) ? kind : FieldClass::kPlain;
    case FieldClass::kUid:
      if (id != field::kId) return kind;
      if (record_type == type::kAddGroup || record_type == type::kDelGroup || record_type == type::kGrpMgmt ||
          record_type == type::kGrpChauthtok)
        return FieldClass::kGid;
      return is_kernel_type(record_type) ? FieldClass::kPlain : kind;
    case FieldClass::kNumber:
      return class_of_number(record_type, id);
    case FieldClass::kPlain:
      return id == field::kMsg && record_type == type::kUserTty ? FieldClass::kEncoded : kind;
    default:
      return kind;
  }
}

}  // namespace

FieldClass field_class(std::uint16_t record_type, tables::FieldId id) noexcept {
  const FieldClass kind = tables::field_info(id).kind;
  if (kQuotedInAvc[id]) {
    if (record_type == type::kAvc || tables::record_traits(record_type).category == tables::RecordCategory::kApparmor)
      return FieldClass::kEncoded;
    const bool is_lsm = record_type == type::kIpeAccess || record_type == type::kLandlockAccess;
    if (id == field::kDev && is_lsm) return FieldClass::kEncoded;
  }
  return class_here(record_type, id, kind);
}

bool is_number(std::uint16_t record_type, FieldClass kind) noexcept {
  switch (kind) {
    case FieldClass::kNumber:
    case FieldClass::kUid:
    case FieldClass::kGid:
    case FieldClass::kSession:
    case FieldClass::kSyscall:
    case FieldClass::kUringOp:
    case FieldClass::kExit:
    case FieldClass::kErrno:
    case FieldClass::kSignal:
    case FieldClass::kCapability:
    case FieldClass::kPermission:
    case FieldClass::kPromiscuous:
    case FieldClass::kProtocol:
    case FieldClass::kList:
    case FieldClass::kFamily:
    case FieldClass::kHook:
    case FieldClass::kNetfilterAction:
    case FieldClass::kIcmpType:
    case FieldClass::kTimeStatus:
      return true;
    case FieldClass::kResult:  // "success" of programs
    case FieldClass::kFanotifyInfo:
    case FieldClass::kFanotifyResponse:
    case FieldClass::kFanotifyTrust:
    case FieldClass::kNetlinkGroup:
    case FieldClass::kAuditEnabled:
    case FieldClass::kAuditFailure:
      return is_kernel_type(record_type);
    default:
      return false;
  }
}

}  // namespace naudit::interpret
