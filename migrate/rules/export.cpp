// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/export.hpp"

#include <algorithm>
#include <unordered_map>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "config/yaml/document.hpp"
#include "migrate/rules/comments.hpp"
#include "migrate/rules/import.hpp"
#include "migrate/rules/yaml_to_auditctl.hpp"
#include "rules/auditctl/line_faults.hpp"
#include "rules/auditctl/syntax.hpp"
#include "rules/yaml/expand.hpp"
#include "rules/yaml/reader.hpp"

namespace naudit::migrate {
namespace {

using base::Place;
using config::Problems;

constexpr std::size_t kAuditctlLine = 6144;  // what auditctl reads of a line at most

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    lines.emplace_back(line);
  }
  return lines;
}

class Exporter {
 public:
  Exporter(const std::string& name, const rules::Environment& machine, const ExportOptions& options)
      : name_(name), options_(options), environment_(any_accounts(machine)) {
    if (!machine.is_directory) return;
    environment_.is_directory = [is_directory = machine.is_directory](const std::string& path) {
      return is_directory(path.substr(0, path.find_last_not_of('/') + 1));  // as auditctl asks
    };
  }

  Exported run(const std::string& text) {
    const YAML::Node document = config::parse_yaml(text, name_);
    source_ = split_lines(text);
    if (!document || document.IsNull()) {
      comments_until(source_.size() + 1);
      flush_comments();
      return std::move(done_);
    }
    Problems problems(name_);
    YAML::Node rules;
    std::optional<YAML::Node> kernel;
    config::read_map(document, "a rule file",
                     {{"rules", [&rules](const YAML::Node& node) { rules = node; }},
                      {"kernel", [&kernel](const YAML::Node& node) { kernel.emplace(node); }},
                      {"control", [&kernel](const YAML::Node& node) { kernel.emplace(node); }},
                      {"include", [&](const YAML::Node& node) { include(problems.place(node)); }}},
                     problems);
    rules::RuleSet settings;
    if (kernel) read_settings(*kernel, settings, problems);
    problems.throw_if_any();
    write_settings(settings);
    if (rules && rules.IsSequence())
      for (const auto& node : rules) take(node, problems);
    else if (rules && !rules.IsNull())
      problems.add(rules, "expected a list of rules, each beginning with '- '");
    problems.throw_if_any();
    comments_until(source_.size() + 1);
    flush_comments();
    if (settings.settings.enabled) {
      paragraph();
      done_.text += "-e " + std::to_string(*settings.settings.enabled) + '\n';
    }
    return std::move(done_);
  }

 private:
  void include(Place place) {
    done_.notes.push_back({std::move(place), "what this file includes is not part of the result; export it too"});
  }

  void read_settings(const YAML::Node& node, rules::RuleSet& settings, Problems& problems) {
    YAML::Node alone;
    alone["kernel"] = node;
    std::vector<base::Problem> found;
    rules::read_yaml_text(YAML::Dump(alone), name_, environment_, {}, settings, found);
    for (base::Problem& problem : found) problems.add(node, std::move(problem.message));
  }

  // The settings, below the comments that stand before the rules.
  void write_settings(const rules::RuleSet& settings) {
    const auto rules =
        std::find_if(source_.begin(), source_.end(), [](const std::string& l) { return l.starts_with("rules:"); });
    comments_until(static_cast<std::size_t>(rules - source_.begin()) + 1);
    flush_comments();
    netlink::StatusChange wanted = settings.settings;
    wanted.enabled.reset();  // comes last
    for (const std::string& line : setting_lines(wanted)) done_.text += line + '\n';
    if (settings.loginuid_immutable) done_.text += "--loginuid-immutable\n";
    paragraph();
  }

  // The comment lines of the source up to this line, which belong to what stands there.
  void comments_until(std::size_t number) {
    for (; next_line_ < number && next_line_ <= source_.size(); ++next_line_) {
      std::string_view line = source_[next_line_ - 1];
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
      if (line.starts_with('#')) comments_.emplace_back(line);
      if (line.empty() && !comments_.empty() && !comments_.back().empty()) comments_.emplace_back();
    }
  }

  void paragraph() {
    if (!done_.text.empty() && !done_.text.ends_with("\n\n")) done_.text += '\n';
  }

