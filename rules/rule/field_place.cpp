// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/field_place.hpp"

namespace naudit::rules {
namespace {

// What kernel/auditfilter.c (audit_filter) looks at in a rule of the exclude list.
bool kernel_excludes_by(FieldId field) {
  switch (field) {
    case FieldId::kPid:
    case FieldId::kUid:
    case FieldId::kGid:
    case FieldId::kAuid:
    case FieldId::kMsgtype:
    case FieldId::kSubjUser:
    case FieldId::kSubjRole:
    case FieldId::kSubjType:
    case FieldId::kSubjSen:
    case FieldId::kSubjClr:
    case FieldId::kExe:
      return true;
    default:
      return false;
  }
}

bool needs_exit(FieldId field) {
  switch (field) {
    case FieldId::kPpid:
    case FieldId::kObjUser:
    case FieldId::kObjRole:
    case FieldId::kObjType:
    case FieldId::kObjLevLow:
    case FieldId::kObjLevHigh:
    case FieldId::kDevmajor:
    case FieldId::kDevminor:
    case FieldId::kInode:
    case FieldId::kExit:
    case FieldId::kSuccess:
    case FieldId::kPath:
    case FieldId::kPerm:
    case FieldId::kDir:
    case FieldId::kFiletype:
      return true;
    default:
      return false;
  }
}

bool is_exit(List list, Grammar grammar) {
  return list == List::kExit || (list == List::kIoUring && grammar == Grammar::kKernel);
}

}  // namespace

bool takes_comparisons(List list, Grammar grammar) noexcept {
  return is_exit(list, grammar);
}

std::string misplacement(FieldId field, List list, std::string_view name, const Environment& environment,
                         Grammar grammar) {
  const std::string word(name);
  const std::string unsupported = "Field option not supported by kernel: " + word;
  if (list == List::kExclude) {
    if (field != FieldId::kMsgtype && (environment.features & kFeatureExcludeExtend) == 0) return unsupported;
    if (grammar == Grammar::kKernel && !kernel_excludes_by(field))
      return "Only msgtype, *uid, *gid, pid, and subj* fields can be used with exclude filter";
  }
  if (list == List::kFilesystem && (environment.features & kFeatureFilesystem) == 0)
    return word + " filter is not supported by the kernel";
  const bool takes_perm = field == FieldId::kPerm && list == List::kExclude;
  if (needs_exit(field) && !takes_perm && !is_exit(list, grammar))
    return word + " can only be used with exit filter list";
  if (field == FieldId::kMsgtype && list != List::kExclude && list != List::kUser)
    return "msgtype field can only be used with exclude or user filter list";
  if (field == FieldId::kFstype && list != List::kFilesystem) return word + " field is not valid for the filter";
  if (field == FieldId::kSessionid) {
    if ((environment.features & kFeatureSessionid) == 0) return unsupported;
    if (list != List::kUser && list != List::kExclude && !is_exit(list, grammar))
      return word + " must be used with exclude, user, or exit filter";
  }
  if (field == FieldId::kExe && (environment.features & kFeatureExe) == 0) return unsupported;
  return {};
}

}  // namespace naudit::rules
