// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/command.hpp"

#include <memory>

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "config/config.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/check.hpp"
#include "ctl/rules/export.hpp"
#include "ctl/rules/generate.hpp"
#include "ctl/rules/import.hpp"
#include "ctl/rules/stats.hpp"
#include "netlink/request_socket.hpp"
#include "rules/advice/explain.hpp"
#include "rules/auditctl/file.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/auditctl/syntax.hpp"
#include "rules/kernel/owned_file.hpp"
#include "rules/kernel/transaction.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {
namespace {

constexpr int kSame = 0, kTrouble = 1;

struct Options {
  std::vector<std::string> paths = config::Rules().files;
  std::string state_directory = config::Daemon().state_directory;
  std::string key;
  std::string rule;
  bool exclusive = false;
  bool lenient = false;
  bool quiet = false;

  [[nodiscard]] rules::TransactionOptions transaction() const {
    return {rules::owned_path(state_directory), exclusive, lenient};
  }
};

netlink::RequestSocket open_requests() {
  auto requests = netlink::RequestSocket::open();
  if (!requests) throw base::Error("the kernel's audit socket cannot be opened: " + requests.error().message());
  return std::move(*requests);
}

void tell(const std::vector<base::Problem>& problems) {
  for (const base::Problem& problem : problems) error(problem.text());
}

int list(const Options& options) {
  netlink::RequestSocket requests = open_requests();
  const auto loaded = rules::SocketRules(requests).list();
  if (!loaded) throw base::Error("the kernel does not list its rules: " + loaded.error().message());
  for (const rules::Rule& rule : *loaded)
    if (options.key.empty() || rules::has_key(rule, options.key))
      out(rules::rule_line(rule, tables::native_arch()) + '\n');
  return kSame;
}

rules::RuleSet load(const Options& options, const rules::Environment& environment) {
  return rules::read_rules(options.paths, environment, {true, options.lenient});
}

// "+" is to be loaded, "-" to be removed, ">" stands at the wrong place.
void show(const rules::Plan& plan) {
  for (const rules::Change& change : plan.changes) {
    const bool adds = change.kind == rules::Change::Kind::kAdd;
    const bool moves = change.part == rules::Change::Part::kMove;
    if (change.is_bridge || (moves && !adds)) continue;
    std::string line = moves ? "> " : adds ? "+ " : "- ";
    line += rules::rule_line(change.rule, tables::native_arch());
    if (change.wanted != nullptr) line += "    # " + change.wanted->place.text();
    out(line + '\n');
  }
}

std::size_t differences(const rules::Plan& plan) {
  return plan.missing + plan.moved + plan.unwanted;
}

int diff(const Options& options) {
  const rules::RuleSet set = load(options, rules::system_environment());
  const auto wanted = set.rules();
  tell(set.notes());
  netlink::RequestSocket requests = open_requests();
  rules::SocketRules kernel(requests);
  const rules::Plan plan = rules::plan_load(wanted, kernel, options.transaction());
  show(plan);
  out(base::count_text(wanted.size(), "rule") + " wanted, " + std::to_string(plan.kept) + " in place, " +
      std::to_string(plan.missing) + " to load, " + std::to_string(plan.moved) + " to move, " +
      std::to_string(plan.unwanted) + " to remove, " + std::to_string(plan.foreign.size()) + " of others\n");
  return plan.changes.empty() ? kSame : kTrouble;
}

int apply(const Options& options) {
  const rules::RuleSet set = load(options, rules::system_environment());
  const auto wanted = set.rules();
  tell(set.notes());
  netlink::RequestSocket requests = open_requests();
  rules::SocketRules kernel(requests);
  rules::SocketSettings settings(requests);
  const rules::TransactionReport report = rules::load_into_kernel(set, wanted, kernel, settings, options.transaction());
  if (report.locked) {
    show(report.plan);
    const std::size_t waiting = differences(report.plan);
    if (waiting == 0) {
      out("The audit system is in immutable mode; the rules are loaded as the files want them\n");
      return kSame;
    }
    error("The audit system is in immutable mode, no rule changes allowed; " + base::count_text(waiting, "change") +
          (waiting == 1 ? " waits" : " wait") + " for the next boot");
    return kTrouble;
  }
  tell(report.problems);
  if (!report.problems.empty() && report.added + report.removed + report.moved == 0)
    error("the rules in the kernel are as before");
  out(base::count_text(report.added, "rule") + " added, " + std::to_string(report.removed) + " removed, " +
      (report.moved > 0 ? std::to_string(report.moved) + " moved, " : "") + std::to_string(report.plan.kept) +
      " unchanged, " + std::to_string(report.plan.foreign.size()) + " of others\n");
  return report.problems.empty() ? kSame : kTrouble;
}

int explain(const Options& options) {
  const rules::Environment environment = rules::system_environment();
  std::vector<rules::WantedRule> wanted;
  if (options.rule.empty()) {
    wanted = load(options, environment).rules();
  } else {
    rules::RuleSet set;
    std::vector<base::Problem> problems;
    rules::read_auditctl_rules(options.rule, "", environment, false, set, problems);
    if (!problems.empty()) throw base::Error(problems[0].message);
    wanted = set.rules();
  }
  for (const rules::WantedRule& rule : wanted) {
    const std::string place = options.rule.empty() ? "    # " + rule.place.text() : "";
    out(rules::rule_line(rule.rule, environment.native) + place + "\n    " + rules::explain(rule.rule) + '\n');
  }
  return kSame;
}

}  // namespace

void add_rules_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("rules", "Lists, checks, compares and loads audit rules");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  const auto add = [&](const std::string& name, const std::string& help, int (*run)(const Options&)) {
    CLI::App* sub = command->add_subcommand(name, help);
    sub->callback([options, run, &exit_code] { exit_code = run(*options); });
    return sub;
  };
  const auto with_files = [&](CLI::App* sub) {
    sub->add_option("path", options->paths, "Rule files, or directories of *.yaml and *.rules");
    sub->add_flag("--lenient", options->lenient, "Leave out bad rules instead of refusing them all");
    return sub;
  };
  const auto with_kernel = [&](CLI::App* sub) {
    sub->add_flag("--exclusive", options->exclusive, "Remove the rules of others too");
    sub->add_option("--state", options->state_directory, "Directory where nauditd keeps which rules are its own");
    return sub;
  };
  add("list", "Print the rules in the kernel, each so that it can be read back", list)
      ->add_option("-k,--key", options->key, "Only rules with this in a key");
  add_check_command(*command, exit_code);
  with_kernel(with_files(add("diff", "Show what apply would change; exit 1 when there is something", diff)));
  with_kernel(with_files(add("apply", "Load rule files as a whole, changing only what differs", apply)));
  with_files(add("explain", "Say in words what the rules catch", explain))
      ->add_option("--rule", options->rule, "One rule in auditctl's syntax instead of files");
  add_import_command(*command, exit_code);
  add_export_command(*command, exit_code);
  add_generate_command(*command, exit_code);
  add_rule_stats_command(*command, exit_code);
}

}  // namespace naudit::ctl
