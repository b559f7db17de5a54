// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/fault.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <limits>

#include "base/text.hpp"
#include "config/yaml/document.hpp"
#include "rules/rule/field_value.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"
#include "tables/socket_families.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr const char* kBlanks = " \t";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool starts_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && is_digit(text[0]);
}

// As strtoul reads it.
struct Number {
  std::size_t length = 0;
  bool fits = false;  // into the kernel's 32 bits, with or without a sign
};

Number number_at_front(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  errno = 0;
  const long long value = std::strtoll(copy.c_str(), &end, 0);
  return {.length = static_cast<std::size_t>(end - copy.c_str()),
          .fits = errno == 0 && value >= std::numeric_limits<std::int32_t>::min() &&
                  value <= static_cast<long long>(std::numeric_limits<std::uint32_t>::max())};
}

std::optional<Fault> fault_of_number(std::string_view text) {
  const Number number = number_at_front(text);
  if (number.length < text.size()) {
    return Fault{number.length, base::in_quotes(text) +
                                    " is no number: " + base::in_quotes(text.substr(number.length)) +
                                    " is left over behind " + std::string(text.substr(0, number.length))};
  }
  if (!number.fits) return Fault{0, base::in_quotes(text) + " does not fit into the kernel's 32 bits"};
  return std::nullopt;
}

// What stands behind the value.
Fault left_over(std::string_view value, std::size_t at) {
  const std::string_view rest = value.substr(at);
  std::string message =
      base::in_quotes(rest) + " is left over behind " + std::string(base::trimmed(value.substr(0, at))) + "; ";
  const std::string_view word = rest.substr(0, rest.find_first_of(kBlanks));
  if (rest.starts_with('#'))
    message += "inside quotes a '#' starts no comment";
  else if (base::same_word(word, "or") || word == "||")
    message += "all conditions of a rule have to hold; write a rule for each case";
  else
    message += "several conditions are a list, and all have to hold: [uid = 0, euid = 0]";
  return {at, std::move(message)};
}

template <typename Name>
std::vector<std::string_view> names(std::uint32_t first, std::uint32_t last, Name name) {
  std::vector<std::string_view> all;
  for (std::uint32_t number = first; number <= last; ++number)
    if (const std::string_view one = name(number); !one.empty()) all.push_back(one);
  return all;
}

std::string upper(std::string_view text) {
  std::string word(text);
  std::ranges::transform(word, word.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return word;
}

std::optional<Fault> fault_of_exit(std::string_view value) {
  if (starts_number(value)) return fault_of_number(value);
  const bool negative = value.starts_with('-');
  const std::string_view word = negative ? value.substr(1) : value;
  const std::string name = upper(word);
  if (const auto code = tables::errno_number(name); code && *code != 0) return std::nullopt;
  constexpr std::uint32_t kLast = 133;  // EHWPOISON
  const auto known = names(1, kLast, [](std::uint32_t n) { return tables::errno_name(static_cast<int>(n)); });
  const std::string_view near = config::nearest(name, known);
  return Fault{0, base::in_quotes(value) + " is no number and no errno" +
                      (near.empty() ? std::string("; a call fails with a negative one, like -EACCES")
                                    : "; did you mean '-" + std::string(near) + "'?")};
}

std::optional<Fault> fault_of_type(std::string_view value) {
  if (starts_number(value) && !value.starts_with('-')) return fault_of_number(value);
  if (tables::record_type(value)) return std::nullopt;
  if (base::same_word(value, "all"))
    return Fault{0, base::in_quotes(value) + " is no record type; a rule without msgtype is for records of every type"};
  const auto known =
      names(1000, 2999, [](std::uint32_t n) { return tables::record_type_name(static_cast<std::uint16_t>(n)); });
  return Fault{0, base::in_quotes(value) + " is no record type that is known here" + hint_word(value, known)};
}

std::optional<Fault> fault_of_outcome(std::string_view value) {
  if (starts_number(value)) {
    if (auto fault = fault_of_number(value)) return fault;
    if (value == "0" || value == "1") return std::nullopt;
  }
  for (const char* yes : {"yes", "true", "success", "on"})
    if (base::same_word(value, yes)) return Fault{0, "success is a number: write 1 for " + base::in_quotes(value)};
  for (const char* no : {"no", "false", "failed", "failure", "off"})
    if (base::same_word(value, no)) return Fault{0, "success is a number: write 0 for " + base::in_quotes(value)};
  return Fault{0, "success is 1 or 0, not " + base::in_quotes(value)};
}

std::optional<Fault> fault_of_account(std::string_view value, bool group, const Environment& environment) {
  if (starts_number(value)) return fault_of_number(value);
  if (!group && value == "unset") return std::nullopt;
  if (!group && base::same_word(value, "unset")) return Fault{0, "write 'unset' in lower case"};
  const std::string name(value);
  const auto& look_up = group ? environment.group : environment.user;
  if (look_up && look_up(name)) return std::nullopt;
  return Fault{
      0, std::string("there is no ") + (group ? "group " : "user ") + base::in_quotes(value) + " on this machine"};
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + std::string(words[i]);
  return text;
}

std::optional<Fault> fault_of_family(std::string_view value) {
  if (const auto family = tables::socket_family(value))
    return Fault{0, "saddr_fam is a number: write " + std::to_string(*family) + " for " + base::in_quotes(value)};
  if (!starts_number(value) || value.starts_with('-'))
    return Fault{0, "saddr_fam is the number of an address family, like 2 for inet, not " + base::in_quotes(value)};
  if (auto fault = fault_of_number(value)) return fault;
  if (std::strtoul(std::string(value).c_str(), nullptr, 0) >= AF_MAX)
    return Fault{
        0, base::in_quotes(value) + " is the number of no address family; the last is " + std::to_string(AF_MAX - 1)};
  return std::nullopt;
}

std::optional<Fault> fault_of_plain_number(std::string_view name, std::string_view value, bool sign) {
  if (starts_number(value) && (sign || !value.starts_with('-'))) return fault_of_number(value);
  return Fault{0, std::string(name) + " is a number, not " + base::in_quotes(value)};
}

std::string arch_names(const std::vector<tables::ArchWord>& arches) {
  std::string text;
  for (const tables::ArchWord arch : arches)
    text += (text.empty() ? "on " : " or ") + std::string(tables::arch_name(arch));
  return text;
}

}  // namespace

