// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "rules/rule/environment.hpp"
#include "rules/rule/fields.hpp"
#include "rules/rule/rule.hpp"

namespace naudit::rules {

template <typename T>
using Parsed = tl::expected<T, std::string>;  // the error is auditctl's message, without a newline

// "auid>=1000" taken apart: the field's name, the operator, and the rest. As auditctl does it, but a string may contain
// an operator (auditctl looks in the whole text and cuts `path=/a>=b` at the wrong place). Views into the text.
struct Expression {
  std::string_view name;
  Operator op = Operator::kEqual;
  std::string_view value;
};
Parsed<Expression> split_expression(std::string_view text);

// The value of a field as auditctl reads it: numbers in any base, names of users, groups, errnos, record types and
// file types, `unset`. `name` is the field as it was written, for the message. Checks the operators and the lists
// that auditctl checks; the kernel checks more.
Parsed<Field> parse_field(const Expression& expression, List list, const Environment& environment, Grammar grammar);

// `b64`, `b32`, a machine's name or an AUDIT_ARCH_* number.
Parsed<tables::ArchWord> parse_arch(std::string_view text, const Environment& environment);

// "uid=obj_uid" of -C.
Parsed<Field> parse_comparison(std::string_view text, List list, Grammar grammar);

}  // namespace naudit::rules
