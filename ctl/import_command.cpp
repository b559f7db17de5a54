// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/import_command.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>

#include "config/error.hpp"
#include "config/file.hpp"
#include "ctl/console.hpp"
#include "ctl/output_files.hpp"
#include "rules/import.hpp"
#include "rules/load.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> paths;
  std::string output;
  bool force = false;
};

std::string count(std::size_t number, const std::string& what) {
  return std::to_string(number) + ' ' + what + (number == 1 ? "" : "s");
}

class Import {
 public:
  explicit Import(const Options& options) : options_(options), machine_(rules::system_environment()) {}

  int run() {
    for (const std::string& path : options_.paths) {
      if (fs::is_directory(path)) {
        rule_directory(path);
      } else {
        rule_file(path, {});
      }
    }
    files_.write(options_.force);
    std::string summary = count(rules_, "rule") + " in " + std::to_string(entries_) +
                          (entries_ == 1 ? " entry of YAML" : " entries of YAML");
    if (files_.size() > 0) summary += ", " + count(files_.size(), "file") + " in " + options_.output;
    if (errors_ > 0) summary += ", " + count(errors_, "line") + " not taken over";
    error(summary);
    return errors_ == 0 ? 0 : 1;
  }

 private:
  void tell(const std::vector<config::Problem>& problems) {
    for (const config::Problem& problem : problems) error(problem.text());
  }

  void rule_directory(const std::string& path) {
    if (options_.output.empty()) {
      throw config::Error({path, 0, 0}, "is a directory: several files need a place, say --output DIRECTORY");
    }
    std::vector<config::Problem> problems;
    for (const std::string& file : rules::rule_files(std::vector<std::string>{path}, problems)) {
      if (file.ends_with(".rules")) rule_file(file, {});
    }
    if (!problems.empty()) throw config::Error(std::move(problems));
  }

  void rule_file(const std::string& path, const std::string& below) {
    const rules::Imported done = rules::import_rules(config::read_file(path, false), path, machine_);
    tell(done.notes);
    tell(done.errors);
    rules_ += done.rules;
    entries_ += done.entries;
    errors_ += done.errors.size();
    if (options_.output.empty()) {
      out(done.yaml);
    } else {
      files_.add(fs::path(options_.output) / below / fs::path(path).filename().replace_extension(".yaml"), done.yaml);
    }
  }

  const Options& options_;
  rules::Environment machine_;
  OutputFiles files_;
  std::size_t rules_ = 0, entries_ = 0, errors_ = 0;
};

}  // namespace

void add_import_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("import", "Turn rule files of auditctl into YAML with the same rules");
  command->add_option("path", options->paths, "Rule files, or directories of *.rules")->required();
  command->add_option("-o,--output", options->output,
                      "A directory for NAME.yaml of each file; without it, one file goes to stdout");
  command->add_flag("--force", options->force, "Overwrite files that are there");
  command->callback([options, &exit_code] { exit_code = Import(*options).run(); });
}

}  // namespace naudit::ctl
