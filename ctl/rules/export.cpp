// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/rules/export.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/files.hpp"
#include "ctl/rules/sources.hpp"
#include "migrate/conf/export.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> paths;
  std::string output;
  bool force = false;
};

class Export {
 public:
  explicit Export(const Options& options) : options_(options), machine_(rules::system_environment()) {}

  int run() {
    std::vector<std::string> paths;
    for (const std::string& path : options_.paths)
      if (path != "-" && fs::exists(fs::path(path) / kConfiguration))
        whole(path);
      else
        paths.push_back(path);
    rule_files(paths, "", {});
    files_.write(options_.force);
    error(base::count_text(count_, "rule") +
          (options_.output.empty() ? "" : " in " + base::count_text(files_.size(), "file")) +
          (errors_ == 0 ? "" : ", " + std::to_string(errors_) + " that auditctl cannot be told"));
    return errors_ == 0 ? 0 : 1;
  }

 private:
  static constexpr const char* kConfiguration = "nauditd.yaml";

  // What the files of one installation have restored of nauditd.yaml's settings.
  struct Restored {
    netlink::StatusChange settings;
    bool deletes_all = false, loginuid_immutable = false;
  };

  Restored rule_files(const std::vector<std::string>& paths, const std::string& below,
                      const migrate::ExportOptions& how) {
    std::vector<base::Problem> problems;
    Restored restored;
    for (const std::string& path : rules::rule_files(paths, problems)) {
      const std::string text = read_input(path);
      const std::string name = input_name(path);
      const bool yaml = path == "-" || rules::is_yaml_file(path);
      const migrate::Exported done =
          yaml ? migrate::export_yaml(text, name, machine_, how) : migrate::export_auditctl(text, name, machine_);
      tell(done.notes);
      tell(done.errors);
      count_ += done.rules;
      errors_ += done.errors.size();
      restored.settings.take(done.restored);
      restored.deletes_all = restored.deletes_all || done.deletes_all;
      restored.loginuid_immutable =
          restored.loginuid_immutable || done.text.find("--loginuid-immutable\n") != std::string::npos;
      if (options_.output.empty())
        out(done.text);
      else
        files_.add(fs::path(options_.output) / below / fs::path(name).filename().replace_extension(".rules"),
                   done.text);
    }
    if (!problems.empty()) throw base::Error(std::move(problems));
    return restored;
  }

  // A whole /etc/naudit: auditd.conf, and rules.d beside it with the kernel's settings, which stand in nauditd.yaml.
  void whole(const std::string& path) {
    if (options_.output.empty())
      throw base::Error({path, 0, 0}, "is a whole installation: several files need a place, say --output DIRECTORY");
    const std::string file = fs::path(path) / kConfiguration;
    const migrate::ExportedConfig config = migrate::export_config(base::read_file(file, false), file, output::kinds());
    tell(config.notes);
    if (!config.auditd_conf.empty()) files_.add(fs::path(options_.output) / "auditd.conf", config.auditd_conf);
    std::vector<std::string> paths;
    for (const std::string& one : config.rule_files) paths.push_back(fs::path(path) / one);
    if (config.rule_files.empty()) paths.push_back(fs::path(path) / "rules.d");
    const Restored restored = rule_files(paths, "rules.d", {&config.settings});
    netlink::StatusChange rest = config.settings;
    for (const auto which :
         {&netlink::StatusChange::enabled, &netlink::StatusChange::failure, &netlink::StatusChange::rate_limit,
          &netlink::StatusChange::backlog_limit, &netlink::StatusChange::backlog_wait_time})
      if (restored.settings.*which) (rest.*which).reset();
    std::string text;
    if (!restored.deletes_all) text += "-D\n";
    for (const std::string& line : migrate::setting_lines(rest)) text += line + '\n';
    if (config.loginuid_immutable && !restored.loginuid_immutable) text += "--loginuid-immutable\n";
    if (text.empty()) return;
    files_.add(fs::path(options_.output) / "rules.d" / "00-nauditd.rules",
               "# What nauditd.yaml says of the kernel, and what augenrules needs first.\n" + text);
  }

  const Options& options_;
  rules::Environment machine_;
  OutputFiles files_;
  std::size_t count_ = 0, errors_ = 0;
};

}  // namespace

void add_export_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("export", "Write rule files as lines that auditctl reads");
  command
      ->add_option("path", options->paths,
                   "Rule files, directories of *.yaml and *.rules, a whole /etc/naudit, or - for YAML on stdin")
      ->required();
  command->add_option("-o,--output", options->output,
                      "A directory for NAME.rules of each file, or auditd.conf and rules.d; without it, stdout");
  command->add_flag("--force", options->force, "Overwrite files that are there");
  command->callback([options, &exit_code] { exit_code = Export(*options).run(); });
}

}  // namespace naudit::ctl
