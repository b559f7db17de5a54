// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/explain.hpp"

#include <vector>

#include "rules/names.hpp"
#include "tables/arch.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr std::size_t kMostNames = 8;

// "a, b or c"
std::string joined(const std::vector<std::string>& words, const std::string& last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + last + " " : ", ";
    text += words[i];
  }
  return text;
}

std::string calls(const Rule& rule) {
  if (rule.syscalls.is_all()) return rule.list == List::kIoUring ? "each io_uring operation" : "each system call";
  const std::vector<std::uint32_t> numbers = rule.syscalls.numbers();
  if (numbers.empty()) return "nothing, since it names no system call,";
  if (numbers.size() > kMostNames) return "each of " + std::to_string(numbers.size()) + " system calls";
  std::vector<std::string> names;
  for (const std::uint32_t number : numbers) {
    const std::string_view name = rule.list == List::kIoUring
                                      ? tables::uring_op_name(number)
                                      : tables::syscall_name(rule.arch().value_or(tables::native_arch()), number);
    names.push_back(name.empty() ? "call number " + std::to_string(number) : std::string(name));
  }
  return "each " + joined(names, "or") + (rule.list == List::kIoUring ? " through io_uring" : "");
}

std::string permissions(std::uint32_t bits) {
  std::vector<std::string> words;
  if ((bits & kPermRead) != 0) words.emplace_back("read");
  if ((bits & kPermWrite) != 0) words.emplace_back("written");
  if ((bits & kPermExecute) != 0) words.emplace_back("executed");
  if ((bits & kPermAttributes) != 0) words.emplace_back("changed in its attributes");
  return joined(words, "or");
}

std::string_view relation(Operator op) {
  switch (op) {
    case Operator::kEqual:
      return "is";
    case Operator::kNotEqual:
      return "is not";
    case Operator::kLess:
      return "is below";
    case Operator::kGreater:
      return "is above";
    case Operator::kLessEqual:
      return "is at most";
    case Operator::kGreaterEqual:
      return "is at least";
    case Operator::kMask:
      return "shares a bit with";
    case Operator::kTest:
      return "has all bits of";
  }
  return "relates to";
}

std::string value(const Field& field) {
  if (has_text(field.id)) return field.text;
  const auto number = static_cast<std::int32_t>(field.value);
  switch (field.id) {
    case FieldId::kAuid:
    case FieldId::kSessionid:
      return field.value == kUnset ? "unset" : std::to_string(field.value);
    case FieldId::kExit:
      if (number < 0 && !tables::errno_name(-number).empty()) return "-" + std::string(tables::errno_name(-number));
      return std::to_string(number);
    case FieldId::kMsgtype:
      return tables::record_type_text(static_cast<std::uint16_t>(field.value));
    case FieldId::kFiletype:
      return std::string(filetype_name(field.value));
    case FieldId::kFstype:
      return fstype_name(field.value).empty() ? std::to_string(field.value) : std::string(fstype_name(field.value));
    default:
      return std::to_string(field.value);
  }
}

std::string condition(const Field& field) {
  const std::string op(relation(field.op));
  switch (field.id) {
    case FieldId::kSuccess:
      return (field.value == 1) == (field.op == Operator::kEqual) ? "the call succeeds" : "the call fails";
    case FieldId::kPath:
      return "it touches the file " + field.text;
    case FieldId::kDir:
      return "it touches anything in or below " + field.text;
    case FieldId::kPerm:
      return "something is " + permissions(field.value);
    case FieldId::kExe:
      return "the program " + op + " " + field.text;
    case FieldId::kFieldCompare:
      if (const auto pair = comparison_fields(field.value)) {
        return std::string(field_name(pair->left)) + " " + op + " equal to " + std::string(field_name(pair->right));
      }
      break;
    default:
      break;
  }
  return std::string(field_name(field.id)) + " " + op + " " + value(field);
}

std::string subject(const Rule& rule) {
  switch (rule.list) {
    case List::kTask:
      return "the whole life of each new process";
    case List::kUser:
      return "each message from a program";
    case List::kExclude:
      return "each record";
    case List::kFilesystem:
      return "each path on a file system";
    default:
      return calls(rule);
  }
}

std::string programs(const Rule& rule) {
  const Field* arch = rule.find(FieldId::kArch);
  if (arch == nullptr) return {};
  const std::string name(tables::arch_name(arch->value));
  return std::string(arch->op == Operator::kNotEqual ? " of programs that are not " : " of ") +
         (name.empty() ? "unknown" : name) + (arch->op == Operator::kNotEqual ? "" : " programs");
}

}  // namespace

std::string explain(const Rule& rule) {
  // On the exclude list both actions keep the record out (kernel/auditfilter.c, audit_filter).
  const bool out = rule.action == Action::kNever || rule.list == List::kExclude;
  std::string text = out ? "Leaves out " : "Records ";
  text += subject(rule) + programs(rule);
  std::vector<std::string> conditions;
  for (const Field& field : rule.fields) {
    if (field.id != FieldId::kArch && field.id != FieldId::kKey) conditions.push_back(condition(field));
  }
  if (!conditions.empty()) text += " when " + joined(conditions, "and");
  const std::vector<std::string> keys = rule.keys();
  if (!keys.empty()) text += std::string(", under the key") + (keys.size() > 1 ? "s " : " ") + joined(keys, "and");
  return text + ".";
}

}  // namespace naudit::rules
