// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/explain.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "rules/rule/fields.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "rules/rule/rule.hpp"
#include "tables/arch.hpp"
#include "tables/arguments.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"
#include "tables/socket_families.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

// "a", "a or b", "a, b or c"
std::string joined(const std::vector<std::string>& words, const std::string& last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + last + " " : ", ";
    text += words[i];
  }
  return text;
}

// "read, written, executed or changed in its attributes"
std::string permission_phrase(std::uint32_t bits) {
  std::vector<std::string> words;
  if ((bits & kPermRead) != 0) words.emplace_back("read");
  if ((bits & kPermWrite) != 0) words.emplace_back("written");
  if ((bits & kPermExecute) != 0) words.emplace_back("executed");
  if ((bits & kPermAttributes) != 0) words.emplace_back("changed in its attributes");
  return joined(words, "or");
}

std::string noun(FieldId id) {
  const std::string_view noun = field_row(id).noun;
  return noun.empty() ? fmt::format("field {}", static_cast<std::uint32_t>(id)) : std::string(noun);
}

std::string filetype_noun(std::uint32_t value) {
  const std::string_view name = filetype_name(value);
  if (name == "file") return "a regular file";
  if (name == "dir") return "a directory";
  if (name == "socket") return "a socket";
  if (name == "link") return "a symbolic link";
  if (name == "character") return "a character device";
  if (name == "block") return "a block device";
  if (name == "fifo") return "a named pipe";
  return fmt::format("of type 0{:o}", value);
}

// What an argument's value means, where every call of the rule means the same by it; else empty.
std::string argument_name(const Rule& rule, std::size_t which, std::uint32_t value) {
  const std::vector<std::uint32_t> calls =
      rule.syscalls.is_all() ? std::vector<std::uint32_t>{} : rule.syscalls.numbers();
  const tables::ArchWord arch = rule.arch().value_or(tables::native_arch());
  std::string found;
  for (const std::uint32_t call : calls) {
    const tables::Argument argument = tables::syscall_signature(arch, call).at(which);
    std::string name;
    switch (argument.is) {
      case tables::Argument::Is::kConstant:
        name = tables::constant_name(argument.constants(), value, arch);
        break;
      case tables::Argument::Is::kFlags:
        tables::append_named_flags(name, argument.flags(), value, arch);
        break;
      case tables::Argument::Is::kSpecial:
        if (argument.special() == tables::SpecialArgument::kSocketDomain) name = tables::socket_family_name(value);
        if (argument.special() == tables::SpecialArgument::kMode) name = fmt::format("0{:o}", value);
        if (argument.special() == tables::SpecialArgument::kClone && which == 0)
          tables::append_named_flags(name, tables::Flags::kClone, value, arch);
        break;
      default:
        break;
    }
    if (name.empty() || (!found.empty() && found != name)) return {};
    found = name;
  }
  return found;
}

// The names of the bits of an argument that is asked for by & or &=, where every call of the rule means the same by
// them; a bit without a name is its number. Empty if none has one.
std::vector<std::string> bit_names(const Rule& rule, std::size_t which, std::uint32_t value) {
  if (rule.syscalls.is_all()) return {};
  const tables::ArchWord arch = rule.arch().value_or(tables::native_arch());
  std::vector<std::string> found;
  for (const std::uint32_t call : rule.syscalls.numbers()) {
    const tables::Argument argument = tables::syscall_signature(arch, call).at(which);
    std::optional<tables::Flags> flags;
    if (argument.is == tables::Argument::Is::kFlags) flags = argument.flags();
    // clone's first argument on the arches that we know.
    if (argument.is == tables::Argument::Is::kSpecial && argument.special() == tables::SpecialArgument::kClone &&
        which == 0)
      flags = tables::Flags::kClone;
    if (!flags) return {};
    std::vector<std::string> names;
    bool named = false;
    for (std::uint32_t bit = 1; bit != 0; bit <<= 1U) {
      if ((value & bit) == 0) continue;
      std::string name;
      const bool access_mode = *flags == tables::Flags::kOpen && bit <= 2;
      if (access_mode)
        name = bit == 1 ? "O_WRONLY" : "O_RDWR";
      else
        tables::append_named_flags(name, *flags, bit, arch);
      // What stands in front is the name of no bit: O_RDONLY, MAP_FILE.
      name = name.substr(name.rfind('|') + 1);
      if (name.empty() || name.starts_with("0x") || name == "O_RDONLY" || name == "MAP_FILE")
        name = fmt::format("0x{:x}", bit);
      else
        named = true;
      names.push_back(std::move(name));
    }
    if (!named || (!found.empty() && found != names)) return {};
    found = std::move(names);
  }
  return found;
}

