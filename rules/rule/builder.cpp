// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/builder.hpp"

#include <algorithm>
#include <climits>
#include <cstdlib>

#include "base/text.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

constexpr std::size_t kAuditctlFields = kMaxFields - 1;  // libaudit stops one short of the kernel's limit

tl::unexpected<std::string> fail(std::string message) {
  return tl::unexpected(std::move(message));
}

bool takes_syscalls(List list) {
  return list == List::kExit || list == List::kIoUring;
}

}  // namespace

void RuleBuilder::set_list(List list, Action action, bool prepend) {
  list_ = list;
  rule_.list = list;
  rule_.action = action;
  rule_.prepend = prepend;
}

Parsed<void> RuleBuilder::set_watch(std::string_view path) {
  if (!path.starts_with('/')) return fail("The path must start with '/'");
  if (path.size() > PATH_MAX) return fail("The path passed for the watch is too big");
  if (path.size() - path.rfind('/') - 1 > NAME_MAX) return fail("The base name of the path is too big");
  if (path.find("..") != std::string_view::npos)
    warnings_.emplace_back("Warning - relative path notation is not supported");
  if (path.find_first_of("*?") != std::string_view::npos) warnings_.emplace_back(kWildcardWarning);
  while (path.size() > 2 && path.ends_with('/')) path.remove_suffix(1);
  const std::string text(path);
  const bool directory = environment_.is_directory && environment_.is_directory(text);
  list_ = List::kExit;
  if (!deletion_) warnings_.emplace_back(kSlowWatchWarning);
  syscalls_given_ = true;
  rule_.syscalls = SyscallMask::all();
  if (auto added = add({directory ? FieldId::kDir : FieldId::kPath, Operator::kEqual, 0, text}); !added) return added;
  return add({FieldId::kPerm, Operator::kEqual, kPermAll, {}});
}

Parsed<std::uint32_t> RuleBuilder::syscall(std::string_view name) const {
  std::string word(name);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  auto number = list_ == List::kIoUring ? tables::uring_op(word)
                                        : tables::syscall_number(arch_.value_or(environment_.native), word);
  if (!number && !word.empty() && word[0] >= '0' && word[0] <= '9') {
    const unsigned long value = std::strtoul(word.c_str(), nullptr, 0);
    if (value < SyscallMask::kBits) number = static_cast<std::uint32_t>(value);
  }
  if (!number || *number >= SyscallMask::kBits) return fail("Syscall name unknown: " + std::string(name));
  return *number;
}

Parsed<SyscallMask> RuleBuilder::syscall_mask(std::string_view comma_list) const {
  SyscallMask mask;
  const std::string_view whole = comma_list;
  const bool ring = list_ == List::kIoUring;
  if (ring && whole.find_first_not_of(',') == std::string_view::npos)
    return fail("io_uring op unknown: " + std::string(whole));
  if (comma_list.empty()) return fail("Syscall name unknown: ");
  while (!comma_list.empty()) {
    const std::string_view name = comma_list.substr(0, comma_list.find(','));
    comma_list.remove_prefix(std::min(name.size() + 1, comma_list.size()));
    if (name.empty()) continue;
    if (base::same_word(name, "all")) {
      mask |= SyscallMask::all();
      continue;
    }
    const auto number = syscall(name);
    if (!number) return fail(ring ? "io_uring op unknown: " + std::string(whole) : number.error());
    mask.set(*number);
  }
  return mask;
}

// auditctl compares the first -S of a rule without an arch with what the same names mean to the other ABI.
void RuleBuilder::warn_of_mismatch(std::string_view comma_list, const SyscallMask& mask) {
  const auto compat = tables::arch_compat(environment_.native);
  if (!list_ || deletion_ || list_ == List::kIoUring || arch_ || syscalls_given_ || !compat) return;
  RuleBuilder other(environment_);
  other.arch_ = compat;
  if (const auto theirs = other.syscall_mask(comma_list); theirs && *theirs == mask) return;
  warnings_.emplace_back(kMismatchWarning);
}

Parsed<void> RuleBuilder::add_syscalls(std::string_view comma_list) {
  if (list_ == List::kExclude) return fail("Error: syscall auditing cannot be put on exclude list");
  if (list_ && !takes_syscalls(*list_))
    return fail("Error: syscall auditing being added to " + std::string(list_name(*list_)) + " list");
  const auto mask = syscall_mask(comma_list);
  if (!mask) return fail(mask.error());
  warn_of_mismatch(comma_list, *mask);
  rule_.syscalls |= *mask;
  syscalls_given_ = true;
  return {};
}

