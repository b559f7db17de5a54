// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>

#include "rules/auditctl/command.hpp"
#include "rules/rule/environment.hpp"

namespace naudit::rules {

// The arguments of auditctl (without the program's name), or the words of one line of its rule files, read as
// auditctl reads them: same order rules, same meaning, same messages. Accepts more where auditctl stumbles over its
// own search for an operator. Never fails otherwise than by Command::failed. Pure except for the environment.
//
// `-R FILE` is not handled here but where files are read; inside a line it is an error, as for auditctl.
Command parse_auditctl(std::span<const std::string> words, const Environment& environment);

}  // namespace naudit::rules
