// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/migrate/command.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/loader.hpp"
#include "ctl/console.hpp"
#include "ctl/migrate/unified_diff.hpp"
#include "ctl/rules/sources.hpp"
#include "migrate/sources/source.hpp"
#include "migrate/undo/changes.hpp"
#include "output/filter.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/advice/lint.hpp"
#include "rules/advice/report.hpp"
#include "rules/read.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;
using migrate::Draft;
using migrate::MigratedFolder;
using migrate::Source;

constexpr const char* kFolder = "/etc/naudit";
constexpr const char* kConfig = "nauditd.yaml";

struct Options {
  std::vector<std::string> from;
  std::string to = kFolder;
  bool dry_run = false, back = false, force = false, keep_rules = false;
};

struct Found {
  const Source* source;
  std::string path;
};

bool is_there(const fs::path& path) {
  std::error_code error;
  const bool there = fs::exists(path, error);
  if (error) throw base::Error({path, 0, 0}, "cannot be looked at: " + error.message());
  return there;
}

// Where the packages put what they have.
std::vector<Found> installed_below(const fs::path& root) {
  std::vector<Found> found;
  for (const Source& source : migrate::sources())
    if (is_there(root / source.place)) found.push_back({&source, root / source.place});
  return found;
}

std::vector<Found> find_sources(const std::vector<std::string>& from) {
  if (from.empty()) {
    std::vector<Found> found = installed_below("/");
    if (!found.empty()) return found;
    std::string places;
    for (const Source& source : migrate::sources()) places += " /" + std::string(source.place);
    throw base::Error("there is nothing to migrate: looked for" + places + "; --from names a file or folder");
  }
  std::vector<Found> found;
  for (const std::string& path : from) {
    if (!is_there(path)) throw base::Error({path, 0, 0}, "is not there");
    const auto known = std::ranges::find_if(migrate::sources(), [&](const Source& one) { return one.is(path); });
    if (known != migrate::sources().end()) {
      found.push_back({&*known, path});
      continue;
    }
    const std::vector<Found> below = installed_below(path);
    if (below.empty())
      throw base::Error(
          {path, 0, 0},
          "is of no program that is known: /etc/audit, auditd.conf, audisp-remote.conf, audisp-json.conf, "
          "laurel's *.toml, go-audit.yaml, auditbeat.yml, or a folder with an etc/ that has them. Rule files "
          "alone: nauditctl rules import");
    found.insert(found.end(), below.begin(), below.end());
  }
  std::ranges::stable_sort(found, {}, &Found::source);
  return found;
}

// What only output/ knows to be wrong: filters.
void check(const std::string& yaml, const std::string& name) {
  for (const config::Sink& sink : config::parse(yaml, name, output::kinds()).config.sinks) {
    if (const auto mistake = output::expression_mistake(sink.filter))
      throw base::Error({name, 0, 0}, "sink '" + sink.name + "', filter: " + mistake->message +
                                          ". This is a fault of nauditd, please report it");
    const output::Filter filter(sink.filter, sink.name);
  }
}

// A configuration that says what is so without it, as the shipped one does, is nobody's work.
bool is_untouched(const std::string& path, const std::string& text) {
  if (path != kConfig) return false;
  try {
    const std::string name = fs::path(kFolder) / kConfig;
    return config::parse(text, name, output::kinds()).config == config::parse("", name, output::kinds()).config;
  } catch (const base::Error&) {
    return false;
  }
}

// Rules of before stay in the folder and are loaded, too; and what the rules keep from each other.
void tell_rules(const fs::path& folder, const std::vector<MigratedFolder::Wanted>& wanted,
                const rules::Environment& machine) {
  if (std::error_code error; !fs::is_directory(folder, error)) return;
  std::vector<base::Problem> problems;
  const std::vector<std::string> paths{folder.string()};
  for (const std::string& file : rules::rule_files(paths, problems)) {
    const bool ours = std::ranges::any_of(wanted, [&](const MigratedFolder::Wanted& one) {
      return fs::path(one.path).filename() == fs::path(file).filename() && one.path != kConfig;
    });
    if (!ours) error(file + ": was there already and stays; its rules are loaded, too, in the order of the names");
  }
  const rules::RuleSet set = rules::read_rules(paths, machine, {false, true});
  std::vector<rules::Advice> losses = rules::lint(set.rules(), machine);
  std::erase_if(losses, [](const rules::Advice& advice) { return !rules::is_loss(advice); });
  std::string text = rules::advice_text(losses, {});
  if (text.ends_with('\n')) text.pop_back();
  if (!text.empty()) error(text);
}

