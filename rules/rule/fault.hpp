// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule/environment.hpp"
#include "rules/rule/fields.hpp"

namespace naudit::rules {

// What is wrong with words of a rule, told to its author: the wrong value, and the nearest right one. auditctl's own
// texts name the field; they stay where nauditctl is called by its name. Pure, except for the environment.

struct Fault {
  std::size_t at = 0;  // the byte of the text where the wrong part begins
  std::string message;
};

// Of a value as a whole: what parse_field() refuses, and what it would cut or guess at: a number with something behind
// it or larger than the kernel's 32 bits, a session or address family that is no number. Nothing for a field with text.
std::optional<Fault> fault_of_value(const FieldRow& row, std::string_view value, const Environment& environment);

// Of an operator, at the front of `text`, which is what follows the field's name: "==", "=>" and the like.
std::optional<Fault> fault_of_operator(std::string_view text);

// A name that is no field.
std::string no_such_field(std::string_view name);

// exit=EACCES: it is taken, and fits no call that fails; empty for what an author may mean.
std::string doubt_of_exit(Operator op, std::string_view value);

// Two fields that the kernel does not compare, and those that it compares the first one with.
std::string no_such_comparison(FieldId left, std::string_view right);

// A system call that none of the arches has: the nearest name; that several names are a list; or the other arch of the
// machine that has it.
std::string no_such_syscall(std::string_view name, const std::vector<tables::ArchWord>& arches,
                            const Environment& environment);
std::string no_such_uring_op(std::string_view name);

// Whether the text of a number is one as a whole, in any base that auditctl reads; what is too large is not.
bool is_whole_number(std::string_view text) noexcept;

// The end of a sentence: "; did you mean 'x'?", or nothing.
std::string hint_word(std::string_view word, const std::vector<std::string_view>& known);

// "; several are a list: [a, b]" for "a, b" and "a b", which are several words in one; or nothing.
std::string hint_list(std::string_view word);

}  // namespace naudit::rules