  // Apart from the rules by an empty line, or import would take them for a description.
  void flush_comments() {
    if (comments_.empty()) return;
    paragraph();
    while (!comments_.empty() && comments_.back().empty()) comments_.pop_back();
    for (std::size_t i = 0; i < comments_.size(); ++i) {
      std::string line = left_line(comments_[i]);
      // A long line stands below its reason.
      if (line.empty() && i + 1 < comments_.size() && comments_[i].starts_with("# (") && comments_[i].ends_with(')') &&
          is_restorable(std::string_view(comments_[i]).substr(3))) {
        line = std::string(comment_words(comments_[++i]));
      }
      done_.text += (line.empty() ? comments_[i] : restored(line)) + '\n';
    }
    done_.text += '\n';
    comments_.clear();
  }

  // Why an import left a line as a comment, if the line is one that auditctl takes.
  static bool is_restorable(std::string_view reason) {
    constexpr std::string_view kNot = "not taken over: ";
    constexpr std::string_view kRefused[] = {"auditctl refuses",     "the kernel refuses",    "the same rule",
                                             "this line takes back", "there is no such rule", "it has bytes"};
    if (reason.starts_with("needless: nauditd deletes") || reason.starts_with("now kernel.")) return true;
    if (!reason.starts_with(kNot)) return false;
    reason.remove_prefix(kNot.size());
    return std::ranges::none_of(kRefused, [reason](std::string_view start) { return reason.starts_with(start); });
  }

  // "-D" of "# -D    (needless: …)"; empty of other comments.
  static std::string left_line(std::string_view comment) {
    constexpr std::string_view kBefore = "    (";
    const std::size_t at = comment.find(kBefore);
    if (at == std::string_view::npos || !comment.ends_with(')') || !comment.starts_with("# -")) return {};
    if (!is_restorable(comment.substr(at + kBefore.size()))) return {};
    return std::string(base::trimmed(comment.substr(2, at - 2)));
  }

  // With the value that nauditd.yaml has by now. Of several settings in one line each has a comment of its own.
  std::string restored(const std::string& line) {
    if (line == "-D") done_.deletes_all = true;
    if (std::ranges::find(restored_lines_, line) != restored_lines_.end()) return "# " + line;
    restored_lines_.push_back(line);
    if (options_.settings == nullptr) return line;
    const auto lines = rules::read_rule_lines(line);
    if (lines.size() != 1) return line;
    const rules::Command command = rules::parse_auditctl(lines[0].words, environment_);
    netlink::StatusChange now;
    bool only_settings = !command.failed;
    for (const rules::Step& step : command.steps) {
      const auto* const set = std::get_if<rules::step::SetStatus>(&step);
      if (set == nullptr) {
        const auto* const status = std::get_if<rules::step::ShowStatus>(&step);
        only_settings = only_settings && status != nullptr && !status->features;
        continue;
      }
      // What the file itself keeps is not nauditd.yaml's.
      if (set->change.enabled == 2U || set->change.failure == 2U) return line;
      const auto take = [&](std::optional<std::uint32_t> netlink::StatusChange::* which) {
        if (!(set->change.*which)) return;
        now.*which = options_.settings->*which;
        done_.restored.*which = set->change.*which;
      };
      for (const auto which :
           {&netlink::StatusChange::enabled, &netlink::StatusChange::failure, &netlink::StatusChange::rate_limit,
            &netlink::StatusChange::backlog_limit, &netlink::StatusChange::backlog_wait_time})
        take(which);
    }
    const std::vector<std::string> settings = setting_lines(now);
    if (!only_settings || command.steps.size() < 2) return line;
    if (settings.empty()) return "# " + line + "    (nauditd.yaml does not say it any more)";
    std::string text;
    for (const std::string& one : settings) text += (text.empty() ? "" : " ") + one;
    return text;
  }

