// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/fields.hpp"

#include <algorithm>
#include <array>
#include <climits>

#include "base/text.hpp"

namespace naudit::rules {
namespace {

constexpr ListSet kOnExit{bit(List::kExit), "{} can only be used with exit filter list"};
constexpr ListSet kExitOrExclude{bit(List::kExit) | bit(List::kExclude), kOnExit.refusal};
constexpr ListSet kExcludeOrUser{bit(List::kExclude) | bit(List::kUser),
                                 "msgtype field can only be used with exclude or user filter list"};
constexpr ListSet kExcludeUserOrExit{bit(List::kExclude) | bit(List::kUser) | bit(List::kExit),
                                     "{} must be used with exclude, user, or exit filter"};
constexpr ListSet kOnFilesystem{bit(List::kFilesystem), "{} field is not valid for the filter"};

// Ordered by number.
constexpr FieldRow kRows[] = {
    {.id = FieldId::kPid,
     .name = "pid",
     .narrows = Narrows::kToOneOfMany,
     .traits = kExcludes | kOneNumber | kSaysWho,
     .noun = "the process id"},
    {.id = FieldId::kUid,
     .name = "uid",
     .kind = ValueKind::kUser,
     .narrows = Narrows::kToAccount,
     .traits = kExcludes | kOneNumber | kSaysWho,
     .noun = "the uid"},
    {.id = FieldId::kEuid,
     .name = "euid",
     .kind = ValueKind::kUser,
     .narrows = Narrows::kToAccount,
     .traits = kOneNumber | kSaysWho,
     .noun = "the effective uid"},
    {.id = FieldId::kSuid,
     .name = "suid",
     .kind = ValueKind::kUser,
     .narrows = Narrows::kToAccount,
     .traits = kOneNumber,
     .noun = "the saved uid"},
    {.id = FieldId::kFsuid,
     .name = "fsuid",
     .kind = ValueKind::kUser,
     .narrows = Narrows::kToAccount,
     .traits = kOneNumber,
     .noun = "the file system uid"},
    {.id = FieldId::kGid,
     .name = "gid",
     .kind = ValueKind::kGroup,
     .narrows = Narrows::kToAccount,
     .traits = kExcludes | kOneNumber | kSaysWho,
     .noun = "the gid"},
    {.id = FieldId::kEgid,
     .name = "egid",
     .kind = ValueKind::kGroup,
     .narrows = Narrows::kToAccount,
     .traits = kOneNumber,
     .noun = "the effective gid"},
    {.id = FieldId::kSgid, .name = "sgid", .kind = ValueKind::kGroup, .traits = kOneNumber, .noun = "the saved gid"},
    {.id = FieldId::kFsgid,
     .name = "fsgid",
     .kind = ValueKind::kGroup,
     .traits = kOneNumber,
     .noun = "the file system gid"},
    {.id = FieldId::kAuid,
     .name = "auid",
     .other = "loginuid",
     .kind = ValueKind::kLoginUid,
     .narrows = Narrows::kToLogin,
     .traits = kExcludes | kOneNumber | kSaysWho,
     .noun = "the login uid"},
    {.id = FieldId::kPers,
     .name = "pers",
     .kind = ValueKind::kPersonality,
     .kernel_operators = Operators::kAll,
     .traits = kOneNumber,
     .noun = "the execution domain (personality)"},
    {.id = FieldId::kArch,
     .name = "arch",
     .kind = ValueKind::kArch,
     .operators = Operators::kEquality,
     .kernel_operators = Operators::kEquality,
     .yaml_key = "arch",
     .narrows = Narrows::kNothing,
     .traits = kOneNumber | kAlwaysSubject,
     .noun = "the machine"},
    {.id = FieldId::kMsgtype,
     .name = "msgtype",
     .kind = ValueKind::kRecordType,
     .place = kExcludeOrUser,
     .yaml_key = "types",
     .traits = kExcludes | kOneNumber | kSubject,
     .noun = "the record"},
    {.id = FieldId::kSubjUser,
     .name = "subj_user",
     .kind = ValueKind::kLabel,
     .kernel_operators = Operators::kEquality,
     .traits = kExcludes,
     .noun = "the SELinux user of the process"},
    {.id = FieldId::kSubjRole,
     .name = "subj_role",
     .kind = ValueKind::kLabel,
     .kernel_operators = Operators::kEquality,
     .traits = kExcludes,
     .noun = "the SELinux role of the process"},
    {.id = FieldId::kSubjType,
     .name = "subj_type",
     .kind = ValueKind::kLabel,
     .kernel_operators = Operators::kEquality,
     .traits = kExcludes | kSaysWho,
     .noun = "the SELinux type of the process"},
    {.id = FieldId::kSubjSen,
     .name = "subj_sen",
     .kind = ValueKind::kLabel,
     .traits = kExcludes,
     .noun = "the sensitivity of the process"},
    {.id = FieldId::kSubjClr,
     .name = "subj_clr",
     .kind = ValueKind::kLabel,
     .traits = kExcludes,
     .noun = "the clearance of the process"},
    {.id = FieldId::kPpid,
     .name = "ppid",
     .place = kOnExit,
     .narrows = Narrows::kToOneOfMany,
     .traits = kOneNumber | kSaysWho,
     .noun = "the parent's process id"},
    {.id = FieldId::kObjUser,
     .name = "obj_user",
     .kind = ValueKind::kLabel,
     .place = kOnExit,
     .kernel_operators = Operators::kEquality,
     .noun = "the SELinux user of the object"},
    {.id = FieldId::kObjRole,
     .name = "obj_role",
     .kind = ValueKind::kLabel,
     .place = kOnExit,
     .kernel_operators = Operators::kEquality,
     .noun = "the SELinux role of the object"},
    {.id = FieldId::kObjType,
     .name = "obj_type",
     .kind = ValueKind::kLabel,
     .place = kOnExit,
     .kernel_operators = Operators::kEquality,
     .noun = "the SELinux type of the object"},
    {.id = FieldId::kObjLevLow,
     .name = "obj_lev_low",
     .kind = ValueKind::kLabel,
     .place = kOnExit,
     .noun = "the low level of the object"},
    {.id = FieldId::kObjLevHigh,
     .name = "obj_lev_high",
     .kind = ValueKind::kLabel,
     .place = kOnExit,
     .noun = "the high level of the object"},
    {.id = FieldId::kLoginuidSet,
     .kind = ValueKind::kLoggedIn,
     .narrows = Narrows::kToLoggedIn,
     .noun = "whether somebody has logged in"},
    {.id = FieldId::kSessionid,
     .name = "sessionid",
     .kind = ValueKind::kSession,
     .place = kExcludeUserOrExit,
     .feature = kFeatureSessionid,
     .narrows = Narrows::kToOneOfMany,
     .traits = kOneNumber,
     .noun = "the login session"},
    {.id = FieldId::kFstype,
     .name = "fstype",
     .kind = ValueKind::kFileSystem,
     .place = kOnFilesystem,
     .operators = Operators::kEquality,
     .kernel_operators = Operators::kEquality,
     .anchor = bit(List::kFilesystem),
     .yaml_key = "filesystem",
     .traits = kFilesystems | kOneNumber | kSubject,
     .noun = "the file system"},
    {.id = FieldId::kDevmajor, .name = "devmajor", .place = kOnExit, .noun = "the major number of the file's device"},
    {.id = FieldId::kDevminor,
     .name = "devminor",
     .place = kOnExit,
     .kernel_operators = Operators::kAll,
     .noun = "the minor number of the file's device"},
    {.id = FieldId::kInode,
     .name = "inode",
     .kind = ValueKind::kUnsigned,
     .place = kOnExit,
     .operators = Operators::kEquality,
     .kernel_operators = Operators::kEquality,
     .narrows = Narrows::kToFile,
     .noun = "the file's inode"},
    {.id = FieldId::kExit,
     .name = "exit",
     .kind = ValueKind::kExitCode,
     .place = kOnExit,
     .narrows = Narrows::kToResult,
     .traits = kOneNumber | kSaysWho,
     .noun = "the call's result"},
    {.id = FieldId::kSuccess,
     .name = "success",
     .kind = ValueKind::kOutcome,
     .place = kOnExit,
     .narrows = Narrows::kToOutcome,
     .traits = kOneNumber | kSaysWho,
     .noun = "whether the call succeeds"},
    {.id = FieldId::kPath,
     .name = "path",
     .kind = ValueKind::kFile,
     .place = kOnExit,
     .kernel_operators = Operators::kEquality,
     .anchor = kEveryList,
     .yaml_key = "path",
     .narrows = Narrows::kToFile,
     .traits = kSaysWho | kSubject,
     .noun = "the file"},
    {.id = FieldId::kPerm,
     .name = "perm",
     .kind = ValueKind::kPermissions,
     .place = kExitOrExclude,
     .operators = Operators::kEqual,
     .kernel_operators = Operators::kEquality,
     .anchor = kEveryList,
     .yaml_key = "permissions",
     .narrows = Narrows::kToAccess,
     .traits = kAlwaysSubject,
     .noun = "what is done to the file"},
    {.id = FieldId::kDir,
     .name = "dir",
     .kind = ValueKind::kDirectory,
     .place = kOnExit,
     .kernel_operators = Operators::kEquality,
     .anchor = kEveryList,
     .yaml_key = "dir",
     .narrows = Narrows::kToDirectory,
     .traits = kSaysWho | kSubject,
     .noun = "the directory, with all that is in it"},
    {.id = FieldId::kFiletype,
     .name = "filetype",
     .kind = ValueKind::kFileType,
     .place = kOnExit,
     .kernel_operators = Operators::kEquality,
     .noun = "the file"},
    {.id = FieldId::kObjUid, .name = "obj_uid", .kind = ValueKind::kUser, .noun = "the file's owner"},
    {.id = FieldId::kObjGid, .name = "obj_gid", .kind = ValueKind::kGroup, .noun = "the file's group"},
    {.id = FieldId::kFieldCompare,
     .name = "field_compare",
     .kind = ValueKind::kComparison,
     .kernel_operators = Operators::kEquality,
     .narrows = Narrows::kToDifferent,
     .traits = kSaysWho,
     .noun = "two fields that are compared"},
    {.id = FieldId::kExe,
     .name = "exe",
     .kind = ValueKind::kProgram,
     .operators = Operators::kEquality,
     .kernel_operators = Operators::kEquality,
     .feature = kFeatureExe,
     .anchor = kEveryList,
     .yaml_key = "exe",
     .narrows = Narrows::kToOneOfMany,
     .traits = kExcludes | kSaysWho,
     .noun = "the program"},
    {.id = FieldId::kSaddrFam, .name = "saddr_fam", .kind = ValueKind::kSocketFamily, .noun = "the address family"},
    {.id = FieldId::kArg0,
     .name = "a0",
     .kind = ValueKind::kArgument,
     .kernel_operators = Operators::kAll,
     .narrows = Narrows::kToArgument,
     .traits = kOneNumber,
     .noun = "the first argument"},
    {.id = FieldId::kArg1,
     .name = "a1",
     .kind = ValueKind::kArgument,
     .kernel_operators = Operators::kAll,
     .narrows = Narrows::kToArgument,
     .traits = kOneNumber,
     .noun = "the second argument"},
    {.id = FieldId::kArg2,
     .name = "a2",
     .kind = ValueKind::kArgument,
     .kernel_operators = Operators::kAll,
     .narrows = Narrows::kToArgument,
     .traits = kOneNumber,
     .noun = "the third argument"},
    {.id = FieldId::kArg3,
     .name = "a3",
     .kind = ValueKind::kArgument,
     .kernel_operators = Operators::kAll,
     .narrows = Narrows::kToArgument,
     .traits = kOneNumber,
     .noun = "the fourth argument"},
    {.id = FieldId::kKey,
     .name = "key",
     .kind = ValueKind::kKey,
     .kernel_operators = Operators::kEquality,
     .yaml_key = "key",
     .narrows = Narrows::kNothing,
     .traits = kFilesystems | kAlwaysSubject,
     .noun = "what the events of the rule are found by"},
};
static_assert(std::ranges::is_sorted(kRows, {}, &FieldRow::id));

constexpr FieldRow kUnknown{};

constexpr std::size_t kNumbers = 256;
constexpr std::uint8_t kNoRow = 0xFF;

// By the kernel's number, since the kernel lists thousands of rules.
constexpr auto kIndex = [] {
  std::array<std::uint8_t, kNumbers> index{};
  index.fill(kNoRow);
  for (std::size_t i = 0; i < std::size(kRows); ++i)
    index.at(static_cast<std::size_t>(kRows[i].id)) = static_cast<std::uint8_t>(i);
  return index;
}();

bool is_exit(List list, Grammar grammar) {
  return list == List::kExit || (list == List::kIoUring && grammar == Grammar::kKernel);
}

// auditctl's words with the name in them.
std::string filled(std::string_view text, const std::string& name) {
  const std::size_t at = text.find("{}");
  if (at == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, at)) + name + std::string(text.substr(at + 2));
}

std::string operator_objection(const FieldRow& row, Operator op) {
  if (takes(row.kernel_operators, op)) return {};
  const std::string name(row.name);
  if (row.kernel_operators == Operators::kEquality) return name + " only takes = or != operators";
  return name + " does not take & or &=; only a0 to a3, pers and devminor do";
}

std::string value_objection(const FieldRow& row, const Field& field) {
  const std::string name(row.name);
  switch (row.kind) {
    case ValueKind::kUser:
    case ValueKind::kGroup:
      if (field.value == kUnset) return name + " can never be unset; only auid can";
      break;
    case ValueKind::kLoginUid:
      // The kernel makes loginuid_set of it, which takes = and != only.
      if (field.value == kUnset && !takes(Operators::kEquality, field.op))
        return name + " is compared with unset by = or != only";
      break;
    case ValueKind::kFile:
    case ValueKind::kDirectory:
      if (std::string why = path_objection(field.id, field.text); !why.empty()) return why;
      if (field.op != Operator::kEqual) return name + " only takes =";
      break;
    case ValueKind::kProgram:
      return path_objection(field.id, field.text);
    default:
      break;
  }
  return {};
}

}  // namespace