std::string value_text(const Rule& rule, const Field& field) {
  if (has_text(field.id)) return field.text;
  switch (field_row(field.id).kind) {
    case ValueKind::kUser:
    case ValueKind::kLoginUid:
    case ValueKind::kGroup:
      return field.value == 0 ? "0 (root)" : std::to_string(field.value);
    case ValueKind::kRecordType:
      return "a " + tables::record_type_text(static_cast<std::uint16_t>(field.value)) + " record";
    case ValueKind::kFileSystem:
      return fstype_name(field.value).empty() ? fmt::format("of type 0x{:x}", field.value)
                                              : std::string(fstype_name(field.value));
    case ValueKind::kFileType:
      return filetype_noun(field.value);
    case ValueKind::kSocketFamily: {
      const std::string_view family = tables::socket_family_name(field.value);
      return family.empty() ? std::to_string(field.value) : std::string(family);
    }
    case ValueKind::kExitCode:
      return std::to_string(static_cast<std::int32_t>(field.value));
    case ValueKind::kPersonality:
      return fmt::format("0x{:x}", field.value);
    case ValueKind::kArgument: {
      const auto which = static_cast<std::size_t>(field.id) - static_cast<std::size_t>(FieldId::kArg0);
      const std::string name = argument_name(rule, which, field.value);
      if (!name.empty()) return name;
      return field.value < 10 ? std::to_string(field.value) : fmt::format("0x{:x}", field.value);
    }
    default:
      return std::to_string(field.value);
  }
}

// "is 5", "is 1000 or more", "has a bit of 0x40"
std::string relation(Operator op, const std::string& value) {
  switch (op) {
    case Operator::kEqual:
      return "is " + value;
    case Operator::kNotEqual:
      return "is not " + value;
    case Operator::kLess:
      return "is below " + value;
    case Operator::kGreater:
      return "is above " + value;
    case Operator::kLessEqual:
      return "is " + value + " or less";
    case Operator::kGreaterEqual:
      return "is " + value + " or more";
    case Operator::kMask:
      return "has a bit of " + value;
    case Operator::kTest:
      return "has all bits of " + value;
  }
  return "is compared with " + value;
}

std::string exit_phrase(const Field& field) {
  const auto number = static_cast<std::int32_t>(field.value);
  const std::string_view error = number < 0 ? tables::errno_name(-number) : std::string_view();
  if (!error.empty() && field.op == Operator::kEqual) return "it fails with " + std::string(error);
  if (!error.empty() && field.op == Operator::kNotEqual) return "it does not fail with " + std::string(error);
  const std::string value = error.empty() ? std::to_string(number) : "-" + std::string(error);
  const std::string text = "its result " + relation(field.op, value);
  switch (field.op) {
    case Operator::kLess:
      if (number == 0) return text + " (which never holds: the kernel compares without a sign)";
      break;
    case Operator::kGreaterEqual:
      if (number == 0) return text + " (which always holds: the kernel compares without a sign)";
      break;
    case Operator::kGreater:
    case Operator::kLessEqual:
      break;
    default:
      return text;
  }
  return text + " (compared without a sign: a failure is above every other result)";
}

std::string unset_phrase(const Field& field) {
  const bool login = field_row(field.id).kind != ValueKind::kSession;
  if (field.op == Operator::kEqual)
    return login ? "nobody has logged in for the process" : "the process belongs to no login session";
  return login ? "somebody has logged in for the process" : "the process belongs to a login session";
}

std::string type_order_phrase(const Field& field) {
  std::string value = std::to_string(field.value);
  const auto type = static_cast<std::uint16_t>(field.value);
  if (!tables::record_type_name(type).empty()) value += " (" + tables::record_type_text(type) + ")";
  return "the number of the record's type " + relation(field.op, value);
}

std::string comparison_phrase(const Field& field) {
  const auto pair = comparison_fields(field.value);
  if (!pair) return fmt::format("comparison {} holds", field.value);
  const std::string does = field.op == Operator::kNotEqual ? " differs from " : " equals ";
  return noun(pair->left) + does + noun(pair->right);
}

