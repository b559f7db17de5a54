// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

namespace naudit::ctl {

struct Augenrules {
  std::string program = "augenrules";  // how the messages begin
  std::string source = "/etc/audit/rules.d";
  std::string target = "/etc/audit/audit.rules";
  bool only_check = false;
  bool load = false;
};

// What augenrules does: makes one rule file of the *.rules files of a directory (rules/auditctl/augenrules.hpp) and,
// with `load`, gives it to `auditctl -R`. The file is written only when it changes, as a whole, with mode 0640; what
// was there before stays under its name with `.prev`. augenrules' messages and exit codes; when auditing is locked
// there is a notice instead of a load, and 0. Throws base::Error when a file cannot be read or written.
int generate_rules(const Augenrules& wanted);

// With augenrules' arguments. `program` is the path by which it was called, as the script's $0.
int run_augenrules(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace naudit::ctl
