// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/directory.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "base/file.hpp"
#include "rules/auditctl/augenrules.hpp"
#include "rules/auditctl/version_order.hpp"

namespace naudit::migrate {
namespace {

namespace fs = std::filesystem;

// What is missing is left out; what cannot be looked at is not missing.
[[noreturn]] void fail(const fs::path& path, const std::error_code& error) {
  throw base::Error({path, 0, 0}, "cannot be read: " + error.message());
}

bool is_there(const fs::path& path) {
  std::error_code error;
  const bool there = fs::exists(path, error);
  if (error) fail(path, error);
  return there;
}

std::vector<std::string> files_in(const fs::path& folder, const std::string& suffix) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = fs::directory_iterator(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.ends_with(suffix) && !name.starts_with('.')) names.push_back(name);
  }
  if (error && error != std::errc::no_such_file_or_directory) fail(folder, error);
  std::sort(names.begin(), names.end(), rules::version_less);
  std::vector<std::string> paths;
  for (const std::string& name : names) paths.push_back(folder / name);
  return paths;
}

std::optional<AuditdConf> read(const fs::path& path) {
  if (!is_there(path)) return std::nullopt;
  return AuditdConf(base::read_file(path, false), path);
}

}  // namespace

bool is_auditd_directory(const std::string& path) {
  const fs::path folder(path);
  return is_there(folder / "auditd.conf") || is_there(folder / "rules.d" / ".") || is_there(folder / "plugins.d");
}

AuditdDirectory read_auditd_directory(const std::string& path) {
  const fs::path folder(path);
  // Until auditd 3 the plugins had a folder of their own.
  const fs::path older =
      fs::path(path.ends_with('/') ? path.substr(0, path.size() - 1) : path).parent_path() / "audisp";
  AuditdDirectory found;
  found.rules = files_in(folder / "rules.d", ".rules");
  const fs::path generated = folder / "audit.rules";
  if (found.rules.empty() && is_there(generated)) {
    found.rules.push_back(generated);
  } else if (is_there(generated)) {
    std::vector<std::string> texts;
    for (const std::string& file : found.rules) texts.push_back(base::read_file(file, false));
    const std::string text = base::read_file(generated, false);
    const auto body = [](const std::string& whole) { return whole.substr(std::min(whole.find('\n'), whole.size())); };
    if (body(text) != body(rules::merge_rule_files(texts, "")))
      found.notes.push_back({{generated, 0, 0}, "is not what rules.d gives; rules.d was taken, as augenrules would"});
  }
  if (is_there(folder / "audit-stop.rules")) {
    found.notes.push_back({{folder / "audit-stop.rules", 0, 0},
                           "was left alone: 'kernel: {on_stop: disable}' turns auditing off when nauditd stops"});
  }
  AuditdInstallation& all = found.installation;
  if (auto conf = read(folder / "auditd.conf")) all.daemon = std::move(*conf);
  for (const fs::path& place : {folder, older}) {
    for (const std::string& file : files_in(place / "plugins.d", ".conf")) all.plugins.push_back(*read(file));
    if (!all.remote) all.remote = read(place / "audisp-remote.conf");
    if (!all.json) all.json = read(place / "audisp-json.conf");
  }
  return found;
}

}  // namespace naudit::migrate
