// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"

namespace naudit::rules {

// Reads rule files and the directories of them (*.yaml, *.yml and *.rules in version order) into one set. Touches the
// disk, never the kernel. Throws base::Error with every problem of every file; not if `partial` is asked for, then what
// is wrong is left out of the set and stands in left_out().
RuleSet read_rules(std::span<const std::string> paths, const Environment& environment, ReadOptions options = {});

// A file in auditctl's syntax as part of a wanted set. Settings are collected, `-D` needs nothing, `-i` and `-c` make
// the rest of the file lenient, and what is no rule and no setting is left out with a note. Pure; the problems of
// this file are appended.
void read_auditctl_rules(std::string_view text, const std::string& name, const Environment& environment, bool lenient,
                         RuleSet& set, std::vector<base::Problem>& problems);

// The files behind the paths, in the order in which they are read. A path that does not exist is a problem; an empty
// directory is none.
std::vector<std::string> rule_files(std::span<const std::string> paths, std::vector<base::Problem>& problems);

// By its name: *.yaml or *.yml; every other rule file is in auditctl's syntax. Pure.
bool is_yaml_file(std::string_view path);

}  // namespace naudit::rules
