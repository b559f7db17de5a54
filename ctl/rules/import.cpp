// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/import.hpp"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "ctl/console.hpp"
#include "ctl/rules/command.hpp"
#include "ctl/rules/files.hpp"
#include "ctl/rules/sources.hpp"
#include "migrate/conf/directory.hpp"
#include "migrate/rules/audit_go.hpp"
#include "migrate/rules/import.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/advice/lint.hpp"
#include "rules/advice/report.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> paths;
  std::string output;
  bool force = false;
};

class Import {
 public:
  explicit Import(const Options& options) : options_(options), machine_(rules::system_environment()) {}

  int run() {
    for (const std::string& path : options_.paths)
      if (fs::is_directory(path))
        directory(path);
      else if (!part_of_installation(path))
        rule_file(path, {});
    if (configured_) configuration(installation_);
    files_.write(options_.force);
    if (rule_files_ > 0) summarise();
    if (!written_rules_.empty()) tell_losses();
    return errors_ == 0 ? 0 : 1;
  }

 private:
  void summarise() const {
    std::string summary = base::count_text(rules_, "rule") + " in " + std::to_string(entries_) +
                          (entries_ == 1 ? " entry of YAML" : " entries of YAML");
    if (files_.size() > 0) summary += ", " + base::count_text(files_.size(), "file") + " in " + options_.output;
    if (errors_ > 0) summary += ", " + base::count_text(errors_, "line") + " not taken over";
    error(summary);
    if (slow_ > 0) {
      error(base::count_text(slow_, "rule") + (slow_ == 1 ? " is" : " are") +
            " looked at in every system call, as auditctl's -w is (arch: any); without that line YAML loads the fast "
            "form");
    }
  }

  // What the rules that are loaded now keep from each other: those that were there before count, too.
  void tell_losses() const {
    rules::RuleSet set;
    try {
      set = rules::read_rules(written_rules_, machine_, {false, true});
    } catch (const base::Error&) {
      return;  // told by the check, with its place
    }
    std::vector<rules::Advice> losses = rules::lint(set.rules(), machine_);
    std::erase_if(losses, [](const rules::Advice& advice) { return !rules::is_loss(advice); });
    std::string text = rules::advice_text(losses, {});
    if (text.ends_with('\n')) text.pop_back();
    if (!text.empty()) error(text);
  }

  // Rule files that an import finds in its place are loaded beside its own.
  void tell_others(const fs::path& folder) const {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return;
    std::vector<base::Problem> problems;
    for (const std::string& file : rules::rule_files(std::vector<std::string>{folder.string()}, problems))
      if (!files_.has(file))
        error(file + ": was there already and stays; its rules are loaded, too, in the order of the names");
  }

  // One file can go to stdout; two would be one broken one.
  void print(const std::string& yaml) {
    if (printed_) throw base::Error("several files need a place, say --output DIRECTORY");
    printed_ = true;
    out(yaml);
  }

  // auditd.conf and the files of plugins, each by its name.
  bool part_of_installation(const std::string& path) {
    const fs::path file(path);
    const auto read = [&path] { return migrate::AuditdConf(read_input(path), path); };
    if (file.filename() == "auditd.conf") {
      installation_.daemon = read();
    } else if (file.parent_path().filename() == "plugins.d") {
      installation_.plugins.push_back(read());
    } else if (file.filename() == "audisp-remote.conf") {
      installation_.remote = read();
      installation_.plugins.emplace_back("active = yes\npath = audisp-remote\n", path);
    } else if (file.filename() == "audisp-json.conf") {
      installation_.json = read();
      installation_.plugins.emplace_back("active = yes\npath = audisp-json\n", path);
    } else {
      return false;
    }
    configured_ = true;
    return true;
  }

  void directory(const std::string& path) {
    if (options_.output.empty())
      throw base::Error({path, 0, 0}, "is a directory: several files need a place, say --output DIRECTORY");
    if (migrate::is_auditd_directory(path)) return whole(path);
    std::vector<base::Problem> problems;
    for (const std::string& file : rules::rule_files(std::vector<std::string>{path}, problems))
      if (rules::is_yaml_file(file))
        error(file + ": is YAML already and was left alone");
      else
        rule_file(file, {});
    if (!problems.empty()) throw base::Error(std::move(problems));
  }

