// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "rules/auditctl/command.hpp"
#include "rules/rule/environment.hpp"

namespace naudit::rules {

// What is wrong with one line in auditctl's syntax, told to its author: the wrong value and the nearest right one, and
// what auditctl sends but the kernel refuses. Where nauditctl is called by auditctl's name, auditctl's own texts stay.
struct LineFault {
  std::size_t word = 0;  // the word that is wrong
  std::size_t at = 0;    // the byte of it where the wrong part begins
  std::string message;
};

// `command` is what parse_auditctl() made of the words in the same environment. Each wrong word is told, the one at
// which auditctl stops first; empty if the line is taken. Pure, except for the environment.
std::vector<LineFault> line_faults(std::span<const std::string> words, const Command& command,
                                   const Environment& environment);

// What a line asks for that its author hardly meant, although it is taken: exit=EACCES. Pure.
std::vector<LineFault> line_doubts(std::span<const std::string> words);

}  // namespace naudit::rules
