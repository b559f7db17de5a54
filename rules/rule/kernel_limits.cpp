// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/kernel_limits.hpp"

#include "rules/rule/names.hpp"

namespace naudit::rules {

std::string kernel_objection(const Field& field, List list) {
  const std::string name(field_name(field.id));
  const bool equality = field.op == Operator::kEqual || field.op == Operator::kNotEqual;
  const bool bits = field.op == Operator::kMask || field.op == Operator::kTest;
  switch (field.id) {
    case FieldId::kArg0:
    case FieldId::kArg1:
    case FieldId::kArg2:
    case FieldId::kArg3:
    case FieldId::kPers:
    case FieldId::kDevminor:
      break;
    case FieldId::kSubjUser:
    case FieldId::kSubjRole:
    case FieldId::kSubjType:
    case FieldId::kObjUser:
    case FieldId::kObjRole:
    case FieldId::kObjType:
    case FieldId::kPath:
    case FieldId::kDir:
    case FieldId::kPerm:
    case FieldId::kKey:
    case FieldId::kFiletype:
    case FieldId::kFieldCompare:
    case FieldId::kExe:
    case FieldId::kFstype:
    case FieldId::kArch:
    case FieldId::kInode:
      if (!equality) return name + " only takes = or != operators";
      break;
    default:
      if (bits) return name + " does not take & or &=; only a0 to a3, pers and devminor do";
  }
  switch (field.id) {
    case FieldId::kUid:
    case FieldId::kEuid:
    case FieldId::kSuid:
    case FieldId::kFsuid:
    case FieldId::kObjUid:
    case FieldId::kGid:
    case FieldId::kEgid:
    case FieldId::kSgid:
    case FieldId::kFsgid:
    case FieldId::kObjGid:
      if (field.value == kUnset) return name + " can never be unset; only auid can";
      break;
    case FieldId::kSuccess:
      if (field.value > 1) return "success is 0 or 1";
      break;
    case FieldId::kPath:
    case FieldId::kDir:
      if (!field.text.starts_with('/')) return "the " + name + " '" + field.text + "' must start with /";
      if (field.op != Operator::kEqual) return name + " only takes =";
      break;
    default:
      break;
  }
  if (field.id == FieldId::kPath && field.text.size() > 1 && field.text.ends_with('/'))
    return "the path '" + field.text + "' ends with /; use dir for a directory";
  if (list == List::kFilesystem && field.id != FieldId::kFstype && field.id != FieldId::kKey)
    return "the filesystem list takes only fstype and key, not " + name;
  return {};
}

}  // namespace naudit::rules