std::string_view value_help(ValueKind kind) noexcept {
  switch (kind) {
    case ValueKind::kNumber:
    case ValueKind::kUnsigned:
    case ValueKind::kSocketFamily:
    case ValueKind::kPersonality:
      return "a number";
    case ValueKind::kUser:
      return "a user's name or a uid";
    case ValueKind::kLoginUid:
      return "a user's name, a uid or `unset`";
    case ValueKind::kGroup:
      return "a group's name or a gid";
    case ValueKind::kSession:
      return "a number or `unset`";
    case ValueKind::kExitCode:
      return "a number or an errno's name, `-EACCES`";
    case ValueKind::kOutcome:
      return "`1` or `0`";
    case ValueKind::kRecordType:
      return "a record type's name or a number";
    case ValueKind::kArch:
      return "`b64`, `b32` or a machine's name";
    case ValueKind::kPermissions:
      return "letters of `rwxa`";
    case ValueKind::kFileType:
      return "`file`, `dir`, `link`, `socket`, `fifo`, `block`, `character`";
    case ValueKind::kFileSystem:
      return "`debugfs`, `tracefs`, `cgroup`, `cgroup2` or a magic number";
    case ValueKind::kArgument:
      return "a number";
    case ValueKind::kComparison:
      return "another field: `uid != obj_uid`";
    case ValueKind::kLoggedIn:
      return "`1` or `0`";
    case ValueKind::kLabel:
      return "text";
    case ValueKind::kFile:
    case ValueKind::kDirectory:
    case ValueKind::kProgram:
      return "a path";
    case ValueKind::kKey:
      return "text";
  }
  return {};
}

