// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/sources.hpp"
#include "ctl/terminal.hpp"
#include "rules/advice/cost.hpp"
#include "rules/advice/lint.hpp"
#include "rules/advice/report.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {
namespace {

struct Options {
  RuleFiles files;
  rules::LintOptions lint;
  bool json = false;
  bool cost = false;
  std::string colour;
};

// What the files say: with errors, the advice is on the rules that have none.
struct Findings {
  std::vector<base::Problem> errors, notes;
  std::vector<rules::WantedRule> wanted;
  std::vector<rules::Advice> advice;
};

Findings find(const Options& options, const rules::Environment& environment) {
  Findings found;
  rules::RuleSet set;
  try {
    set = options.files.read(environment);
    found.notes = set.notes();
  } catch (const base::Error& error) {
    found.errors = error.problems();
    try {
      set = rules::read_rules(options.files.paths, environment, {true, true});
    } catch (const base::Error&) {
      return found;  // a file that cannot be read at all, which the errors name
    }
    // What was left out is told as an error.
    for (const base::Problem& note : set.notes())
      if (!note.message.starts_with("left out: ")) found.notes.push_back(note);
  }
  found.wanted = set.rules();
  found.advice = rules::lint(found.wanted, environment, options.lint);
  return found;
}

// The dearest first.
void show_cost(const std::vector<rules::WantedRule>& wanted, tables::ArchWord native) {
  struct Line {
    rules::Cost cost;
    const rules::WantedRule* rule;
  };
  std::vector<Line> lines;
  for (const rules::WantedRule& rule : wanted)
    if (rule.rule.list == rules::List::kExit) lines.push_back({rules::estimate(rule.rule), &rule});
  std::ranges::stable_sort(lines, [](const Line& a, const Line& b) {
    return a.cost.events != b.cost.events ? a.cost.events > b.cost.events : a.cost.hooked > b.cost.hooked;
  });
  out("HOOKED       EVENTS ON A BUSY SERVER (a rough estimate)\n");
  for (const Line& line : lines) {
    out(fmt::format("{:<12} {:<38} {}    # {}\n", rules::share_text(line.cost.hooked),
                    rules::events_text(line.cost.events), rules::rule_line(line.rule->rule, native),
                    line.rule->place.text()));
  }
}

void write_place(base::JsonWriter& json, const base::Place& place) {
  json.member("file", place.file);
  json.member("line", place.line);
  json.member("column", place.column);
}

void write_list(base::JsonWriter& json, std::string_view name, const std::vector<base::Problem>& problems) {
  json.begin_list(name);
  for (const base::Problem& one : problems) {
    json.begin_object();
    write_place(json, one.place);
    json.member("message", one.message);
    json.end_object();
  }
  json.end_list();
}

void write_advice(base::JsonWriter& json, const rules::Advice& advice) {
  json.begin_object();
  write_place(json, advice.place);
  json.member("check", advice.check);
  json.member("message", advice.message);
  if (!advice.remedy.empty()) json.member("remedy", advice.remedy);
  if (!advice.more.empty()) {
    json.begin_list("also");
    for (const base::Place& place : advice.more) {
      json.begin_object();
      write_place(json, place);
      json.end_object();
    }
    json.end_list();
  }
  json.end_object();
}

std::string json_text(const Findings& found) {
  base::JsonWriter json;
  json.begin_object();
  json.member("rules", found.wanted.size());
  write_list(json, "errors", found.errors);
  write_list(json, "notes", found.notes);
  json.begin_list("advice");
  for (const rules::Advice& one : found.advice) write_advice(json, one);
  json.end_list();
  json.end_object();
  return json.take() + '\n';
}

int check(const Options& options) {
  const rules::Environment environment = rules::system_environment();
  const Findings found = find(options, environment);
  if (options.json) {
    out(json_text(found));
    return found.errors.empty() ? 0 : 1;
  }
  const rules::ReportLayout layout = layout_of_stdout(options.colour);
  out(rules::errors_text(found.errors, layout));
  out(rules::notes_text(found.notes, layout));
  out(rules::advice_text(found.advice, layout));
  if (options.cost) show_cost(found.wanted, environment.native);
  const std::string errors = found.errors.empty() ? "no error" : base::count_text(found.errors.size(), "error");
  const std::string advice = found.advice.empty()       ? "no advice"
                             : found.advice.size() == 1 ? "1 piece of advice"
                                                        : std::to_string(found.advice.size()) + " pieces of advice";
  out(base::count_text(found.wanted.size(), "rule") + ", " + errors +
      (found.notes.empty() ? "" : ", " + base::count_text(found.notes.size(), "note")) + ", " + advice + '\n');
  return found.errors.empty() ? 0 : 1;
}

}  // namespace

void add_check_command(CLI::App& rules, int& exit_code) {
  CLI::App* const command = rules.add_subcommand("check", "Read rule files, report every error and give advice");
  command->footer(
      "Errors come first, then notes, then advice, each with its place: what it is, and what to do. The word in\n"
      "brackets names the kind of advice (docs/rules.md). All of it goes to stdout, the last line is the verdict.\n"
      "Exit code: 0 no error, 1 errors; advice does not change it.");
  const auto options = std::make_shared<Options>();
  options->files.add_to(*command);
  CLI::Option* const json = command->add_flag("--json", options->json, "All findings as one JSON object");
  add_colour_option(*command, options->colour);
  command->add_flag("--paths", options->lint.every_path, "Report each missing path by itself");
  command->add_flag("--cost", options->cost, "Also estimate what each rule costs, the dearest first")->excludes(json);
  command->callback([options, &exit_code] { exit_code = check(*options); });
}

}  // namespace naudit::ctl
