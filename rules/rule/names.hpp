// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string_view>

#include "rules/rule/rule.hpp"

namespace naudit::rules {

// The words of rules and their numbers, both ways; those of fields are in rule/fields.hpp. Constant data; any thread.
// The words of values are found in any case, as auditctl does; lists and actions only in lower case.

std::optional<List> list_by_name(std::string_view name) noexcept;
std::string_view list_name(List list) noexcept;  // empty if unknown
std::optional<Action> action_by_name(std::string_view name) noexcept;
std::string_view action_name(Action action) noexcept;

// "=" and the like.
std::string_view operator_text(Operator op) noexcept;
struct OperatorMatch {
  Operator op;
  std::size_t length;
};
// The longest operator at the start of the text.
std::optional<OperatorMatch> operator_at(std::string_view text) noexcept;

std::optional<std::uint32_t> filetype_by_name(std::string_view name) noexcept;
std::string_view filetype_name(std::uint32_t value) noexcept;
std::optional<std::uint32_t> fstype_by_name(std::string_view name) noexcept;
std::string_view fstype_name(std::uint32_t value) noexcept;

// AUDIT_COMPARE_*: the value of a `field_compare` field for two fields in either order.
std::optional<std::uint32_t> comparison(FieldId left, FieldId right) noexcept;
struct Comparison {
  FieldId left, right;
};
std::optional<Comparison> comparison_fields(std::uint32_t value) noexcept;

}  // namespace naudit::rules