std::string phrase(const Rule& rule, const Field& field) {
  const bool negated = field.op == Operator::kNotEqual;
  switch (field_row(field.id).kind) {
    case ValueKind::kOutcome:
      return ((field.value != 0) != negated) ? "it succeeds" : "it fails";
    case ValueKind::kExitCode:
      return exit_phrase(field);
    case ValueKind::kComparison:
      return comparison_phrase(field);
    case ValueKind::kFile:
      return std::string(negated ? "it touches something else than " : "it touches ") + field.text;
    case ValueKind::kDirectory:
      return std::string(negated ? "it touches nothing in or below " : "it touches something in or below ") +
             field.text;
    case ValueKind::kPermissions:
      return "something is " + permission_phrase(field.value);
    case ValueKind::kArch:
      return "the machine " + relation(field.op, std::string(tables::arch_name(field.value)));
    case ValueKind::kLoggedIn:
      return field.value == 1 ? "somebody has logged in for the process" : "nobody has logged in for the process";
    case ValueKind::kLoginUid:
    case ValueKind::kSession:
      if (field.value == kUnset && (field.op == Operator::kEqual || negated)) return unset_phrase(field);
      break;
    case ValueKind::kRecordType:
      if (field.op != Operator::kEqual && !negated) return type_order_phrase(field);
      break;
    case ValueKind::kArgument:
      if (field.op == Operator::kMask || field.op == Operator::kTest) {
        const auto which = static_cast<std::size_t>(field.id) - static_cast<std::size_t>(FieldId::kArg0);
        const std::vector<std::string> names = bit_names(rule, which, field.value);
        if (names.empty()) break;
        const bool one = names.size() == 1 || field.op == Operator::kMask;
        return joined(names, field.op == Operator::kMask ? "or" : "and") + (one ? " is" : " are") + " set in " +
               noun(field.id);
      }
      break;
    default:
      break;
  }
  return noun(field.id) + " " + relation(field.op, value_text(rule, field));
}

// auid >= 1000 and auid != unset are one thought: 4294967295 is above everything.
bool is_lower_bound(const Field& field) {
  return field.id == FieldId::kAuid && (field.op == Operator::kGreaterEqual || field.op == Operator::kGreater);
}
bool is_set(const Field& field) {
  return (field.id == FieldId::kAuid && field.op == Operator::kNotEqual && field.value == kUnset) ||
         (field.id == FieldId::kLoginuidSet && field.value == 1);
}

bool is_told_elsewhere(const Field& field) {
  const FieldRow& row = field_row(field.id);
  return row.is(kAlwaysSubject) || (row.is(kSubject) && field.op == Operator::kEqual);
}

// What the conditions of a rule ask for, in the order of its fields: "the login uid is 1000 or more", "the call fails
// with EACCES". Two that belong together become one. What explain() says elsewhere is left out: arch, key, path, dir,
// perm, msgtype and fstype with "=". Pure.
std::vector<std::string> condition_phrases(const Rule& rule) {
  std::vector<std::string> phrases;
  const bool bounded = std::ranges::any_of(rule.fields, is_lower_bound);
  const bool set = std::ranges::any_of(rule.fields, is_set);
  for (const Field& field : rule.fields) {
    if (is_told_elsewhere(field) || (bounded && is_set(field))) continue;
    std::string text = phrase(rule, field);
    if (is_lower_bound(field)) text += set ? " and set" : " (or unset)";
    phrases.push_back(std::move(text));
  }
  return phrases;
}

constexpr std::size_t kMostNames = 8;
constexpr std::size_t kNamedOfMany = 4;

std::string call_name(const Rule& rule, std::uint32_t number) {
  const std::string_view name = rule.list == List::kIoUring
                                    ? tables::uring_op_name(number)
                                    : tables::syscall_name(rule.arch().value_or(tables::native_arch()), number);
  return name.empty() ? "call number " + std::to_string(number) : std::string(name);
}

// The calls of the rule that can fit its permissions; all of them if it has none.
SyscallMask fitting_calls(const Rule& rule) {
  const Field* const perm = rule.find(FieldId::kPerm);
  const tables::ArchWord arch = rule.arch().value_or(tables::native_arch());
  if (perm == nullptr || rule.list != List::kExit || rule.syscalls.is_all() || !tables::has_syscalls(arch))
    return rule.syscalls;
  SyscallMask mask = perm_fitting(perm->value, arch);
  for (std::size_t i = 0; i < SyscallMask::kWords; ++i) mask.words.at(i) &= rule.syscalls.words.at(i);
  return mask;
}

// "unlinkat never fits that." of calls that are named and cannot fit the permissions.
std::string beside_permissions(const Rule& rule) {
  const SyscallMask fitting = fitting_calls(rule);
  std::vector<std::string> names;
  for (const std::uint32_t number : rule.syscalls.numbers())
    if (!fitting.test(number)) names.push_back(call_name(rule, number));
  if (names.empty()) return {};
  if (names.size() > kMostNames) {
    const std::size_t more = names.size() - kNamedOfMany;
    names.resize(kNamedOfMany);
    names.push_back(std::to_string(more) + " more");
  }
  const Field* const perm = rule.find(FieldId::kPerm);
  return " By " + joined(names, "and") + " nothing is " + permission_phrase(perm->value) + ": " +
         (names.size() == 1 ? "it never fits." : "they never fit.");
}