// Whose service is switched off and on is for the administrator to say.
void print_next(const std::vector<Found>& found, const Options& options) {
  const std::string folder = options.to == kFolder ? "" : ' ' + (fs::path(options.to) / kConfig).string();
  out("Now look at it, and then switch over:\n");
  out("  nauditd --check" + (folder.empty() ? "" : " --config" + folder) + '\n');
  for (const Found& one : found)
    if (!one.source->service.empty()) out("  systemctl disable --now " + std::string(one.source->service) + '\n');
  out("  systemctl enable --now nauditd\n  nauditctl status\n");
  out("To take it back:\n  nauditctl migrate --back" + (options.to == kFolder ? "" : " --to " + options.to) + '\n');
}

int migrate(const Options& options) {
  const std::vector<Found> found = find_sources(options.from);
  const rules::Environment machine = rules::system_environment();
  std::vector<std::string> names;
  for (const Found& one : found)
    if (names.empty() || names.back() != one.source->name) names.emplace_back(one.source->name);
  Draft draft(output::kinds(), machine, names);
  if (options.keep_rules) draft.keep_rules();
  for (const Found& one : found) one.source->read(one.path, draft);
  Draft::Done done = draft.finish();
  check(done.yaml, fs::path(options.to) / kConfig);

  std::vector<MigratedFolder::Wanted> wanted{{kConfig, std::move(done.yaml)}};
  for (Draft::RuleFile& file : done.rules) wanted.push_back({"rules.d/" + file.name, std::move(file.yaml)});
  MigratedFolder folder(options.to);
  const std::vector<MigratedFolder::Change> changes = folder.changes(wanted);
  tell(done.notes);
  tell(done.errors);
  if (options.dry_run)
    for (const MigratedFolder::Change& change : changes)
      out(unified_diff(fs::path(options.to) / change.path, change.before, change.after));
  else
    folder.apply(changes, options.force, is_untouched);
  for (const std::string& path : folder.left_over(wanted))
    error(path + ": was written by an earlier migration and changed since; it stays");
  if (!options.dry_run) tell_rules(fs::path(options.to) / "rules.d", wanted, machine);
  error(base::count_text(done.rule_count, "rule") + ", " + base::count_text(done.notes.size(), "note") +
        (done.errors.empty() ? "" : ", " + base::count_text(done.errors.size(), "line") + " not taken over") + "; " +
        base::count_text(changes.size(), "file") + (options.dry_run ? " would change in " : " changed in ") +
        options.to);
  if (!options.dry_run) print_next(found, options);
  return done.errors.empty() ? 0 : 1;
}

int back(const Options& options) {
  MigratedFolder folder(options.to);
  tell(folder.back(options.force));
  error(options.to + " is as it was before the migration");
  return 0;
}

}  // namespace

void add_migrate_command(CLI::App& app, int& exit_code) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      app.add_subcommand("migrate", "Turn the configuration of auditd, laurel, go-audit and auditbeat into nauditd's");
  command
      ->add_option(
          "--from", options->from,
          "Files and folders to read, or a folder with an etc/ that has them; without it, what is installed here")
      ->type_name("PATH");
  command->add_option("--to", options->to, "The folder for nauditd.yaml and rules.d")
      ->type_name("DIR")
      ->capture_default_str();
  CLI::Option* const dry =
      command->add_flag("-n,--dry-run", options->dry_run, "Print what would change, as a diff, and change nothing");
  command->add_flag("--back", options->back, "Bring back what was there before the first migration")->excludes(dry);
  command->add_flag("--keep-rules", options->keep_rules,
                    "Leave auditd's rule files where they are: nauditd reads /etc/audit/rules.d, and so do scanners");
  command->add_flag("--force", options->force, "Also where files are there, or were changed since");
  command->footer(
      "What has no equivalent is told with file and line. No service is switched: the commands for it are printed.\n"
      "Exit codes: 0 done, 1 failed, or lines of rules were not taken over, 2 usage.");
  command->callback([options, &exit_code] { exit_code = options->back ? back(*options) : migrate(*options); });
}

}  // namespace naudit::ctl
