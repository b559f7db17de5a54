// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/field_value.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <climits>
#include <cstdlib>

#include "base/text.hpp"
#include "rules/rule/names.hpp"
#include "rules/rule/perm_mask.hpp"
#include "tables/errnos.hpp"
#include "tables/record_types.hpp"

namespace naudit::rules {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool starts_number(std::string_view text) {
  return !text.empty() && is_digit(text[0]);
}
bool starts_negative(std::string_view text) {
  return text.size() > 1 && text[0] == '-' && is_digit(text[1]);
}

// As auditctl: any base, what follows the digits is not looked at, and only the low 32 bits are kept.
std::uint32_t number(std::string_view text) {
  const std::string copy(text);
  return static_cast<std::uint32_t>(copy[0] == '-' ? static_cast<unsigned long>(std::strtol(copy.c_str(), nullptr, 0))
                                                   : std::strtoul(copy.c_str(), nullptr, 0));
}

tl::unexpected<std::string> fail(std::string message) {
  return tl::unexpected(std::move(message));
}

tl::unexpected<std::string> not_a_number(std::string_view name) {
  return fail("-F value should be number for " + std::string(name));
}

Parsed<std::uint32_t> user(std::string_view text, const Environment& environment) {
  if (starts_number(text) || starts_negative(text)) return number(text);
  if (text == "unset") return kUnset;
  const std::string name(text);
  const auto id = environment.user ? environment.user(name) : std::nullopt;
  if (!id) return fail("Unknown user: " + name);
  return *id;
}

Parsed<std::uint32_t> group(std::string_view text, const Environment& environment) {
  if (starts_number(text)) return number(text);
  const std::string name(text);
  const auto id = environment.group ? environment.group(name) : std::nullopt;
  if (!id) return fail("Unknown group: " + name);
  return *id;
}

std::string upper(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return word;
}

Parsed<std::uint32_t> exit_code(std::string_view name, std::string_view text) {
  if (starts_number(text) || starts_negative(text)) return number(text);
  const bool negative = text.starts_with('-');
  const auto code = tables::errno_number(upper(negative ? text.substr(1) : text));
  if (!code || *code == 0) return fail("-F unknown errno - " + std::string(name));
  return static_cast<std::uint32_t>(negative ? -*code : *code);
}

Parsed<std::uint32_t> record_type(std::string_view name, std::string_view text) {
  if (starts_number(text)) return number(text);
  const auto type = tables::record_type(text);
  if (!type) return fail("-F unknown message type - " + std::string(name));
  return *type;
}

Parsed<std::uint32_t> permissions(std::string_view text) {
  if (text.size() > 4) return fail("String value too long");
  const auto bits = perm_by_letters(text);
  if (!bits) return fail("Permission can only contain  'rwxa'");
  return *bits;
}

Parsed<std::uint32_t> plain_value(const Expression& expression, ValueKind kind, const Environment& environment) {
  const std::string_view text = expression.value;
  const std::string name(expression.name);
  switch (kind) {
    case ValueKind::kUser:
    case ValueKind::kLoginUid:
      return user(text, environment);
    case ValueKind::kGroup:
      return group(text, environment);
    case ValueKind::kExitCode:
      return exit_code(name, text);
    case ValueKind::kRecordType:
      return record_type(name, text);
    case ValueKind::kArch:
      return parse_arch(text, environment).map_error([&name](const std::string& what) { return name + " " + what; });
    case ValueKind::kPermissions:
      return permissions(text);
    case ValueKind::kFileType:
      if (const auto type = filetype_by_name(text)) return *type;
      return fail("-F unknown file type -  " + name);
    case ValueKind::kFileSystem:
      // auditctl's own word for "not found" is -1.
      if (starts_number(text) && number(text) != kUnset) return number(text);
      if (const auto type = fstype_by_name(text)) return *type;
      return fail("file system type is unknown for field: " + name);
    case ValueKind::kSession:
      if (starts_number(text) || starts_negative(text)) return number(text);
      return text == "unset" ? kUnset : 0U;
    case ValueKind::kSocketFamily: {
      const std::uint32_t family = number(text);  // 0 for a word
      if (family >= AF_MAX) return fail("value is too large for field: " + name);
      return family;
    }
    case ValueKind::kArgument:
      if (!starts_number(text) && !starts_negative(text)) return not_a_number(name);
      return number(text);
    default:
      if (!starts_number(text)) return not_a_number(name);
      return number(text);
  }
}

// As auditctl: the first of the operators in this order that is anywhere in the text.
std::optional<Expression> split_anywhere(std::string_view text) {
  for (const std::string_view symbol : {"!=", ">=", "<=", "&=", "=", ">", "<", "&"}) {
    const std::size_t at = text.find(symbol);
    if (at == std::string_view::npos) continue;
    return Expression{text.substr(0, at), operator_at(symbol)->op, text.substr(at + symbol.size())};
  }
  return std::nullopt;
}

std::optional<Expression> split_behind_name(std::string_view text) {
  for (std::size_t end = 0; end < text.size(); ++end)
    if (const auto found = operator_at(text.substr(end)))
      return Expression{text.substr(0, end), found->op, text.substr(end + found->length)};
  return std::nullopt;
}

}  // namespace

