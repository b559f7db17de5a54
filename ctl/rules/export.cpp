// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/export.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/files.hpp"
#include "ctl/rules/sources.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> paths;
  std::string output;
  bool force = false;
};

int run(const Options& options) {
  const rules::Environment machine = rules::system_environment();
  std::vector<base::Problem> problems;
  OutputFiles files;
  std::size_t count = 0, errors = 0;
  for (const std::string& path : rules::rule_files(options.paths, problems)) {
    const std::string text = read_input(path);
    const std::string name = input_name(path);
    const bool yaml = path == "-" || rules::is_yaml_file(path);
    const migrate::Exported done =
        yaml ? migrate::export_yaml(text, name, machine) : migrate::export_auditctl(text, name, machine);
    tell(done.notes);
    tell(done.errors);
    count += done.rules;
    errors += done.errors.size();
    if (options.output.empty())
      out(done.text);
    else
      files.add(fs::path(options.output) / fs::path(name).filename().replace_extension(".rules"), done.text);
  }
  if (!problems.empty()) throw base::Error(std::move(problems));
  files.write(options.force);
  error(std::to_string(count) + (count == 1 ? " rule" : " rules") +
        (options.output.empty() ? "" : " in " + std::to_string(files.size()) + " files") +
        (errors == 0 ? "" : ", " + std::to_string(errors) + " that auditctl cannot be told"));
  return errors == 0 ? 0 : 1;
}

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("export", "Write rule files as lines that auditctl reads");
  command->add_option("path", options->paths, "Rule files, directories of *.yaml and *.rules, or - for YAML on stdin")
      ->required();
  command->add_option("-o,--output", options->output, "A directory for NAME.rules of each file; without it, stdout");
  command->add_flag("--force", options->force, "Overwrite files that are there");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace naudit::ctl