Parsed<void> RuleBuilder::add(Field field) {
  if (rule_.fields.size() >= kAuditctlFields)
    return fail("Too many fields in rule: " + std::string(field_name(field.id)));
  rule_.fields.push_back(std::move(field));
  return {};
}

Parsed<void> RuleBuilder::add_field(std::string_view text) {
  if (rule_.fields.size() >= kAuditctlFields) return fail("Too many fields in rule: " + std::string(text));
  // `key=` collects, like -k; `key!=` and the like is a field of its own at its place.
  if (text.starts_with("key=")) {
    // auditctl looks for what the key hangs on when it has read all options: see finish().
    return add_key(text.substr(4));
  }
  const auto expression = split_expression(text);
  if (!expression) return fail(expression.error());
  return add_field(*expression);
}

Parsed<void> RuleBuilder::add_field(const Expression& expression) {
  const auto id = field_by_name(expression.name);
  if (id == FieldId::kArch && syscalls_given_) return fail(std::string(expression.name) + " must be before -S");
  const List list = list_.value_or(List::kExit);
  const auto field = parse_field(expression, list, environment_, grammar_);
  if (!field) return fail(field.error());
  if ((field_row(field->id).anchor & bit(list)) != 0) anchored_ = true;
  switch (field->id) {
    case FieldId::kArch:
      arch_ = field->value;
      break;
    case FieldId::kKey:
      if (!has_anchor()) return fail(std::string(kKeyNeedsAnchor));
      break;
    case FieldId::kPerm:
      if (environment_.perm_style != PermStyle::kBySyscall) break;
      if (arch_) {
        perm_mask_ |= perm_syscalls(field->value, *arch_);
        older_perm_mask_ |= perm_syscalls(field->value, *arch_, PermTable::kAuditctl40);
        perm_mask_given_ = !perm_mask_.empty();
      } else if (list_ == List::kExit && !deletion_) {
        warnings_.emplace_back(kSlowPermWarning);
      }
      break;
    default:
      break;
  }
  return add(*field);
}

Parsed<void> RuleBuilder::add_comparison(std::string_view text) {
  // auditctl takes a rule whose list comes later for one of another list.
  const auto field = parse_comparison(text, list_.value_or(List::kUser), grammar_);
  if (!field) return fail(field.error());
  return add(*field);
}

Parsed<void> RuleBuilder::set_permissions(std::string_view letters) {
  if (letters.size() > 4) return fail("permission " + std::string(letters) + " is too long");
  for (const char letter : letters)
    if (!perm_by_letters({&letter, 1})) return fail(std::string("Permission ") + letter + " isn't supported");
  if (rule_.fields.empty()) return fail("Permissions should be preceded by other fields");
  const std::uint32_t bits = perm_by_letters(letters).value_or(0);
  for (Field& field : rule_.fields) {
    if (field.id != FieldId::kPerm) continue;
    field.value = bits;
    return {};
  }
  if (rule_.fields.size() >= kAuditctlFields) return fail("Too many fields when adding permissions");
  return add({FieldId::kPerm, Operator::kEqual, bits, {}});
}

Parsed<void> RuleBuilder::add_key(std::string_view key) {
  if (key.size() + keys_.size() + (keys_.empty() ? 0 : 1) > kMaxKeyLength) return fail("key option exceeds size limit");
  if (key.find(kKeySeparator) != std::string_view::npos)
    return fail("key " + std::string(key) + " has illegal character");
  if (!keys_.empty()) keys_ += kKeySeparator;
  keys_ += key;
  return {};
}

Parsed<WantedRule> RuleBuilder::finish() {
  if (!list_) return fail("Error - no list specified");
  if (!keys_.empty()) {
    const auto field = parse_field({"key", Operator::kEqual, keys_}, *list_, environment_, grammar_);
    if (!field) return fail(field.error());
    if (!has_anchor()) return fail(std::string(kKeyNeedsAnchor));
    if (auto added = add(*field); !added) return fail("Too many fields in rule: key=" + keys_);
  }
  WantedRule wanted;
  wanted.rule = rule_;
  const bool none = !syscalls_given_ && *list_ != List::kTask;
  if (none) wanted.rule.syscalls = SyscallMask::all();
  if (perm_mask_given_) {
    SyscallMask mask = rule_.syscalls, older = rule_.syscalls;
    mask |= perm_mask_;
    older |= older_perm_mask_;
    for (const SyscallMask& other : {wanted.rule.syscalls, older})
      if (other != mask) wanted.older_masks.push_back(other);
    wanted.rule.syscalls = mask;
  }
  return wanted;
}

}  // namespace naudit::rules
