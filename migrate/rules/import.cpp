// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/import.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include "config/yaml/scalar.hpp"
#include "migrate/rules/auditctl_to_yaml.hpp"
#include "migrate/rules/comments.hpp"
#include "migrate/rules/rule_words.hpp"
#include "migrate/rules/yaml_document.hpp"
#include "migrate/rules/yaml_text.hpp"
#include "rules/auditctl/line_faults.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/auditctl/syntax.hpp"
#include "rules/yaml/reader.hpp"

namespace naudit::migrate {
namespace {

using base::Place;

std::string line(const rules::WantedRule& wanted) {
  return rules::rule_line(wanted.rule, tables::native_arch());
}

std::string same(const rules::WantedRule& left, const rules::WantedRule& right) {
  return left.older_masks == right.older_masks ? "" : "another form by an older auditctl: " + line(left);
}

// Throws base::Error unless the YAML text gives the rules that auditctl's text gives, as difference() sees it, those
// of the lines `but` left out.
void check_import(std::string_view auditctl, const std::set<int>& but, const std::string& yaml, const std::string& name,
                  const rules::Environment& environment) {
  rules::RuleSet theirs, ours;
  std::vector<base::Problem> ignored, problems;
  rules::read_auditctl_rules(auditctl, name, environment, true, theirs, ignored);
  rules::read_yaml_text(yaml, name, environment, {}, ours, problems);
  std::vector<rules::WantedRule> wanted = theirs.rules();
  std::erase_if(wanted, [&but](const rules::WantedRule& rule) { return but.contains(rule.place.line); });
  const std::string what = problems.empty() ? difference(wanted, ours.rules()) : problems[0].text();
  if (what.empty()) return;
  throw base::Error({name, 0, 0}, "was not turned into YAML: the result would not be the same (" + what +
                                      "). This is a fault of nauditd, please report it; the file works as it is");
}

std::string without_slashes(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

class Importer {
 public:
  Importer(const std::string& name, const rules::Environment& machine, ImportOptions options)
      : name_(name), options_(options), environment_(any_accounts(machine)) {}

  Imported run(std::string_view text) {
    RuleDocument source = read_rule_document(text);
    tell_watches_apart(source);
    if (!source.lines.empty()) out_.header = std::exchange(source.lines[0].apart, {});
    for (DocumentLine& line : source.lines) take(line);
    out_.rest = std::move(source.rest);
    for (const YamlEntry& entry : out_.entries) {
      done_.rules += entry.rules.size();
      const bool any = entry.yaml.arches.size() == 1 && entry.yaml.arches[0].text == "any";
      if (any && entry.yaml.syscalls.empty()) done_.slow += entry.rules.size();
    }
    merge_entries(out_.entries);
    for (const YamlEntry& entry : out_.entries) done_.entries += entry.comment_only ? 0 : 1;
    done_.yaml = document_text(out_);
    check_import(text, refused_, done_.yaml, name_, environment_);
    return std::move(done_);
  }

 private:
  // Whether a watch is the same rule as one with `path` or with `dir` depends on the machine. Here it is neither: it
  // becomes the other of the two; where both stand, seen_name() tells.
  void tell_watches_apart(const RuleDocument& source) {
    std::map<std::string, bool> directories;
    for (const DocumentLine& line : source.lines) {
      const RuleWords words = read_rule_words(line.line.words);
      if (words.watch) continue;
      for (const RuleWords::Condition& condition : words.conditions) {
        if (condition.compares || (condition.id != rules::FieldId::kPath && condition.id != rules::FieldId::kDir))
          continue;
        directories[without_slashes(condition.value)] = condition.id == rules::FieldId::kPath;
      }
    }
    environment_.is_directory = [directories = std::move(directories),
                                 other = environment_.is_directory](const std::string& path) {
      const auto found = directories.find(without_slashes(path));
      return found == directories.end() ? other(path) : found->second;
    };
  }

  static std::string seen_name(const rules::Rule& rule, const RuleWords& words) {
    return (words.watch ? 'w' : 'a') + rules::identity(rule);
  }

  Place place(const DocumentLine& line) const { return {name_, line.line.number, 1}; }

  Place place(const DocumentLine& line, const rules::LineFault& fault) const {
    Place at = place(line);
    if (fault.word < line.line.columns.size()) at.column = line.line.columns[fault.word] + static_cast<int>(fault.at);
    return at;
  }

  void note(const DocumentLine& line, std::string text) { done_.notes.push_back({place(line), std::move(text)}); }

  // The comments above the line, and those that an empty line parts from it.
  static std::vector<std::string> all_comments(DocumentLine& line) {
    std::vector<std::string> all = std::move(line.apart);
    if (!all.empty() && !line.comments.empty()) all.emplace_back();
    all.insert(all.end(), line.comments.begin(), line.comments.end());
    return all;
  }

  void leave_comment(DocumentLine& line, const std::string& why) {
    YamlEntry entry;
    entry.comments = all_comments(line);
    line.comments.clear();  // of several things in one line the first has them
    constexpr std::size_t kShort = 40;
    if (line.text.size() < kShort) {
      entry.comments.push_back("# " + line.text + "    (" + why + ')');
    } else {
      entry.comments.push_back("# (" + why + ')');
      entry.comments.push_back("# " + line.text);
    }
    entry.comment_only = true;
    entry.after_empty = line.after_empty;
    out_.entries.push_back(std::move(entry));
  }

  void left_out(DocumentLine& line, const std::string& why) {
    note(line, why + "; it stays as a comment");
    leave_comment(line, "not taken over: " + why);
  }

  void take(DocumentLine& line) {
    rules::Command command = rules::parse_auditctl(line.line.words, environment_);
    std::vector<rules::LineFault> faults = rules::line_faults(line.line.words, command, environment_);
    if (!faults.empty()) {
      const std::string who = command.failed ? "auditctl" : "the kernel";
      for (const rules::LineFault& fault : faults)
        done_.errors.push_back({place(line, fault), fault.message + "; the line stays as a comment"});
      return leave_comment(line, "not taken over: " + who + " refuses it: " + faults[0].message);
    }
    for (rules::LineFault& doubt : rules::line_doubts(line.line.words))
      done_.notes.push_back({place(line, doubt), std::move(doubt.message)});
    const auto* warning = command.steps.empty() ? nullptr : std::get_if<rules::step::Warn>(&command.steps[0]);
    if (warning != nullptr && command.steps.size() == 1) return left_out(line, warning->text);
    for (rules::Step& step : command.steps) std::visit([this, &line](auto& what) { this->take(what, line); }, step);
  }

  void take(rules::step::AddRule& step, DocumentLine& line) {
    const RuleWords words = read_rule_words(line.line.words);
    const auto [first, added] =
        seen_.try_emplace(seen_name(step.rule.rule, words), Seen{line.line.number, out_.entries.size()});
    if (!added) return left_out(line, "the same rule stands in line " + std::to_string(first->second.line));
    if (!config::fits_yaml(line.text)) return refuse_bytes(line);
    YamlEntry entry;
    entry.yaml = yaml_form(step.rule, words, line.text, environment_);
    entry.rules = {step.rule.rule};
    entry.comments = std::move(line.apart);
    entry.after_empty = line.after_empty;
    const bool alone = line.comments.empty();
    take_comments(std::move(line.comments), entry);
    if (alone && !line.after_empty && !out_.entries.empty()) share_tags(out_.entries.back().yaml, entry.yaml);
    if (entry.yaml.auditctl) note(line, "this rule has no other form in YAML; it stays as auditctl's line");
    out_.entries.push_back(std::move(entry));
  }

  void refuse_bytes(DocumentLine& line) {
    refused_.insert(line.line.number);
    done_.errors.push_back({place(line), "the line has bytes that YAML cannot hold; it stays as a comment"});
    leave_comment(line, "not taken over: it has bytes that YAML cannot hold");
  }

  void take(rules::step::DeleteRule& step, DocumentLine& line) {
    const auto seen = seen_.find(seen_name(step.rule.rule, read_rule_words(line.line.words)));
    if (seen == seen_.end()) return left_out(line, "there is no such rule to delete above this line");
    YamlEntry* const found = &out_.entries[seen->second.entry];
    seen_.erase(seen);
    if (found->rules.empty()) return left_out(line, "there is no such rule to delete above this line");
    found->comment_only = true;
    found->rules.clear();
    found->comments.push_back("# Taken back by line " + std::to_string(line.line.number) + ':');
    const std::string text = yaml_text(found->yaml);
    for (std::string_view rest = text; !rest.empty();) {
      const std::string_view one = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
      found->comments.push_back("# " + std::string(one));
    }
    left_out(line, "this line takes back a rule from above it");
  }

  void take(rules::step::SetStatus& step, DocumentLine& line) {
    netlink::StatusChange& apart = done_.settings;
    const netlink::StatusChange& change = step.change;
    if (change.enabled == 2U)
      setting(line, "enabled", "locked");
    else if (change.enabled)
      setting(line, "enabled", *change.enabled == 1 ? "true" : "false", apart.enabled, *change.enabled);
    if (change.failure == 2U)
      left_out(line, "failure mode 2 makes the machine panic when a record is lost; nauditd does not set it");
    else if (change.failure)
      setting(line, "failure", *change.failure == 1 ? "printk" : "silent", apart.failure, *change.failure);
    const auto number = [&](const char* key, const std::optional<std::uint32_t>& value,
                            std::optional<std::uint32_t>& to) {
      if (value) setting(line, key, std::to_string(*value), to, *value);
    };
    number("backlog_limit", change.backlog_limit, apart.backlog_limit);
    number("backlog_wait_time", change.backlog_wait_time, apart.backlog_wait_time);
    number("rate_limit", change.rate_limit, apart.rate_limit);
  }

  void take(rules::step::LoginuidImmutable& /*step*/, DocumentLine& line) {
    if (!options_.settings_apart) return setting(line, "loginuid_immutable", "true");
    done_.loginuid_immutable = true;
    leave_comment(line, "now kernel.loginuid_immutable in nauditd.yaml");
  }

  void setting(DocumentLine& line, const std::string& key, const std::string& value,
               std::optional<std::uint32_t>& apart, std::uint32_t number) {
    if (!options_.settings_apart) return setting(line, key, value);
    apart = number;
    leave_comment(line, "now kernel." + key + " in nauditd.yaml");
  }

  // The last one counts.
  void setting(DocumentLine& line, const std::string& key, const std::string& value) {
    YamlSetting setting{all_comments(line), key, value};
    line.comments.clear();  // of several settings in one line the first has them
    const auto before = std::find_if(out_.kernel.begin(), out_.kernel.end(),
                                     [&key](const YamlSetting& other) { return other.key == key; });
    if (before != out_.kernel.end()) {
      note(line, key + " was " + before->value + " in a line above; the last one counts");
      before->comments.insert(before->comments.end(), setting.comments.begin(), setting.comments.end());
      before->comments.push_back("# It was " + before->value + " in a line before.");
      setting.comments = std::move(before->comments);
      out_.kernel.erase(before);
    }
    out_.kernel.push_back(std::move(setting));
  }

  void take(rules::step::DeleteAll& step, DocumentLine& line) {
    if (!step.key.empty()) return left_out(line, "rules are not deleted by key: a file says which are wanted");
    leave_comment(line, "needless: nauditd deletes its own old rules, and rules.exclusive those of others");
  }
  void take(rules::step::IgnoreErrors& /*step*/, DocumentLine& line) {
    left_out(line, "errors are not ignored by a line in a file, but by 'nauditctl rules apply --lenient'");
  }
  // Advice on how to write a rule; `nauditctl rules check` gives it too.
  void take(rules::step::Warn& /*step*/, DocumentLine& /*line*/) {}
  void take(rules::step::ShowStatus& step, DocumentLine& line) {
    if (step.features) left_out(line, "-s is not part of a rule set");
  }
  template <typename Other>
  void take(Other& /*step*/, DocumentLine& line) {
    left_out(line, line.line.words.at(0) + " is not part of a rule set");
  }

  const std::string& name_;
  ImportOptions options_;
  rules::Environment environment_;
  YamlDocument out_;
  Imported done_;
  struct Seen {
    int line;
    std::size_t entry;
  };
  std::unordered_map<std::string, Seen> seen_;
  std::set<int> refused_;  // lines with rules that are not taken over
};

}  // namespace

std::string difference(std::span<const rules::WantedRule> left, std::span<const rules::WantedRule> right) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < right.size(); ++i) places.emplace(rules::identity(right[i].rule), i);
  std::vector<std::size_t> order;  // where each rule of the left stands on the right
  for (const rules::WantedRule& wanted : left) {
    const auto found = places.find(rules::identity(wanted.rule));
    if (found == places.end()) return "missing: " + line(wanted);
    if (std::string other = same(wanted, right[found->second]); !other.empty()) return other;
    order.push_back(found->second);
  }
  if (right.size() != left.size())
    return "there are " + std::to_string(right.size()) + " rules, not " + std::to_string(left.size());
  std::size_t highest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    // Only one that comes before an earlier one of the left has been moved past something.
    if (order[i] >= highest) {
      highest = order[i];
      continue;
    }
    for (std::size_t j = 0; j < i; ++j)
      if (order[j] > order[i] && !order_is_free(left[j].rule, left[i].rule))
        return "now before '" + line(left[j]) + "': " + line(left[i]);
  }
  return {};
}

rules::Environment any_accounts(const rules::Environment& machine) {
  rules::Environment environment;
  environment.native = machine.native;
  environment.perm_style = machine.perm_style;
  // Never -1, and not the same for names that differ.
  environment.user = [](const std::string& name) -> std::optional<std::uint32_t> {
    if (name == "root") return 0;
    return static_cast<std::uint32_t>(std::hash<std::string>()(name) & 0x3FFFFFFF) | 0x40000000U;
  };
  environment.group = environment.user;
  environment.is_directory = [](const std::string& path) {
    return (std::hash<std::string>()(without_slashes(path)) & 1U) != 0;
  };
  return environment;
}

Imported import_rules(std::string_view text, const std::string& name, const rules::Environment& machine,
                      ImportOptions options) {
  return Importer(name, machine, options).run(text);
}

}  // namespace naudit::migrate
