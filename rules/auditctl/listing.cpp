// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/listing.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "rules/auditctl/file.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"
#include "tables/syscalls.hpp"

namespace naudit::rules {
namespace {

enum class Style : std::uint8_t { kAuditctl, kInterpreted, kReadable };

std::string hexadecimal(std::uint32_t value, bool upper = true) {
  std::array<char, 16> text{};
  const int length = std::snprintf(text.data(), text.size(), upper ? "0x%X" : "0x%x", value);
  return {text.data(), static_cast<std::size_t>(length)};
}

bool is_64_bit(tables::ArchWord arch) {
  return (arch & 0x80000000U) != 0;
}

std::string_view or_null(std::string_view name) {
  return name.empty() ? "(null)" : name;
}

// Where auditctl's tables have another name than the kernel's headers; both are understood.
std::string_view listed_syscall(tables::ArchWord arch, std::uint32_t number) {
  if (arch == tables::kArchI386 && number == 283) return "sys_kexec_load";
  if (arch == tables::kArchI386 && number == 423) return "sched_rr_get_interval64";
  return tables::syscall_name(arch, number);
}

std::string decimal(std::uint32_t value) {
  return std::to_string(static_cast<std::int32_t>(value));
}

bool has_syscalls(List list) {
  return list != List::kUser && list != List::kTask && list != List::kExclude;
}

// auditctl looks neither at the list nor at the action here.
bool is_watch_shape(const Rule& rule) {
  bool permissions = false;
  for (const Field& field : rule.fields) {
    switch (field.id) {
      case FieldId::kPerm:
        permissions = true;
        break;
      case FieldId::kPath:
      case FieldId::kDir:
      case FieldId::kKey:
        break;
      default:
        return false;
    }
  }
  return permissions && (!has_syscalls(rule.list) || rule.syscalls.is_all());
}

bool is_true_watch(const Rule& rule) {
  return is_watch_shape(rule) && rule.list == List::kExit && rule.action == Action::kAlways && !rule.fields.empty() &&
         (rule.fields[0].id == FieldId::kPath || rule.fields[0].id == FieldId::kDir) && rule.fields.size() >= 2 &&
         rule.fields.size() <= 3 && rule.fields[1].id == FieldId::kPerm &&
         std::all_of(rule.fields.begin(), rule.fields.end(),
                     [](const Field& field) { return field.op == Operator::kEqual; });
}

class Line {
 public:
  Line(const Rule& rule, Style style, tables::ArchWord native, const ArgumentWords& arguments = {})
      : rule_(rule), style_(style), native_(native), arguments_(arguments) {}

  std::string watch() {
    for (const Field& field : rule_.fields) {
      if (field.id == FieldId::kPerm)
        text_ += " -p " + perm_letters(field.value);
      else if (field.id == FieldId::kKey)
        for (const std::string& key : keys(field)) text_ += " -k " + word(key);
      else
        text_ += "-w " + word(field.text);
    }
    return std::move(text_);
  }

  std::string full() {
    text_ = rule_.prepend && style_ == Style::kReadable ? "-A " : "-a ";
    text_ += or_null(action_name(rule_.action));
    text_ += ',';
    text_ += or_null(list_name(rule_.list));
    for (const Field& field : rule_.fields)
      if (field.id == FieldId::kArch) arch(field);
    syscalls();
    for (const Field& field : rule_.fields)
      if (field.id != FieldId::kArch) this->field(field);
    return std::move(text_);
  }

 private:
  // b64 and b32 are read back as this machine's.
  [[nodiscard]] bool is_ours(tables::ArchWord arch) const {
    return (arch == native_ && is_64_bit(native_)) || tables::arch_compat(native_) == arch;
  }

  [[nodiscard]] std::string word(const std::string& text) const {
    return style_ == Style::kReadable ? escape_word(text) : text;
  }

  static std::vector<std::string> keys(const Field& field) {
    Rule one;
    one.fields.push_back(field);
    std::vector<std::string> keys = one.keys();
    std::erase(keys, "");
    return keys;
  }

  void arch(const Field& field) {
    machine_ = field.value;
    text_ += " -F arch";
    text_ += operator_text(field.op);
    const std::string_view name = tables::arch_name(field.value);
    if (name.empty())
      text_ += hexadecimal(field.value);
    else if (style_ == Style::kInterpreted || (style_ == Style::kReadable && !is_ours(field.value)))
      text_ += name;
    else
      text_ += is_64_bit(field.value) ? "b64" : "b32";
  }

  void syscalls() {
    if (!has_syscalls(rule_.list) || rule_.list == List::kFilesystem) return;
    if (rule_.syscalls.is_all()) {
      text_ += " -S all";
      several_ = true;
      return;
    }
    const char* separator = " -S ";
    const std::vector<std::uint32_t> numbers = rule_.syscalls.numbers();
    several_ = numbers.size() > 1;
    for (const std::uint32_t number : numbers) {
      text_ += separator;
      separator = ",";
      const std::string_view name = rule_.list == List::kIoUring ? tables::uring_op_name(number)
                                                                 : listed_syscall(machine_.value_or(native_), number);
      text_ += name.empty() ? std::to_string(number) : std::string(name);
    }
  }