std::span<const FieldRow> field_rows() noexcept {
  return kRows;
}

const FieldRow& field_row(FieldId id) noexcept {
  const auto number = static_cast<std::size_t>(id);
  return number < kNumbers && kIndex[number] != kNoRow ? kRows[kIndex[number]] : kUnknown;
}

std::optional<FieldId> field_by_name(std::string_view name) noexcept {
  if (name.empty()) return std::nullopt;
  for (const FieldRow& row : kRows)
    if (base::same_word(row.name, name) || base::same_word(row.other, name)) return row.id;
  return std::nullopt;
}

std::string_view field_name(FieldId field) noexcept {
  return field_row(field).name;
}

const std::vector<std::string_view>& field_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const FieldRow& row : kRows)
      for (const std::string_view name : {row.name, row.other})
        if (!name.empty()) all.push_back(name);
    return all;
  }();
  return names;
}

const FieldRow* field_by_yaml_key(std::string_view key) noexcept {
  const auto* const found = std::ranges::find(kRows, key, &FieldRow::yaml_key);
  return key.empty() || found == std::end(kRows) ? nullptr : found;
}

bool has_text(FieldId field) noexcept {
  const ValueKind kind = field_row(field).kind;
  return kind == ValueKind::kLabel || kind == ValueKind::kKey || is_path(field);
}

