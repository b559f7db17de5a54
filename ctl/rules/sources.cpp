// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/sources.hpp"

#include <CLI/CLI.hpp>

#include "ctl/console.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {

void RuleFiles::add_to(CLI::App& command) {
  command.add_option("path", paths, "Rule files, or directories of *.yaml and *.rules");
  command.add_flag("--lenient", lenient, "Leave out bad rules instead of refusing them all");
}

rules::RuleSet RuleFiles::read(const rules::Environment& environment) const {
  return rules::read_rules(paths, environment, {true, lenient});
}

netlink::RequestSocket open_requests() {
  auto requests = netlink::RequestSocket::open();
  if (!requests) throw base::Error("the kernel's audit socket cannot be opened: " + requests.error().message());
  return std::move(*requests);
}

void tell(const std::vector<base::Problem>& problems) {
  for (const base::Problem& problem : problems) error(problem.text());
}

}  // namespace naudit::ctl
