// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/sources.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/kernel_rules.hpp"

namespace naudit::ctl {
namespace {

int list(const std::string& key) {
  netlink::RequestSocket requests = open_requests();
  const auto loaded = rules::SocketRules(requests).list();
  if (!loaded) throw base::Error("the kernel does not list its rules: " + loaded.error().message());
  for (const rules::Rule& rule : *loaded)
    if (key.empty() || rules::has_key(rule, key)) out(rules::rule_line(rule, tables::native_arch()) + '\n');
  return 0;
}

}  // namespace

void add_list_command(CLI::App& rules, int& exit_code) {
  CLI::App* const command =
      rules.add_subcommand("list", "Print the rules in the kernel, each so that it can be read back");
  const auto key = std::make_shared<std::string>();
  command->add_option("-k,--key", *key, "Only rules with this in a key");
  command->callback([key, &exit_code] { exit_code = list(*key); });
}

}  // namespace naudit::ctl