std::string calls(const Rule& rule) {
  const bool ring = rule.list == List::kIoUring;
  if (rule.syscalls.is_all()) return ring ? "every io_uring operation" : "every system call";
  const std::vector<std::uint32_t> numbers = fitting_calls(rule).numbers();
  if (numbers.empty()) return "nothing, since it names no system call";
  std::vector<std::string> names;
  const std::size_t named = numbers.size() > kMostNames ? kNamedOfMany : numbers.size();
  for (std::size_t i = 0; i < named; ++i) names.push_back(call_name(rule, numbers[i]));
  std::string text = "every ";
  if (named < numbers.size())
    text += "one of " + std::to_string(numbers.size()) + " calls (" + joined(names, "and") + " among them)";
  else
    text += joined(names, "or");
  return text + (ring ? " through io_uring" : "");
}

std::string programs(const Rule& rule, const std::string& how = " of ") {
  const Field* arch = rule.find(FieldId::kArch);
  if (arch == nullptr || arch->op == Operator::kNotEqual) return {};
  const std::string name(tables::arch_name(arch->value));
  return how + (name.empty() ? "another machine's" : name) + " programs";
}

// Whether the calls are those that the permissions need, or all, so that the permissions say it all.
bool calls_follow_permissions(const Rule& rule, std::uint32_t permissions) {
  if (rule.syscalls.is_all()) return true;
  const auto arch = rule.arch();
  if (!arch) return false;
  const SyscallMask fitting = fitting_calls(rule);
  return fitting == perm_syscalls(permissions, *arch) || fitting == perm_fitting(permissions, *arch);
}

std::string target(const Rule& rule) {
  for (const Field& field : rule.fields) {
    if (field.op != Operator::kEqual) continue;
    if (field.id == FieldId::kPath) return field.text;
    if (field.id == FieldId::kDir) return "something in or below " + field.text;
  }
  return {};
}

// What the rule is about, up to its conditions; what is done to a file says more than the calls that do it.
std::string call_subject(const Rule& rule) {
  const Field* const perm = rule.find(FieldId::kPerm);
  const std::string what = target(rule);
  std::string text;
  if (perm != nullptr && !rule.syscalls.empty() && fitting_calls(rule).empty()) return "nothing";
  if (perm != nullptr && calls_follow_permissions(rule, perm->value)) {
    text = "every time that " + (what.empty() ? std::string("a file") : what) + " is " + permission_phrase(perm->value);
    return text + programs(rule, " by ");
  }
  text = calls(rule) + programs(rule);
  if (!what.empty()) text += " that touches " + what;
  if (perm != nullptr)
    text += std::string(what.empty() ? " by which a file" : ", if it") + " is " + permission_phrase(perm->value);
  return text;
}

// The values of the fields that stand for the subject itself.
std::vector<std::string> named_types(const Rule& rule, ValueKind kind) {
  std::vector<std::string> names;
  for (const Field& field : rule.fields) {
    if (field_row(field.id).kind != kind || field.op != Operator::kEqual) continue;
    const std::string type = tables::record_type_text(static_cast<std::uint16_t>(field.value));
    const std::string_view system = fstype_name(field.value);
    names.push_back(kind == ValueKind::kRecordType ? type
                    : system.empty()               ? "another file system"
                                                   : std::string(system));
  }
  return names;
}

std::string subject(const Rule& rule) {
  switch (rule.list) {
    case List::kTask:
      return rule.action == Action::kNever ? "every new process with all that it does, whatever other rules say"
                                           : "every system call of every new process";
    case List::kUser:
    case List::kExclude: {
      const std::string what = rule.list == List::kUser ? "message of a program" : "record";
      const std::vector<std::string> types = named_types(rule, ValueKind::kRecordType);
      return types.empty() ? "every " + what : "every " + joined(types, "and") + " " + what;
    }
    case List::kFilesystem: {
      const std::vector<std::string> systems = named_types(rule, ValueKind::kFileSystem);
      return "the paths of new files on " + (systems.empty() ? "every file system" : joined(systems, "and"));
    }
    case List::kExit:
    case List::kIoUring:
      return call_subject(rule);
  }
  return "something of a list that is not known here";
}

}  // namespace

std::string explain(const Rule& rule) {
  // On the exclude list both actions keep the record out (kernel/auditfilter.c, audit_filter).
  const bool out = rule.action == Action::kNever || rule.list == List::kExclude;
  std::string text = out ? "Leaves out " : "Records ";
  text += subject(rule);
  if (const Field* arch = rule.find(FieldId::kArch); arch != nullptr && arch->op == Operator::kNotEqual)
    text += " of programs that are not " + std::string(tables::arch_name(arch->value));
  const std::vector<std::string> conditions = condition_phrases(rule);
  if (!conditions.empty()) text += ", provided that " + joined(conditions, "and");
  const std::vector<std::string> keys = rule.keys();
  if (!keys.empty()) text += std::string(", under the key") + (keys.size() > 1 ? "s " : " ") + joined(keys, "and");
  return text + "." + beside_permissions(rule);
}

}  // namespace naudit::rules
