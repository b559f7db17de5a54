// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/yaml.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>

#include "config/file.hpp"
#include "config/yaml.hpp"
#include "rules/yaml_rule.hpp"

namespace naudit::rules {
namespace {

namespace fs = std::filesystem;
using config::Place;
using config::Problem;
using config::Problems;

constexpr std::int64_t kMostNumber = 0xFFFFFFFF;

// One load of a YAML file with all that it includes.
class YamlLoader {
 public:
  YamlLoader(const Environment& environment, LoadOptions options, RuleSet& set, std::vector<Problem>& problems)
      : environment_(environment), options_(options), set_(set), all_(problems) {}

  void read_file(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    if (std::find(open_.begin(), open_.end(), real) != open_.end()) {
      throw config::Error(Place{path, 0, 0}, "the file includes itself");
    }
    open_.push_back(real);
    const std::string name = path;
    if (path.extension() == ".rules") {
      read_auditctl_rules(config::read_file(name, options_.check_permissions), name, environment_, options_.lenient,
                          set_, all_);
    } else {
      read_document(config::load_yaml(name, options_.check_permissions), name, path.parent_path());
    }
    open_.pop_back();
  }

  void read_document(const YAML::Node& document, const std::string& name, const std::optional<fs::path>& directory) {
    if (!document || document.IsNull()) return;
    Problems problems(name);
    config::read_map(document, "a rule file",
                     {{"rules", [&](const YAML::Node& node) { read_rules(node, problems); }},
                      {"control", [&](const YAML::Node& node) { read_control(node, problems); }},
                      {"include", [&](const YAML::Node& node) { include(node, directory, problems); }}},
                     problems);
    keep(problems);
  }

 private:
  void keep(Problems& problems) {
    std::vector<Problem> found = problems.take();
    if (!options_.lenient) {
      all_.insert(all_.end(), found.begin(), found.end());
      return;
    }
    for (Problem& problem : found) set_.note(std::move(problem.place), "left out: " + problem.message);
  }

  void read_rules(const YAML::Node& node, Problems& problems) {
    if (!node.IsSequence()) {
      if (!node.IsNull()) problems.add(node, "expected a list of rules, each beginning with '- '");
      return;
    }
    for (const auto& entry : node) {
      Problems own(problems.file());
      const YamlRule rule = read_yaml_rule(entry, own);
      if (own.empty()) expand(rule, environment_, set_, own);
      for (Problem& problem : own.take()) problems.add(std::move(problem.place), std::move(problem.message));
    }
  }

  static void read_number(const YAML::Node& node, std::optional<std::uint32_t>& out, Problems& problems) {
    std::int64_t number = -1;
    config::read_integer(node, 0, kMostNumber, number, problems);
    if (number >= 0) out = static_cast<std::uint32_t>(number);
  }

  void read_control(const YAML::Node& node, Problems& problems) {
    netlink::StatusChange& settings = set_.settings;
    const auto number = [&problems](std::optional<std::uint32_t>& out) {
      return [&out, &problems](const YAML::Node& value) { read_number(value, out, problems); };
    };
    config::read_map(node, "control",
                     {{"enabled",
                       [&](const YAML::Node& value) {
                         const int choice = config::read_choice(value, {"false", "true", "locked"}, problems);
                         if (choice >= 0) settings.enabled = static_cast<std::uint32_t>(choice);
                       }},
                      {"failure",
                       [&](const YAML::Node& value) {
                         const int choice = config::read_choice(value, {"silent", "printk"}, problems);
                         if (choice >= 0) settings.failure = static_cast<std::uint32_t>(choice);
                       }},
                      {"backlog_limit", number(settings.backlog_limit)},
                      {"backlog_wait_time", number(settings.backlog_wait_time)},
                      {"rate_limit", number(settings.rate_limit)},
                      {"loginuid_immutable",
                       [&](const YAML::Node& value) { config::read_bool(value, set_.loginuid_immutable, problems); }}},
                     problems);
  }

  void include(const YAML::Node& node, const std::optional<fs::path>& directory, Problems& problems) {
    std::vector<std::string> names;
    config::read_list(node, names, problems);
    for (const std::string& name : names) {
      if (!directory) {
        problems.add(node, "include works in files only");
        return;
      }
      std::vector<Problem> found;
      const std::string path = fs::path(name).is_absolute() ? name : (*directory / name).string();
      for (const std::string& file : rule_files(std::vector<std::string>{path}, found)) {
        try {
          read_file(file);
        } catch (const config::Error& error) {
          for (const Problem& problem : error.problems()) {
            problems.add(node, "cannot include: " + problem.text());
          }
        }
      }
      for (Problem& problem : found) problems.add(node, "cannot include: " + problem.text());
    }
  }

  const Environment& environment_;
  LoadOptions options_;
  RuleSet& set_;
  std::vector<Problem>& all_;
  std::vector<fs::path> open_;  // the chain of includes that leads here
};

}  // namespace

void read_yaml_rules(const std::string& path, const Environment& environment, LoadOptions options, RuleSet& set,
                     std::vector<Problem>& problems) {
  YamlLoader(environment, options, set, problems).read_file(path);
}

void read_yaml_text(const std::string& text, const std::string& name, const Environment& environment,
                    LoadOptions options, RuleSet& set, std::vector<Problem>& problems) {
  YamlLoader(environment, options, set, problems).read_document(config::parse_yaml(text, name), name, std::nullopt);
}

}  // namespace naudit::rules
