// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "netlink/request_socket.hpp"
#include "rules/rule/environment.hpp"
#include "rules/rule/rule_set.hpp"

namespace CLI {
class App;
}

namespace naudit::ctl {

// The rule files that a command is given; none: those that nauditd loads.
struct RuleFiles {
  std::vector<std::string> paths = config::Rules().files;
  bool lenient = false;

  // The arguments behind them.
  void add_to(CLI::App& command);
  // Throws base::Error with every problem of every file.
  [[nodiscard]] rules::RuleSet read(const rules::Environment& environment) const;
};

// The kernel's rules are behind it. Throws base::Error.
netlink::RequestSocket open_requests();

// One line each on stderr.
void tell(const std::vector<base::Problem>& problems);

}  // namespace naudit::ctl
