// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/laurel/kinds.hpp"

#include <array>

#include "tables/fields.hpp"
#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

namespace field = tables::field;
namespace type = tables::type;

constexpr auto kDecimals = std::to_array<tables::FieldId>({
    field::kArgc,
    field::kAuditBacklogLimit,
    field::kAuditBacklogWaitTime,
    field::kAuditEnabled,
    field::kAuditFailure,
    field::kCapFe,
    field::kCapability,
    field::kChanged,
    field::kCompat,
    field::kDport,
    field::kEnforcing,
    field::kEntries,
    field::kErrno,
    field::kExit,
    field::kFamily,
    field::kFd,
    field::kFe,
    field::kIno,
    field::kInode,
    field::kIpid,
    field::kItem,
    field::kItems,
    field::kLen,
    field::kList,
    field::kLport,
    field::kMajor,
    field::kMinor,
    field::kNargs,
    field::kNewEnabled,
    field::kNewLogPasswd,
    field::kNewLock,
    field::kNlnkPid,
    field::kOldEnabled,
    field::kOldLogPasswd,
    field::kOldSes,
    field::kOldEnforcing,
    field::kOldLock,
    field::kOldProm,
    field::kOldValUnderscore,
    field::kOpid,
    field::kOses,
    field::kPermissive,
    field::kPid,
    field::kPpid,
    field::kProm,
    field::kProto,
    field::kRes,
    field::kRport,
    field::kSeqno,
    field::kSes,
    field::kSig,
    field::kSigevSigno,
    field::kSpid,
    field::kSport,
    field::kSyscall,
    field::kVal,
    field::kVmPid,
});
constexpr auto kHexadecimals = std::to_array<tables::FieldId>({
    field::kArch,  field::kCapFi,    field::kCapFp, field::kCapFver, field::kCapPa, field::kCapPe,
    field::kCapPi, field::kCapPp,    field::kCode,  field::kFi,      field::kFlags, field::kFp,
    field::kFver,  field::kIoctlcmd, field::kOldPa, field::kOldPe,   field::kOldPi, field::kOldPp,
    field::kPa,    field::kPe,       field::kPer,   field::kPi,      field::kPp,    field::kQbytes,
});

bool is_id(std::string_view name) noexcept {
  return name.ends_with("uid") || name.ends_with("gid");
}

using Kinds = std::array<LaurelKind, tables::kFieldCount>;

Kinds make_kinds() noexcept {
  Kinds kinds{};
  for (tables::FieldId id = 1; id < tables::kFieldCount; ++id)
    if (is_id(tables::field_info(id).name)) kinds[id] = LaurelKind::kDecimal;
  for (const tables::FieldId id : kDecimals) kinds[id] = LaurelKind::kDecimal;
  for (const tables::FieldId id : kHexadecimals) kinds[id] = LaurelKind::kHexadecimal;
  kinds[field::kMode] = LaurelKind::kOctal;
  return kinds;
}

}  // namespace

LaurelKind laurel_kind(const interpret::Field& field) noexcept {
  static const Kinds kKinds = make_kinds();
  if (field.id != 0) return kKinds[field.id];
  return is_id(field.name) ? LaurelKind::kDecimal : LaurelKind::kText;
}

// What programs and daemons say, and what the kernel says of its network labels, is an event of its own for laurel.
bool is_laurel_object(std::uint16_t type) noexcept {
  switch (type) {
    case type::kSyscall:
    case type::kExecve:
    case type::kCwd:
    case type::kProctitle:
      return true;
    case 0:
    case type::kLogin:
      return false;
    default:
      return type < type::kSyscall || type >= 2000 || (type >= type::kMacUnlblAllow && type <= type::kMacCalipsoDel);
  }
}

}  // namespace naudit::formats
