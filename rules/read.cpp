// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/read.hpp"

#include <algorithm>
#include <filesystem>

#include "base/file.hpp"
#include "base/trusted_path.hpp"
#include "rules/auditctl/file.hpp"
#include "rules/auditctl/line_faults.hpp"
#include "rules/auditctl/syntax.hpp"
#include "rules/auditctl/version_order.hpp"
#include "rules/rule/builder.hpp"
#include "rules/yaml/reader.hpp"

namespace naudit::rules {
namespace {

namespace fs = std::filesystem;
using base::Place;
using base::Problem;

// One file in auditctl's syntax.
class AuditctlFile {
 public:
  AuditctlFile(const std::string& name, RuleSet& set) : name_(name), set_(set) {}

  void take(const RuleLine& line, Command& command) {
    place_ = {name_, line.number, 1};
    for (Step& step : command.steps) std::visit([this, &line](auto& what) { this->take(what, line); }, step);
  }

  [[nodiscard]] bool lenient() const noexcept { return lenient_; }
  // `-i`: the author of the file wants to hear nothing of what is wrong.
  [[nodiscard]] bool is_silent() const noexcept { return silent_; }

 private:
  void left_out(const char* what) {
    set_.note(place_, std::string(what) + " is not part of a rule set and is left out");
  }

  void take(step::AddRule& step, const RuleLine& line) {
    step.rule.place = place_;
    step.rule.description = line.comment;
    set_.add(std::move(step.rule));
  }
  void take(step::DeleteRule& step, const RuleLine& /*line*/) {
    if (!set_.remove(step.rule.rule)) set_.note(place_, "there is no such rule to delete above this line");
  }
  void take(step::SetStatus& step, const RuleLine& /*line*/) {
    netlink::StatusChange change = step.change;
    if (change.failure == 2U) {
      set_.note(place_, "failure mode 2 makes the machine panic when a record is lost; nauditd does not set it");
      change.failure.reset();
    }
    set_.set(change, place_);
  }
  void take(step::LoginuidImmutable& /*step*/, const RuleLine& /*line*/) { set_.loginuid_immutable = true; }
  void take(step::IgnoreErrors& step, const RuleLine& /*line*/) {
    lenient_ = true;
    silent_ = !step.report;
  }
  void take(step::Warn& step, const RuleLine& /*line*/) {
    if (!is_told_by_advice(step.text)) set_.note(place_, step.text);
  }
  void take(step::DeleteAll& step, const RuleLine& /*line*/) {
    if (!step.key.empty()) left_out("-D with a key");
  }
  void take(step::ShowStatus& step, const RuleLine& /*line*/) {
    if (step.features) left_out("-s");
  }
  void take(step::ListRules& /*step*/, const RuleLine& /*line*/) { left_out("-l"); }
  void take(step::Usage& /*step*/, const RuleLine& /*line*/) {}
  void take(step::Version& /*step*/, const RuleLine& /*line*/) { left_out("-v"); }
  void take(step::ResetLost& /*step*/, const RuleLine& /*line*/) { left_out("--reset-lost"); }
  void take(step::ResetWaitTime& /*step*/, const RuleLine& /*line*/) { left_out("--reset_backlog_wait_time_actual"); }
  void take(step::Trim& /*step*/, const RuleLine& /*line*/) { left_out("-t"); }
  void take(step::MakeEquivalent& /*step*/, const RuleLine& /*line*/) { left_out("-q"); }
  void take(step::UserMessage& /*step*/, const RuleLine& /*line*/) { left_out("-m"); }
  void take(step::SignalDaemon& /*step*/, const RuleLine& /*line*/) { left_out("--signal"); }

  const std::string& name_;
  RuleSet& set_;
  Place place_;
  bool lenient_ = false;
  bool silent_ = false;
};

Place place_of(const std::string& name, const RuleLine& line, const LineFault& fault) {
  Place place{name, line.number, 1};
  if (fault.word < line.columns.size()) place.column = line.columns[fault.word] + static_cast<int>(fault.at);
  return place;
}

}  // namespace

void read_auditctl_rules(std::string_view text, const std::string& name, const Environment& environment, bool lenient,
                         RuleSet& set, std::vector<Problem>& problems) {
  AuditctlFile file(name, set);
  for (const RuleLine& line : read_rule_lines(text)) {
    Command command = parse_auditctl(line.words, environment);
    std::vector<LineFault> faults = line_faults(line.words, command, environment);
    // What the kernel would refuse is not wanted; of a line that fails, auditctl has done what came before.
    if (!faults.empty())
      std::erase_if(command.steps, [](const Step& s) { return std::holds_alternative<step::AddRule>(s); });
    file.take(line, command);
    for (LineFault& fault : faults) {
      Place place = place_of(name, line, fault);
      if (file.is_silent())
        set.note(std::move(place), "left out: " + fault.message);
      else if (lenient || file.lenient())
        set.leave_out(std::move(place), fault.message);
      else
        problems.push_back({std::move(place), std::move(fault.message)});
    }
    if (!faults.empty()) continue;
    for (LineFault& doubt : line_doubts(line.words)) set.note(place_of(name, line, doubt), std::move(doubt.message));
  }
}

bool is_yaml_file(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

std::vector<std::string> rule_files(std::span<const std::string> paths, std::vector<Problem>& problems) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    for (auto entry = fs::directory_iterator(path, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      const fs::path& file = entry->path();
      const bool hidden = file.filename().native().starts_with('.');
      if (!hidden && (is_yaml_file(file.native()) || file.extension() == ".rules")) found.push_back(file.filename());
    }
    if (error) problems.push_back({{path, 0, 0}, "the directory cannot be read: " + error.message()});
    std::sort(found.begin(), found.end(), version_less);
    for (const std::string& name : found) files.push_back(fs::path(path) / name);
  }
  return files;
}

RuleSet read_rules(std::span<const std::string> paths, const Environment& environment, ReadOptions options) {
  options.lenient |= options.partial;
  RuleSet set;
  std::vector<Problem> problems;
  // Once for a folder, and not for each file in it.
  std::vector<std::string> safe;
  for (const std::string& path : paths) {
    std::error_code ignored;
    const bool is_checked = options.check_permissions && fs::is_directory(path, ignored);
    if (const auto found = is_checked ? base::find_untrusted(path, base::PathPart::kWhole) : std::nullopt)
      problems.push_back({{path, 0, 0}, "is not safe: " + found->text()});
    else
      safe.push_back(path);
  }
  for (const std::string& file : rule_files(safe, problems)) {
    try {
      if (is_yaml_file(file)) {
        read_yaml_rules(file, environment, options, set, problems);
      } else {
        read_auditctl_rules(base::read_file(file, options.check_permissions), file, environment, options.lenient, set,
                            problems);
      }
    } catch (const base::Error& error) {
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  }
  if (!options.partial && !problems.empty()) throw base::Error(std::move(problems));
  for (base::Problem& problem : problems) set.leave_out(std::move(problem.place), problem.message);
  return set;
}

}  // namespace naudit::rules
