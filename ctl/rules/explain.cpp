// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/explain.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/utf8.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/sources.hpp"
#include "ctl/terminal.hpp"
#include "rules/advice/report.hpp"
#include "rules/read.hpp"
#include "tables/arch.hpp"

namespace naudit::ctl {
namespace {

struct Options {
  RuleFiles files;
  std::string rule;
};

// The lines of the files, as their authors wrote them.
class Sources {
 public:
  // From where the rule begins to its end: one line in auditctl's syntax, an entry of YAML as far as it is indented.
  std::vector<std::string> of(const base::Place& place) {
    const std::vector<std::string>& lines = file(place.file);
    std::vector<std::string> found;
    const auto first = static_cast<std::size_t>(std::max(place.line, 1)) - 1;
    if (first >= lines.size()) return found;
    if (!rules::is_yaml_file(place.file)) return {trimmed(lines[first])};
    const auto indent = static_cast<std::size_t>(std::max(place.column, 1)) - 1;
    found.push_back(lines[first].substr(std::min(indent, lines[first].size())));
    for (std::size_t i = first + 1; i < lines.size(); ++i) {
      const std::size_t start = lines[i].find_first_not_of(" \t\r");
      if (start == std::string::npos || start < indent) break;
      found.push_back(lines[i].substr(indent));
    }
    return found;
  }

 private:
  static std::string trimmed(const std::string& line) {
    return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
  }

  const std::vector<std::string>& file(const std::string& name) {
    const auto [found, is_new] = files_.try_emplace(name);
    if (!is_new) return found->second;
    const std::string text = base::read_file(name, false);
    for (std::size_t start = 0; start < text.size();) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      found->second.push_back(text.substr(start, end - start));
      start = end + 1;
    }
    return found->second;
  }

  std::map<std::string, std::vector<std::string>> files_;
};

// The sentences of the rules of one entry; those that are the same for several arches are one.
std::vector<std::string> sentences(const std::vector<const rules::WantedRule*>& rules) {
  struct Said {
    std::string general;  // with nothing where the arch is told
    std::string arches;
  };
  std::vector<Said> all;
  for (const rules::WantedRule* const wanted : rules) {
    std::string text = rules::explain(wanted->rule);
    const auto arch = wanted->rule.arch();
    const std::string name = arch ? std::string(tables::arch_name(*arch)) : std::string();
    const std::string programs = name + " programs";
    const std::size_t at = name.empty() ? std::string::npos : text.find(programs);
    if (at != std::string::npos) text.replace(at, name.size(), "\1");
    const auto same = std::ranges::find(all, text, &Said::general);
    if (same == all.end())
      all.push_back({std::move(text), name});
    else if (at != std::string::npos)
      same->arches += " and " + name;
  }
  std::vector<std::string> texts;
  for (Said& said : all) {
    if (const std::size_t at = said.general.find('\1'); at != std::string::npos)
      said.general.replace(at, 1, said.arches);
    texts.push_back(std::move(said.general));
  }
  return texts;
}

int explain(const Options& options) {
  const rules::Environment environment = rules::system_environment();
  std::vector<rules::WantedRule> wanted;
  if (options.rule.empty()) {
    wanted = options.files.read(environment).rules();
  } else {
    rules::RuleSet set;
    std::vector<base::Problem> problems;
    rules::read_auditctl_rules(options.rule, "", environment, false, set, problems);
    if (!problems.empty()) throw base::Error(problems[0].message);
    wanted = set.rules();
  }
  constexpr std::size_t kIndent = 4;
  const std::size_t width = layout_of_stdout().width;
  Sources sources;
  for (std::size_t i = 0; i < wanted.size();) {
    const base::Place& place = wanted[i].place;
    std::vector<const rules::WantedRule*> same;
    for (; i < wanted.size() && wanted[i].place == place; ++i) same.push_back(&wanted[i]);
    if (options.rule.empty()) {
      out(base::shown(place.text()) + ":\n");
      for (const std::string& line : sources.of(place)) out("  " + base::shown(line) + '\n');
    } else {
      out(options.rule + '\n');
    }
    for (const std::string& sentence : sentences(same))
      out(std::string(kIndent, ' ') + rules::wrapped(base::shown(sentence), kIndent, width, kIndent) + '\n');
  }
  return 0;
}

}  // namespace

void add_explain_command(CLI::App& rules, int& exit_code) {
  CLI::App* const command = rules.add_subcommand("explain", "Say in words what the rules catch");
  const auto options = std::make_shared<Options>();
  options->files.add_to(*command);
  command->add_option("--rule", options->rule, "One rule in auditctl's syntax instead of files");
  command->callback([options, &exit_code] { exit_code = explain(*options); });
}

}  // namespace naudit::ctl