std::optional<Fault> fault_of_value(const FieldRow& row, std::string_view value, const Environment& environment) {
  if (has_text(row.id)) return std::nullopt;
  if (const std::size_t blank = value.find_first_of(kBlanks); blank != std::string_view::npos) {
    const std::string_view first = value.substr(0, blank);
    if (auto fault = fault_of_value(row, first, environment)) {
      // "uid = 0, gid = 0" in quotes.
      const bool comma = first.size() > 1 && (first.ends_with(',') || first.ends_with(';'));
      if (comma && !fault_of_value(row, first.substr(0, first.size() - 1), environment))
        return left_over(value, first.size() - 1);
      return fault;
    }
    return left_over(value, value.find_first_not_of(kBlanks, blank));
  }
  if (value.find_first_of("\"'") != std::string_view::npos)
    return Fault{0, base::in_quotes(value) + ": the quotes are part of the text here; leave them out"};
  switch (row.kind) {
    case ValueKind::kUser:
    case ValueKind::kLoginUid:
      return fault_of_account(value, false, environment);
    case ValueKind::kGroup:
      return fault_of_account(value, true, environment);
    case ValueKind::kExitCode:
      return fault_of_exit(value);
    case ValueKind::kRecordType:
      return fault_of_type(value);
    case ValueKind::kOutcome:
      return fault_of_outcome(value);
    case ValueKind::kArch:
      if (parse_arch(value, environment)) return std::nullopt;
      return Fault{0, base::in_quotes(value) + " is no arch; use b64, b32 or a machine's name"};
    case ValueKind::kPermissions:
      if (value.size() <= 4 && perm_by_letters(value)) return std::nullopt;
      return Fault{0, "perm is up to four letters of r, w, x and a, not " + base::in_quotes(value)};
    case ValueKind::kFileType: {
      if (filetype_by_name(value)) return std::nullopt;
      const std::vector<std::string_view> known{"file", "dir", "link", "socket", "fifo", "block", "character"};
      return Fault{
          0, base::in_quotes(value) + " is no type of file; known are " + listed(known) + hint_word(value, known)};
    }
    case ValueKind::kFileSystem: {
      if (fstype_by_name(value)) return std::nullopt;
      if (starts_number(value)) return fault_of_number(value);
      const std::vector<std::string_view> known{"debugfs", "tracefs", "cgroup", "cgroup2"};
      return Fault{0, base::in_quotes(value) + " is no file system that is known here; known are " + listed(known) +
                          ", others by their magic number" + hint_word(value, known)};
    }
    case ValueKind::kSession:
      if (value == "unset") return std::nullopt;
      if (starts_number(value)) return fault_of_number(value);
      return Fault{0, std::string(row.name) + " is a number or unset, not " + base::in_quotes(value)};
    case ValueKind::kSocketFamily:
      return fault_of_family(value);
    case ValueKind::kArgument:
      return fault_of_plain_number(row.name, value, true);
    default:
      return fault_of_plain_number(row.name, value, false);
  }
}