  // auditctl writes `=` behind it whatever the operator is.
  [[nodiscard]] bool shows_equal(FieldId id) const { return style_ != Style::kReadable && id == FieldId::kPerm; }

  void field(const Field& field) {
    if (field.id == FieldId::kFieldCompare) {
      if (const auto pair = comparison_fields(field.value)) {
        text_ += " -C ";
        text_ += field_name(pair->left);
        text_ += operator_text(field.op);
        text_ += field_name(pair->right);
      }
      return;  // auditctl prints nothing for one that it does not know
    }
    if (field.id == FieldId::kKey && (field.op == Operator::kEqual || style_ != Style::kReadable)) {
      for (const std::string& key : keys(field)) text_ += " -F key=" + word(key);
      return;
    }
    const std::string_view name = field_name(field.id);
    if (name.empty()) {
      text_ += " f" + std::to_string(static_cast<std::uint32_t>(field.id));
    } else {
      text_ += " -F ";
      text_ += name;
    }
    text_ += shows_equal(field.id) ? "=" : operator_text(field.op);
    text_ += has_text(field.id) ? word(field.text) : value(field);
  }

  [[nodiscard]] std::string value(const Field& field) const {
    switch (field_row(field.id).kind) {
      case ValueKind::kRecordType: {
        const std::string_view name = tables::record_type_name(static_cast<std::uint16_t>(field.value));
        return field.value > 0xFFFF || name.empty() ? decimal(field.value) : std::string(name);
      }
      case ValueKind::kPermissions:
        return perm_letters(field.value);
      case ValueKind::kUnsigned:
        return std::to_string(field.value);
      case ValueKind::kExitCode: {
        const auto code = static_cast<std::int32_t>(field.value);
        const std::string_view name = code < 0 && code > -512 ? tables::errno_name(-code) : std::string_view();
        return name.empty() ? decimal(field.value) : "-" + std::string(name);
      }
      case ValueKind::kFileSystem: {
        const std::string_view name = fstype_name(field.value);
        return name.empty() ? decimal(field.value) : std::string(name);
      }
      case ValueKind::kFileType: {
        const std::string_view name = filetype_name(field.value);
        return style_ != Style::kReadable || name.empty() ? decimal(field.value) : std::string(name);
      }
      case ValueKind::kArgument:
        return argument(field);
      case ValueKind::kLoginUid:
      case ValueKind::kSession:
        return style_ != Style::kAuditctl && field.value == kUnset ? "unset" : decimal(field.value);
      case ValueKind::kGroup:
        // The grammar knows no negative group.
        return style_ == Style::kReadable ? std::to_string(field.value) : decimal(field.value);
      default:
        return style_ == Style::kReadable && field.id != FieldId::kUid ? std::to_string(field.value)
                                                                       : decimal(field.value);
    }
  }

  [[nodiscard]] std::string argument(const Field& field) const {
    if (style_ != Style::kInterpreted || several_) return hexadecimal(field.value);
    const std::vector<std::uint32_t> numbers = rule_.syscalls.numbers();
    std::string words;
    if (arguments_ && machine_ && rule_.list == List::kExit && numbers.size() == 1) {
      std::array<std::uint64_t, 4> values{};
      for (const Field& other : rule_.fields)
        if (is_argument(other.id)) values[index_of(other.id)] = other.value;
      const unsigned index = index_of(field.id);
      values[index] = field.value;
      words = arguments_(*machine_, numbers[0], index, values);
    }
    return words.empty() ? hexadecimal(field.value, false) : words;
  }

  static bool is_argument(FieldId id) { return field_row(id).kind == ValueKind::kArgument; }
  static unsigned index_of(FieldId id) { return static_cast<unsigned>(id) - static_cast<unsigned>(FieldId::kArg0); }

  const Rule& rule_;
  Style style_;
  tables::ArchWord native_;
  ArgumentWords arguments_;
  std::optional<tables::ArchWord> machine_;
  bool several_ = false;  // system calls: then auditctl does not try to interpret arguments
  std::string text_;
};

}  // namespace

std::string listing(const Rule& rule, ListingStyle style, tables::ArchWord native, const ArgumentWords& arguments) {
  Line line(rule, style == ListingStyle::kInterpreted ? Style::kInterpreted : Style::kAuditctl, native, arguments);
  return is_watch_shape(rule) ? line.watch() : line.full();
}

std::string rule_line(const Rule& rule, tables::ArchWord native) {
  Line line(rule, Style::kReadable, native);
  return is_true_watch(rule) ? line.watch() : line.full();
}

bool has_key(const Rule& rule, std::string_view key) {
  return std::any_of(rule.fields.begin(), rule.fields.end(), [key](const Field& field) {
    return field.id == FieldId::kKey && field.text.find(key) != std::string::npos;
  });
}

}  // namespace naudit::rules
