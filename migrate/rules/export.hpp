// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "netlink/status.hpp"
#include "rules/rule/environment.hpp"

namespace naudit::migrate {

struct ExportOptions {
  // What nauditd.yaml says of the kernel: a comment of an import that a setting has gone there becomes the setting
  // again. Null: with the value that it had.
  const netlink::StatusChange* settings = nullptr;
};

struct Exported {
  std::string text;
  netlink::StatusChange restored;  // settings of nauditd.yaml that stand in the text
  bool deletes_all = false;        // -D
  std::size_t rules = 0;
  std::vector<base::Problem> notes;
  std::vector<base::Problem> errors;  // what auditctl cannot be told, left as comments
};

// A rule file in YAML as lines that auditctl 3 and 4 read, one kernel rule each, in the order in which nauditd loads
// them. Names stay names. Comments stay, a description stands directly above its rules, tags in a line "# tags: a, b":
// import reads all of it back. What an import left as a comment, since it is needless or stands in nauditd.yaml (-D,
// -b, -f …), is a line again. A rule that has come already is left as a comment. A watch with an arch becomes `path` or
// `dir` by what it is on this machine. Throws base::Error when the text is no rule file. Pure.
Exported export_yaml(const std::string& text, const std::string& name, const rules::Environment& machine,
                     const ExportOptions& options = {});

// The lines that set this: "-b 8192", in auditctl's order.
std::vector<std::string> setting_lines(const netlink::StatusChange& settings);

// The same for a file in auditctl's syntax: what trips auditctl (tabs, CRs, a missing last newline) is put right, all
// else stays as it is.
Exported export_auditctl(std::string_view text, const std::string& name, const rules::Environment& machine);

}  // namespace naudit::migrate
