// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/yaml/reader.hpp"

#include <glob.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <filesystem>

#include <yaml-cpp/yaml.h>

#include "base/file.hpp"
#include "config/yaml/document.hpp"
#include "rules/auditctl/version_order.hpp"
#include "rules/yaml/expand.hpp"

namespace naudit::rules {
namespace {

namespace fs = std::filesystem;
using base::Place;
using base::Problem;
using config::Problems;

constexpr std::int64_t kMostNumber = 0xFFFFFFFF;

constexpr const char* kWildcards = "*?[";

// The text as a pattern that matches itself only.
std::string escaped(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

// A name with wildcards stands for the files that match, maybe none; they are read in the order of directories. Throws
// base::Error for a directory that cannot be read, so that its rules are not left out in silence.
std::vector<std::string> matching_files(const fs::path& directory, const std::string& name) {
  const fs::path path = directory / name;  // an absolute name stays as it is
  if (name.find_first_of(kWildcards) == std::string::npos) return {path};
  const fs::path pattern = fs::path(escaped(directory)) / name;
  const auto abort_unless_absent = [](const char* /*path*/, int error) { return error == ENOENT ? 0 : 1; };
  glob_t found{};
  std::vector<std::string> files;
  const int result = glob(pattern.c_str(), 0, abort_unless_absent, &found);
  if (result == 0) files.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  globfree(&found);
  if (result == GLOB_ABORTED) throw base::Error(Place{path, 0, 0}, "a directory that it leads through cannot be read");
  if (result != 0 && result != GLOB_NOMATCH) throw base::Error(Place{path, 0, 0}, "not enough memory to match it");
  std::ranges::sort(files, version_less);
  return files;
}

// "-w /etc/passwd", "-a always,exit": to YAML it is one word.
bool is_auditctl_line(const YAML::Node& node) {
  if (!node.IsScalar()) return false;
  const std::string& text = node.Scalar();
  return text.size() > 1 && text[0] == '-' &&
         (std::isalpha(static_cast<unsigned char>(text[1])) != 0 || text[1] == '-');
}

// One load of a YAML file with all that it includes.
class YamlLoader {
 public:
  YamlLoader(const Environment& environment, ReadOptions options, RuleSet& set, std::vector<Problem>& problems)
      : environment_(environment), options_(options), set_(set), all_(problems) {}

  void read_file(const fs::path& path) {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    if (std::find(open_.begin(), open_.end(), real) != open_.end())
      throw base::Error(Place{path, 0, 0}, "the file includes itself");
    open_.push_back(real);
    const std::string name = path;
    if (path.extension() == ".rules") {
      read_auditctl_rules(base::read_file(name, options_.check_permissions), name, environment_, options_.lenient, set_,
                          all_);
    } else {
      read_document(config::load_yaml(name, options_.check_permissions), name, path.parent_path());
    }
    open_.pop_back();
  }

  void read_document(const YAML::Node& document, const std::string& name, const std::optional<fs::path>& directory) {
    if (!document || document.IsNull()) return;
    Problems problems(name);
    if (is_auditctl_line(document)) {
      problems.add(document,
                   "this is auditctl's syntax; give the file a name that ends in .rules, or turn it into YAML "
                   "with 'nauditctl rules import'");
      return keep(problems);
    }
    config::read_map(document, "a rule file",
                     {{"rules", [&](const YAML::Node& node) { read_rules(node, problems); }},
                      {"kernel", [&](const YAML::Node& node) { read_kernel(node, problems); }},
                      {"control",
                       [&](const YAML::Node& node) {
                         set_.note(problems.place(node),
                                   "'control:' is called 'kernel:' now, as in nauditd.yaml; the "
                                   "old word is accepted until 0.2");
                         read_kernel(node, problems);
                       }},
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
    for (Problem& problem : found) set_.leave_out(std::move(problem.place), problem.message);
  }

  void read_rules(const YAML::Node& node, Problems& problems) {
    if (!node.IsSequence()) {
      if (!node.IsNull()) problems.add(node, "expected a list of rules, each beginning with '- '");
      return;
    }
    for (const auto& entry : node) {
      Problems own(problems.file());
      if (is_auditctl_line(entry)) {
        problems.add(entry, "a line of auditctl is a rule by the key auditctl: \"auditctl: '" + entry.Scalar() + "'\"");
        continue;
      }
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

  void read_kernel(const YAML::Node& node, Problems& problems) {
    using netlink::StatusChange;
    using Setting = std::optional<std::uint32_t> StatusChange::*;
    const auto number = [this, &problems](Setting setting) {
      return [this, &problems, setting](const YAML::Node& value) {
        StatusChange change;
        read_number(value, change.*setting, problems);
        set_.set(change, problems.place(value));
      };
    };
    const auto choice = [this, &problems](Setting setting, std::initializer_list<std::string_view> words) {
      return [this, &problems, setting, words = std::vector<std::string_view>(words)](const YAML::Node& value) {
        const int chosen = config::read_choice(value, words, problems);
        StatusChange change;
        if (chosen >= 0) change.*setting = static_cast<std::uint32_t>(chosen);
        set_.set(change, problems.place(value));
      };
    };
    config::read_map(node, "kernel",
                     {{"enabled", choice(&StatusChange::enabled, {"false", "true", "locked"})},
                      {"failure", choice(&StatusChange::failure, {"silent", "printk"})},
                      {"backlog_limit", number(&StatusChange::backlog_limit)},
                      {"backlog_wait_time", number(&StatusChange::backlog_wait_time)},
                      {"rate_limit", number(&StatusChange::rate_limit)},
                      {"loginuid_immutable",
                       [&](const YAML::Node& value) { config::read_bool(value, set_.loginuid_immutable, problems); }}},
                     problems);
  }

  void include(const YAML::Node& node, const std::optional<fs::path>& directory, Problems& problems) {
    std::vector<std::string> names;
    config::read_list(node, names, problems);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const YAML::Node at = node.IsSequence() ? node[i] : node;
      if (!directory) {
        problems.add(at, "include works in files only");
        return;
      }
      try {
        include_files(matching_files(*directory, names[i]), at, problems);
      } catch (const base::Error& error) {
        for (const Problem& problem : error.problems()) problems.add(at, "cannot include: " + problem.text());
      }
    }
  }

  void include_files(const std::vector<std::string>& files, const YAML::Node& at, Problems& problems) {
    std::vector<Problem> found;
    for (const std::string& file : rule_files(files, found)) {
      try {
        read_file(file);
      } catch (const base::Error& error) {
        for (const Problem& problem : error.problems()) problems.add(at, "cannot include: " + problem.text());
      }
    }
    for (Problem& problem : found) problems.add(at, "cannot include: " + problem.text());
  }

  const Environment& environment_;
  ReadOptions options_;
  RuleSet& set_;
  std::vector<Problem>& all_;
  std::vector<fs::path> open_;  // the chain of includes that leads here
};

}  // namespace

void read_yaml_rules(const std::string& path, const Environment& environment, ReadOptions options, RuleSet& set,
                     std::vector<Problem>& problems) {
  YamlLoader(environment, options, set, problems).read_file(path);
}

void read_yaml_text(const std::string& text, const std::string& name, const Environment& environment,
                    ReadOptions options, RuleSet& set, std::vector<Problem>& problems) {
  YamlLoader(environment, options, set, problems).read_document(config::parse_yaml(text, name), name, std::nullopt);
}

}  // namespace naudit::rules