bool is_path(FieldId field) noexcept {
  const ValueKind kind = field_row(field).kind;
  return kind == ValueKind::kFile || kind == ValueKind::kDirectory || kind == ValueKind::kProgram;
}

bool takes(Operators operators, Operator op) noexcept {
  switch (operators) {
    case Operators::kAll:
      return true;
    case Operators::kComparing:
      return op != Operator::kMask && op != Operator::kTest;
    case Operators::kEquality:
      return op == Operator::kEqual || op == Operator::kNotEqual;
    case Operators::kEqual:
      return op == Operator::kEqual;
  }
  return false;
}

bool takes_comparisons(List list, Grammar grammar) noexcept {
  return is_exit(list, grammar);
}

std::string misplacement(FieldId field, List list, std::string_view name, const Environment& environment,
                         Grammar grammar) {
  const FieldRow& row = field_row(field);
  const std::string word(name);
  const std::string unsupported = "Field option not supported by kernel: " + word;
  if (list == List::kExclude) {
    // Older kernels had the list for record types only.
    if (row.kind != ValueKind::kRecordType && (environment.features & kFeatureExcludeExtend) == 0) return unsupported;
    if (grammar == Grammar::kKernel && !row.is(kExcludes))
      return "Only msgtype, *uid, *gid, pid, and subj* fields can be used with exclude filter";
  }
  if (list == List::kFilesystem && (environment.features & kFeatureFilesystem) == 0)
    return word + " filter is not supported by the kernel";
  if ((environment.features & row.feature) != row.feature) return unsupported;
  const List place = is_exit(list, grammar) ? List::kExit : list;
  if ((row.place.lists & bit(place)) == 0) return filled(row.place.refusal, word);
  return {};
}

