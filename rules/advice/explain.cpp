// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/explain.hpp"

#include <algorithm>
#include <vector>

#include "rules/advice/explain_condition.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/arch.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr std::size_t kMostNames = 8;
constexpr std::size_t kNamedOfMany = 4;

std::string call_name(const Rule& rule, std::uint32_t number) {
  const std::string_view name = rule.list == List::kIoUring
                                    ? tables::uring_op_name(number)
                                    : tables::syscall_name(rule.arch().value_or(tables::native_arch()), number);
  return name.empty() ? "call number " + std::to_string(number) : std::string(name);
}

std::string calls(const Rule& rule) {
  const bool ring = rule.list == List::kIoUring;
  if (rule.syscalls.is_all()) return ring ? "every io_uring operation" : "every system call";
  const std::vector<std::uint32_t> numbers = rule.syscalls.numbers();
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
  return arch && rule.syscalls == perm_syscalls(permissions, *arch);
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
  return text + ".";
}

}  // namespace naudit::rules
