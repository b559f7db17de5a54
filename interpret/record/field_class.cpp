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

bool is_kernel_type(std::uint16_t record_type) noexcept {
  return record_type >= type::kSyscall && record_type < type::kKernel;
}

// The classes whose fields have another meaning in some records; all others are decided by their name alone.
FieldClass class_here(std::uint16_t record_type, tables::FieldId id, FieldClass kind) noexcept {
  switch (kind) {
    case FieldClass::kArgument:
      if (record_type == type::kSyscall || record_type == type::kSocketcall) return kind;
      return record_type == type::kExecve ? FieldClass::kEncoded : FieldClass::kHex;
    case FieldClass::kSockaddr:  // of others it is an address as text
      return record_type == type::kSockaddr ? kind : FieldClass::kPlain;
    case FieldClass::kCapabilities:  // fp is a key's fingerprint in what programs write
      return is_kernel_type(record_type) ? kind : FieldClass::kPlain;
    case FieldClass::kUid:
      if (id == field::kId && (record_type == type::kAddGroup || record_type == type::kDelGroup ||
                               record_type == type::kGrpMgmt || record_type == type::kGrpChauthtok)) {
        return FieldClass::kGid;
      }
      return kind;
    case FieldClass::kPlain:
      if (id == field::kMsg && record_type == type::kUserTty) return FieldClass::kEncoded;
      if ((id == field::kOld || id == field::kNew) && record_type == type::kTimeAdjntpval)
        return FieldClass::kTimeStatus;
      return kind;
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

}  // namespace naudit::interpret
