// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/filter_options.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "config/filter_lists.hpp"
#include "config/vocabulary.hpp"
#include "ctl/console.hpp"
#include "output/filter.hpp"

namespace naudit::ctl {

const char* const kFilterHelp =
    "An event is printed when it meets each option that is given. --outcome and --filter may be given once, the "
    "others\n"
    "several times: one of the values is then enough. --filter takes the expressions of a sink's filter, which can "
    "say\n"
    "more: --filter 'key in (exec, priv) and not user == backup and exe startswith /usr/'.\n";

namespace {

std::string mistake_in(const std::string& expression) {
  config::Filter filter;
  filter.expression = expression;
  const auto mistake = output::expression_mistake(filter);
  if (expression.find_first_not_of(" \n\t") == std::string::npos) return "the expression is empty";
  return mistake ? output::told_in(expression, *mistake) : std::string();
}

}  // namespace

void add_filter_options(CLI::App& command, config::Filter& filter, std::string& outcome) {
  for (const config::FilterList& list : config::kFilterLists) {
    std::string help = list.help;
    std::erase(help, '`');
    command.add_option(list.option, filter.*list.words, help)->type_name(list.type)->allow_extra_args(false);
  }
  command.add_option("--outcome", outcome, "Only events with this outcome")
      ->check(CLI::IsMember({std::string(config::kOutcomes[0]), std::string(config::kOutcomes[1])}));
  command.add_option("--filter", filter.expression, "Only events that meet this expression, as in a sink's filter")
      ->type_name("EXPRESSION")
      ->check(mistake_in);
}

void tell_unknown_users(const config::Filter& filter) {
  for (const std::string& warning : output::filter_warnings(output::with_numbers(filter))) error(warning);
}

}  // namespace naudit::ctl