std::string path_objection(FieldId id, std::string_view path) {
  const std::string name(field_row(id).name);
  const std::string quoted = base::in_quotes(path);
  if (!path.starts_with('/')) {
    const std::string what = "the " + name + " " + quoted + " must start with /";
    if (path.starts_with('~')) return what + ": '~' is no home directory here";
    if (path.starts_with('$')) return what + ": there are no variables here";
    if (path.starts_with('"') || path.starts_with('\'')) return what + ": the quotes are part of the text";
    if (id == FieldId::kExe) return what + ": the kernel compares the whole path of the program";
    return what;
  }
  if (path.size() >= PATH_MAX)
    return "the " + name + " has " + std::to_string(path.size()) + " bytes; the kernel takes " +
           std::to_string(PATH_MAX - 1);
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
    if (part.size() > NAME_MAX) {
      return "a name in the " + name + " has " + std::to_string(part.size()) + " bytes; the kernel takes " +
             std::to_string(NAME_MAX);
    }
  }
  if (id == FieldId::kDir) return {};
  if (path.ends_with('/')) {
    return "the " + name + " " + quoted + " ends with /" +
           (id == FieldId::kPath ? "; use dir for a directory" : ", and a program is no directory");
  }
  if (path.ends_with("/.") || path.ends_with("/..")) return "the " + name + " " + quoted + " must end with a name";
  return {};
}

std::string pointless(const Field& field) {
  if (field_row(field.id).kind == ValueKind::kOutcome && field.value > 1) return "success is 0 or 1";
  return {};
}

std::string kernel_objection(const Rule& rule) {
  std::size_t places = 0, programs = 0, keys = 0;
  for (const Field& field : rule.fields) {
    const ValueKind kind = field_row(field.id).kind;
    places += kind == ValueKind::kFile || kind == ValueKind::kDirectory || field.id == FieldId::kInode ? 1 : 0;
    programs += kind == ValueKind::kProgram ? 1 : 0;
    keys += kind == ValueKind::kKey ? 1 : 0;
  }
  if (places > 1) return "the kernel takes one of path, dir and inode in a rule, once";
  if (programs > 1) return "the kernel takes one exe in a rule";
  if (keys > 1) return "the kernel takes one key in a rule; several are one -k each, not -F key!=";
  return {};
}

std::string kernel_objection(const Field& field, List list) {
  const FieldRow& row = field_row(field.id);
  if (std::string why = operator_objection(row, field.op); !why.empty()) return why;
  if (std::string why = value_objection(row, field); !why.empty()) return why;
  if (list == List::kFilesystem && !row.is(kFilesystems))
    return "the filesystem list takes only fstype and key, not " + std::string(row.name);
  if (list == List::kIoUring && field.id == FieldId::kPerm) return "the io_uring list takes no perm";
  return {};
}

}  // namespace naudit::rules