Parsed<Expression> split_expression(std::string_view text) {
  auto expression = split_anywhere(text);
  if (expression && !field_by_name(expression->name)) {
    // An operator in the value of a string has led auditctl astray.
    const auto plain = split_behind_name(text);
    const auto field = plain ? field_by_name(plain->name) : std::nullopt;
    if (field && has_text(*field) && !plain->value.empty()) expression = *plain;
  }
  if (!expression) return fail("-F missing operation for " + std::string(text));
  if (expression->name.empty()) return fail("-F missing field name before operator for ");
  if (expression->value.empty()) return fail("-F missing value after operation for " + std::string(expression->name));
  return *expression;
}

Parsed<Field> parse_field(const Expression& expression, List list, const Environment& environment, Grammar grammar) {
  auto field = field_by_name(expression.name);
  if (!field) return fail("-F unknown field: " + std::string(expression.name));
  if (std::string why = misplacement(*field, list, expression.name, environment, grammar); !why.empty())
    return fail(std::move(why));
  const FieldRow& row = field_row(*field);
  if (!takes(row.operators, expression.op)) {
    const char* const only =
        row.operators == Operators::kEqual ? " only takes = operator" : " only takes = or != operators";
    return fail(std::string(expression.name) + only);
  }
  Field parsed{*field, expression.op, 0, {}};
  if (has_text(*field)) {
    if (expression.value.size() > (row.kind == ValueKind::kKey ? kMaxKeyLength : PATH_MAX))
      return fail("String value too long");
    parsed.text = expression.value;
    return parsed;
  }
  return plain_value(expression, row.kind, environment).map([&parsed](std::uint32_t value) {
    parsed.value = value;
    return parsed;
  });
}

Parsed<tables::ArchWord> parse_arch(std::string_view text, const Environment& environment) {
  if (base::same_word(text, "b64")) {
    // The 64-bit bit of an AUDIT_ARCH_* word.
    if ((environment.native & 0x80000000U) == 0) return fail("requested bit level not supported by machine");
    return environment.native;
  }
  if (base::same_word(text, "b32")) {
    if ((environment.native & 0x80000000U) == 0) return environment.native;
    const auto compat = tables::arch_compat(environment.native);
    if (!compat) return fail("requested bit level not supported by machine");
    return *compat;
  }
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (const auto arch = tables::arch_by_name(name)) return *arch;
  // A number, in hexadecimal with or without 0x, or in decimal.
  for (const int base : {0, 16}) {
    char* end = nullptr;
    const unsigned long value = std::strtoul(name.c_str(), &end, base);
    if (*end == '\0' && value <= 0xFFFFFFFFUL && !tables::arch_name(static_cast<tables::ArchWord>(value)).empty())
      return static_cast<tables::ArchWord>(value);
  }
  return fail("elf mapping not found");
}

Parsed<Field> parse_comparison(std::string_view text, List list, Grammar grammar) {
  std::size_t length = 1;
  std::size_t at = text.find("!=");
  if (at != std::string_view::npos)
    length = 2;
  else
    at = text.find('=');
  // ">=" and its like have a '=' too; auditctl looks at what stands before it.
  if (at == std::string_view::npos ||
      (length == 1 && at > 0 && std::string_view("<>&").find(text[at - 1]) != std::string_view::npos)) {
    return fail(std::string(text) + " only takes = or != operators");
  }
  const std::string name(text.substr(0, at));
  const std::string_view right = text.substr(at + length);
  if (name.empty()) return fail("-C missing field name before operator for ");
  if (right.empty()) return fail("-C missing value after operation for  " + name);
  const auto first = field_by_name(name);
  if (!first) return fail("-C unknown field: " + name);
  const auto second = field_by_name(right);
  if (!second) return fail("-C unknown right hand value for comparison with: " + name);
  if (!takes_comparisons(list, grammar)) return fail(name + " can only be used with exit filter list");
  const auto value = comparison(*first, *second);
  if (!value) return fail("-C incompatible comparison " + name);
  return Field{FieldId::kFieldCompare, length == 2 ? Operator::kNotEqual : Operator::kEqual, *value, {}};
}

}  // namespace naudit::rules