  void take(const YAML::Node& node, Problems& problems) {
    const rules::YamlRule yaml = rules::read_yaml_rule(node, problems);
    rules::RuleSet set;
    const std::size_t before = problems.size();
    if (problems.empty()) rules::expand(yaml, environment_, set, problems);
    if (problems.size() != before) return;
    comments_until(static_cast<std::size_t>(std::max(yaml.place.line, 1)));
    flush_comments();
    const std::vector<std::string> comments = comments_of(yaml);
    if (!comments.empty() || described_) paragraph();
    described_ = !comments.empty();
    for (const std::string& line : comments) done_.text += line + '\n';
    const auto rules = set.rules();
    const auto lines = auditctl_lines(yaml, rules, environment_);
    std::string twice;  // below the others: a comment above them would part them from their description
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (lines[i].empty()) {
        refuse(yaml);
        break;
      }
      const auto [first, added] = written_.try_emplace(rules::identity(rules[i].rule), yaml.place);
      if (!added) {
        base::Problem note{yaml.place, "the same rule stands at " + first->second.text() +
                                           "; it stays as a comment, since auditctl stops at the second one"};
        if (done_.notes.empty() || done_.notes.back().text() != note.text()) done_.notes.push_back(std::move(note));
        twice += "# " + lines[i] + '\n';
        continue;
      }
      if (lines[i].size() >= kAuditctlLine)
        done_.notes.push_back({yaml.place, "the line is longer than the 6144 bytes that auditctl reads"});
      done_.text += lines[i] + '\n';
      ++done_.rules;
    }
    done_.text += twice;
  }

  void refuse(const rules::YamlRule& yaml) {
    done_.errors.push_back({yaml.place,
                            "auditctl has no way to say this rule, for example because it takes a key only "
                            "with system calls, a path, or a program; it stays as a comment"});
    const auto first = static_cast<std::size_t>(std::max(yaml.place.line, 1));
    const auto indent = [](const std::string& line) { return line.find_first_not_of(" \t"); };
    for (std::size_t i = first; i <= source_.size(); ++i) {
      const std::string& line = source_[i - 1];
      if (i > first && (indent(line) == std::string::npos || indent(line) <= indent(source_[first - 1]))) break;
      done_.text += "#   " + line + '\n';
    }
  }

  const std::string& name_;
  const ExportOptions& options_;
  rules::Environment environment_;
  std::vector<std::string> restored_lines_;
  std::vector<std::string> source_;
  std::size_t next_line_ = 1;
  std::vector<std::string> comments_;
  bool described_ = false;
  std::unordered_map<std::string, Place> written_;  // by identity()
  Exported done_;
};

void add(std::string& out, const std::vector<std::string>& comments) {
  for (const std::string& line : comments) out += line + '\n';
}

}  // namespace

Exported export_yaml(const std::string& text, const std::string& name, const rules::Environment& machine,
                     const ExportOptions& options) {
  return Exporter(name, machine, options).run(text);
}

std::vector<std::string> setting_lines(const netlink::StatusChange& settings) {
  std::vector<std::string> lines;
  const auto add = [&lines](const char* option, const std::optional<std::uint32_t>& value) {
    if (value) lines.push_back(std::string(option) + ' ' + std::to_string(*value));
  };
  add("-b", settings.backlog_limit);
  add("--backlog_wait_time", settings.backlog_wait_time);
  add("-r", settings.rate_limit);
  add("-f", settings.failure);
  add("-e", settings.enabled);
  return lines;
}

Exported export_auditctl(std::string_view text, const std::string& name, const rules::Environment& machine) {
  const rules::Environment environment = any_accounts(machine);
  const RuleDocument document = read_rule_document(text);
  Exported done;
  for (const DocumentLine& line : document.lines) {
    add(done.text, line.apart);
    if (line.after_empty && !done.text.empty()) done.text += '\n';
    add(done.text, line.comments);
    const rules::Command command = rules::parse_auditctl(line.line.words, environment);
    if (const auto faults = rules::line_faults(line.line.words, command, environment); !faults.empty()) {
      for (const rules::LineFault& fault : faults)
        done.errors.push_back({{name, line.line.number, 1}, fault.message + "; the line stays as a comment"});
      done.text += "# " + line.text + '\n';
      continue;
    }
    std::string words;
    for (const std::string& word : line.line.words) (words += words.empty() ? "" : " ") += rules::escape_word(word);
    if (words.size() >= kAuditctlLine)
      done.notes.push_back({{name, line.line.number, 1}, "the line is longer than the 6144 bytes that auditctl reads"});
    done.text += words + '\n';
    done.rules +=
        static_cast<std::size_t>(std::count_if(command.steps.begin(), command.steps.end(), [](const rules::Step& s) {
          return std::holds_alternative<rules::step::AddRule>(s);
        }));
  }
  if (!document.rest.empty() && !done.text.empty()) done.text += '\n';
  add(done.text, document.rest);
  return done;
}

}  // namespace naudit::migrate