std::optional<Fault> fault_of_operator(std::string_view text) {
  struct Slip {
    std::string_view wrong, right;
  };
  // Longer ones first.
  constexpr Slip kSlips[] = {{"===", "="}, {"!==", "!="},     {"==", "="},   {"=>", ">="},  {"=<", "<="},  {"=!", "!="},
                             {"<>", "!="}, {"~=", "="},       {":=", "="},   {"=~", "="},   {"&&", "&"},   {"!>", "<="},
                             {"!<", ">="}, {"eq ", "="},      {"ne ", "!="}, {"ge ", ">="}, {"le ", "<="}, {"gt ", ">"},
                             {"lt ", "<"}, {"is not ", "!="}, {"is ", "="},  {":", "="}};
  for (const Slip& slip : kSlips) {
    if (!text.starts_with(slip.wrong)) continue;
    return Fault{0,
                 base::in_quotes(base::trimmed(slip.wrong)) + " is no operator; write " + base::in_quotes(slip.right)};
  }
  return std::nullopt;
}

std::string no_such_field(std::string_view name) {
  return "there is no field " + base::in_quotes(name) + hint_word(name, field_names());
}

std::string doubt_of_exit(Operator op, std::string_view value) {
  if (op != Operator::kEqual && op != Operator::kNotEqual) return {};
  if (value.empty() || is_digit(value[0]) || value.starts_with('-')) return {};
  const std::string name = upper(value);
  return "exit=" + name + (op == Operator::kEqual ? " never fits a call that fails" : " fits every call that fails") +
         ": the kernel tells errors as negative numbers; write -" + name;
}

std::string no_such_comparison(FieldId left, std::string_view right) {
  std::vector<std::string_view> others;
  for (const FieldRow& row : field_rows())
    if (comparison(left, row.id)) others.push_back(row.name);
  const std::string name(field_name(left));
  return name + " and " + std::string(right) + " cannot be compared" +
         (others.empty() ? std::string("; the kernel compares ids of users and groups only")
                         : "; the kernel compares " + name + " with " + listed(others));
}

std::string no_such_syscall(std::string_view name, const std::vector<tables::ArchWord>& arches,
                            const Environment& environment) {
  const std::string what = "there is no system call " + base::in_quotes(name) + " " + arch_names(arches);
  if (std::string list = hint_list(name); !list.empty()) return what + list;
  const auto compat = tables::arch_compat(environment.native);
  for (const auto& [arch, word] : {std::pair{std::optional(environment.native), "b64"}, std::pair{compat, "b32"}}) {
    if (!arch || std::ranges::find(arches, *arch) != arches.end() || arches.size() != 1) continue;
    if (tables::syscall_number(*arch, base::lower(name)))
      return what + ": it exists on " + std::string(tables::arch_name(*arch)) +
             " only; leave it out of this rule, and name it in one for " + word;
  }
  std::vector<std::string_view> known;
  for (const tables::ArchWord arch : arches)
    for (const std::string_view one :
         names(0, SyscallMask::kBits - 1, [arch](std::uint32_t n) { return tables::syscall_name(arch, n); }))
      known.push_back(one);
  return what + hint_word(name, known);
}

std::string no_such_uring_op(std::string_view name) {
  const std::string what = "there is no io_uring operation " + base::in_quotes(name);
  if (std::string list = hint_list(name); !list.empty()) return what + list;
  return what +
         hint_word(name, names(0, SyscallMask::kBits - 1, [](std::uint32_t n) { return tables::uring_op_name(n); }));
}

bool is_whole_number(std::string_view text) noexcept {
  if (!starts_number(text)) return false;
  const Number number = number_at_front(text);
  return number.length == text.size() && number.fits;
}

std::string hint_list(std::string_view word) {
  if (word.find_first_of(", ") == std::string_view::npos) return {};
  std::string list;
  while (!word.empty()) {
    const std::string_view one = word.substr(0, word.find_first_of(", "));
    word.remove_prefix(std::min(one.size() + 1, word.size()));
    if (one.empty()) continue;
    if (!list.empty()) list += ", ";
    list += one;
  }
  return "; several are a list: [" + list + "]";
}

std::string hint_word(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view near = config::nearest(word, known);
  return near.empty() ? "" : "; did you mean " + base::in_quotes(near) + "?";
}

}  // namespace naudit::rules
