// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule/environment.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

// All that is known of the fields of a rule: one row a field (fields.cpp). Reading, checking, listing, explaining,
// advice, YAML and the page docs/rules.md ask the row; a field whose kind of value is there already needs nothing else.
// Constant data; any thread; pure.

// How a value is read, listed and told: rule/field_value, auditctl/listing and advice/explain have a case for each that
// is more than a number.
enum class ValueKind : std::uint8_t {
  kNumber,
  kUnsigned,      // a number that auditctl lists without a sign
  kUser,          // a name or a uid
  kLoginUid,      // the same; the only one that may be unset
  kGroup,         // a name or a gid
  kSession,       // a number, or unset
  kExitCode,      // a number, or an errno's name with or without a minus
  kOutcome,       // 0 or 1
  kRecordType,    // a name or a number
  kArch,          // b64, b32, a machine
  kPermissions,   // letters of rwxa
  kFileType,      // file, dir, socket …
  kFileSystem,    // tracefs, debugfs …, or a magic number
  kSocketFamily,  // a number
  kPersonality,   // a number
  kArgument,      // of a system call
  kComparison,    // AUDIT_COMPARE_*: written with -C as two fields
  kLoggedIn,      // whether the login uid is set; the kernel makes it of auid, it has no name
  kLabel,         // text: a part of a security context
  kFile,          // text: a path
  kDirectory,     // text: a path
  kProgram,       // text: a path
  kKey,           // text: keys
};

// What a field is for, in the docs ("a user's name or uid").
std::string_view value_help(ValueKind kind) noexcept;

// Which operators a field takes.
enum class Operators : std::uint8_t { kAll, kComparing /* all but & and &= */, kEquality /* = and != */, kEqual };

// How much a condition leaves of the events, for the estimate of advice/cost.
enum class Narrows : std::uint8_t {
  kSome,
  kNothing,
  kToFile,
  kToDirectory,
  kToAccess,
  kToOneOfMany,  // one program, process, session
  kToLogin,
  kToLoggedIn,
  kToAccount,
  kToDifferent,  // two ids that are mostly the same
  kToOutcome,
  kToResult,
  kToArgument
};

// What else is true of a field; one bit each.
using Traits = std::uint32_t;
inline constexpr Traits kExcludes =
    1;  // the kernel looks at it on the exclude list (kernel/auditfilter.c, audit_filter)
inline constexpr Traits kFilesystems = 2;     // the kernel takes it on the filesystem list (audit_field_valid)
inline constexpr Traits kOneNumber = 4;       // an event has one such number, which the kernel compares without a sign
inline constexpr Traits kSaysWho = 8;         // narrows a rule to some programs, people or places
inline constexpr Traits kSubject = 16;        // explain() tells it as what the rule is about, with '=' at least
inline constexpr Traits kAlwaysSubject = 32;  // and with every operator

// The lists on which auditctl lets a field stand, and its words otherwise, with the field as it was written for {}.
struct ListSet {
  std::uint32_t lists = 0;  // one bit a number of List
  std::string_view refusal;
};
constexpr std::uint32_t bit(List list) noexcept {
  return 1U << static_cast<std::uint32_t>(list);
}
inline constexpr std::uint32_t kEveryList = 0xFFFFFFFF;

struct FieldRow {
  FieldId id = FieldId::kPid;   // the kernel's number
  std::string_view name = {};   // empty: cannot be written
  std::string_view other = {};  // another name that is understood
  ValueKind kind = ValueKind::kNumber;
  ListSet place = {kEveryList, {}};
  Operators operators = Operators::kAll;               // what auditctl lets through
  Operators kernel_operators = Operators::kComparing;  // what the kernel takes of it
  std::uint32_t feature = 0;                           // the bit that the kernel must have (AUDIT_FEATURE_BITMAP_*)
  std::uint32_t anchor = 0;                            // the lists on which auditctl lets a key hang on it
  std::string_view yaml_key = {};                      // the key of a YAML rule that stands for it with '='
  Narrows narrows = Narrows::kSome;
  Traits traits = 0;
  std::string_view noun = {};  // "the effective uid", for explain() and the docs

  [[nodiscard]] constexpr bool is(Traits trait) const noexcept { return (traits & trait) != 0; }
};

// In the order of their numbers.
std::span<const FieldRow> field_rows() noexcept;
// For a number that is not known here a row without a name.
const FieldRow& field_row(FieldId id) noexcept;

// In any case, as auditctl finds them.
std::optional<FieldId> field_by_name(std::string_view name) noexcept;
std::string_view field_name(FieldId field) noexcept;
const std::vector<std::string_view>& field_names();  // for "did you mean"

// The row with that FieldRow::yaml_key, or nothing.
const FieldRow* field_by_yaml_key(std::string_view key) noexcept;

// Whether the value of the field is a string (then `value` on the wire is its length).
bool has_text(FieldId field) noexcept;
// Whether that string is a path.
bool is_path(FieldId field) noexcept;

bool takes(Operators operators, Operator op) noexcept;

// Whose conditions on a rule hold.
enum class Grammar : std::uint8_t {
  kAuditctl,  // those of auditctl 4.2
  kKernel     // the kernel's: a key on any rule, the io_uring list takes what exit takes, exclude only what it looks at
};

// Why the field may not stand in a rule of that list, in auditctl's words; empty if it may. `name` is the field as it
// was written.
std::string misplacement(FieldId field, List list, std::string_view name, const Environment& environment,
                         Grammar grammar);

// Whether -C may stand in a rule of that list.
bool takes_comparisons(List list, Grammar grammar) noexcept;

// What the kernel refuses with a bare EINVAL although auditctl sends it (kernel/auditfilter.c, audit_field_valid and
// audit_data_to_entry); empty if nothing is wrong with the field. Used where no auditctl's bytes must be matched.
std::string kernel_objection(const Field& field, List list);

// The same of a rule whose fields are right one by one: two paths, two programs, two keys.
std::string kernel_objection(const Rule& rule);

// Why the kernel takes no such path in `path`, `dir` or `exe` (kernel/audit_watch.c, audit_to_watch; audit_tree.c,
// audit_make_tree; audit_fsnotify.c, audit_alloc_mark; fs/namei.c); empty if it may. What is there is not looked at.
std::string path_objection(FieldId id, std::string_view path);

// What YAML refuses besides, since no author can mean it: success=5.
std::string pointless(const Field& field);

}  // namespace naudit::rules