  // A whole /etc/audit: nauditd.yaml, and the rules in rules.d beside it.
  void whole(const std::string& path) {
    migrate::AuditdDirectory source = migrate::read_auditd_directory(path);
    tell(source.notes);
    migrate::AuditdInstallation::Kernel& kernel = source.installation.kernel;
    netlink::StatusChange settings;
    for (const std::string& file : source.rules) {
      const migrate::Imported done = rule_file(file, "rules.d", {true});
      settings.take(done.settings);
      kernel.loginuid_immutable = kernel.loginuid_immutable || done.loginuid_immutable;
    }
    kernel.enabled = settings.enabled;
    kernel.failure = settings.failure;
    kernel.backlog_limit = settings.backlog_limit;
    kernel.rate_limit = settings.rate_limit;
    if (settings.backlog_wait_time) kernel.backlog_wait_time = netlink::from_jiffies(*settings.backlog_wait_time);
    configuration(source.installation);
    const fs::path folder = fs::path(options_.output) / "rules.d";
    files_.add_directory(folder);
    tell_others(folder);
    written_rules_ = {folder.string()};
  }

  void configuration(const migrate::AuditdInstallation& installation) {
    migrate::ImportedConfig done = migrate::import_auditd(installation, output::kinds());
    tell(done.notes);
    if (options_.output.empty())
      print(done.yaml);
    else
      files_.add(fs::path(options_.output) / "nauditd.yaml", std::move(done.yaml));
  }

  migrate::Imported rule_file(const std::string& path, const std::string& below, migrate::ImportOptions how = {}) {
    if (rules::is_yaml_file(path))
      throw base::Error({path, 0, 0}, "is YAML already; 'rules export' makes lines of auditctl of it");
    migrate::Imported done = import(read_input(path), input_name(path), how);
    tell(done.notes);
    tell(done.errors);
    ++rule_files_;
    rules_ += done.rules;
    entries_ += done.entries;
    slow_ += done.slow;
    errors_ += done.errors.size();
    if (options_.output.empty()) {
      print(done.yaml);
    } else {
      files_.add(fs::path(options_.output) / below / fs::path(input_name(path)).filename().replace_extension(".yaml"),
                 done.yaml);
    }
    return done;
  }

  // auditctl's lines, or audit-go's JSON.
  migrate::Imported import(const std::string& text, const std::string& name, migrate::ImportOptions how) {
    if (!migrate::is_audit_go(text)) return migrate::import_rules(text, name, machine_, how);
    const migrate::AuditGoRules json = migrate::read_audit_go(text, name);
    tell(json.notes);
    migrate::Imported done = migrate::import_rules(json.lines, name, machine_, how);
    for (auto* problems : {&done.notes, &done.errors})
      for (base::Problem& problem : *problems) problem = json.moved(problem);
    return done;
  }

  const Options& options_;
  rules::Environment machine_;
  OutputFiles files_;
  migrate::AuditdInstallation installation_;  // of files that were named one by one
  bool configured_ = false;
  bool printed_ = false;
  std::vector<std::string> written_rules_;  // of a whole installation: where its rules are
  std::size_t rule_files_ = 0, rules_ = 0, entries_ = 0, slow_ = 0, errors_ = 0;
};

}  // namespace

void add_import_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("import", "Turn auditd's rules, or all of /etc/audit, into YAML with the same meaning");
  command
      ->add_option(
          "path", options->paths,
          "Rule files (auditctl's, or audit-go's JSON), auditd.conf, a directory of *.rules, a whole /etc/audit, or - "
          "for stdin")
      ->required();
  command->add_option(
      "-o,--output", options->output,
      "A directory for NAME.yaml of each file, or nauditd.yaml and rules.d; without it, one file goes to stdout");
  command->add_flag("--force", options->force, "Overwrite files that are there");
  command->callback([options, &exit_code] { exit_code = Import(*options).run(); });
}

}  // namespace naudit::ctl
