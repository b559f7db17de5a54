// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "config/config.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/sources.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/kernel/kernel_rules.hpp"
#include "rules/kernel/owned.hpp"
#include "rules/kernel/transaction.hpp"

namespace naudit::ctl {
namespace {

constexpr int kSame = 0, kTrouble = 1;

struct Options {
  RuleFiles files;
  bool exclusive = false;
  std::string state_directory = config::Daemon().state_directory;

  void add_to(CLI::App& command) {
    files.add_to(command);
    command.add_flag("--exclusive", exclusive, "Remove the rules of others too");
    command.add_option("--state", state_directory, "Directory where nauditd keeps which rules are its own");
  }
  [[nodiscard]] rules::TransactionOptions transaction() const {
    return {.state_file = rules::owned_path(state_directory),
            .exclusive = exclusive,
            .on_refusal = files.lenient ? rules::OnRefusal::kLeaveOut : rules::OnRefusal::kTakeBack};
  }
};

// "+" is to be loaded, "-" to be removed, ">" stands at the wrong place: in the order of the files, with what goes away
// behind them. (The plan itself is in the order in which the kernel takes its steps.)
void show(const rules::Plan& plan, std::span<const rules::WantedRule> wanted) {
  struct Line {
    std::size_t index;
    std::string text;
  };
  std::vector<Line> lines;
  for (const rules::Change& change : plan.changes) {
    const bool adds = change.kind == rules::Change::Kind::kAdd;
    const bool moves = change.part == rules::Change::Part::kMove;
    if (change.is_bridge || (moves && !adds)) continue;
    std::string text = moves ? "> " : adds ? "+ " : "- ";
    text += rules::rule_line(change.rule, tables::native_arch());
    std::size_t index = wanted.size();
    if (change.wanted != nullptr) {
      text += "    # " + change.wanted->place.text();
      index = static_cast<std::size_t>(change.wanted - wanted.data());
    }
    lines.push_back({std::min(index, wanted.size()), std::move(text)});
  }
  std::ranges::stable_sort(lines, {}, &Line::index);
  for (const Line& line : lines) out(base::shown(line.text) + '\n');
}

int diff(const Options& options) {
  const rules::RuleSet set = options.files.read(rules::system_environment());
  const auto wanted = set.rules();
  tell(set.notes());
  netlink::RequestSocket requests = open_requests();
  const auto status = requests.status();
  rules::SocketRules kernel(requests);
  const rules::Plan plan = rules::plan_load(wanted, kernel, options.transaction());
  show(plan, wanted);
  out(base::count_text(wanted.size(), "rule") + " wanted, " + std::to_string(plan.kept) + " in place, " +
      std::to_string(plan.missing) + " to load, " + std::to_string(plan.moved) + " to move, " +
      std::to_string(plan.unwanted) + " to remove, " + std::to_string(plan.foreign.size()) + " of others\n");
  if (status && status->enabled == rules::kLocked && !plan.changes.empty())
    out(rules::locked_text(rules::differences(plan)) + '\n');
  return plan.changes.empty() && set.left_out().empty() ? kSame : kTrouble;
}

int apply(const Options& options) {
  const rules::RuleSet set = options.files.read(rules::system_environment());
  const auto wanted = set.rules();
  tell(set.notes());
  netlink::RequestSocket requests = open_requests();
  rules::SocketRules kernel(requests);
  rules::SocketSettings settings(requests);
  const rules::TransactionReport report = rules::load_into_kernel(set, wanted, kernel, settings, options.transaction());
  if (report.locked) {
    show(report.plan, wanted);
    const std::size_t waiting = rules::differences(report.plan);
    if (waiting == 0) {
      out("The audit system is in immutable mode; the rules are loaded as the files want them\n");
      return set.left_out().empty() ? kSame : kTrouble;
    }
    error("The audit system is in immutable mode, no rule changes allowed; " + rules::locked_text(waiting));
    return kTrouble;
  }
  tell(report.problems);
  if (!report.not_remembered.empty()) error(report.not_remembered);
  if (!report.problems.empty() && report.added + report.removed + report.moved == 0)
    error("the rules in the kernel are as before");
  out(base::count_text(report.added, "rule") + " added, " + std::to_string(report.removed) + " removed, " +
      (report.moved > 0 ? std::to_string(report.moved) + " moved, " : "") + std::to_string(report.plan.kept) +
      " unchanged, " + std::to_string(report.plan.foreign.size()) + " of others\n");
  const bool is_done = report.problems.empty() && report.not_remembered.empty() && set.left_out().empty();
  return is_done ? kSame : kTrouble;
}

}  // namespace

void add_diff_command(CLI::App& rules, int& exit_code) {
  CLI::App* const command =
      rules.add_subcommand("diff", "Show what apply would change; exit 1 when there is something");
  const auto options = std::make_shared<Options>();
  options->add_to(*command);
  command->callback([options, &exit_code] { exit_code = diff(*options); });
}

void add_apply_command(CLI::App& rules, int& exit_code) {
  CLI::App* const command = rules.add_subcommand("apply", "Load rule files as a whole, changing only what differs");
  const auto options = std::make_shared<Options>();
  options->add_to(*command);
  command->callback([options, &exit_code] { exit_code = apply(*options); });
}

}  // namespace naudit::ctl
