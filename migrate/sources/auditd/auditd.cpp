// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/sources/auditd/auditd.hpp"

#include <algorithm>
#include <filesystem>

#include "base/file.hpp"
#include "config/yaml/scalar.hpp"
#include "migrate/conf/directory.hpp"
#include "migrate/conf/export.hpp"

namespace naudit::migrate {
namespace {

namespace fs = std::filesystem;

bool is_plugin_conf(const fs::path& name) {
  return name == "audisp-remote.conf" || name == "audisp-json.conf";
}

// What augenrules takes: rules.d, else the file that it makes.
void keep_rules(const std::string& path, const std::vector<std::string>& files, Draft& draft) {
  std::string place = fs::absolute(fs::path(path) / "rules.d").lexically_normal();
  if (files.size() == 1 && fs::path(files[0]).filename() == "audit.rules" && fs::path(files[0]).parent_path() == path)
    place = fs::absolute(files[0]).lexically_normal();
  draft.config().set("rules", "files", '[' + config::yaml_scalar(place, true) + ']', "auditd's, as they are", {});
}

// One file alone.
AuditdInstallation read_file(const std::string& path) {
  AuditdInstallation all;
  AuditdConf conf(base::read_file(path, false), path);
  const fs::path name = fs::path(path).filename();
  if (name == "auditd.conf") {
    all.daemon = std::move(conf);
  } else {
    all.plugins.emplace_back("active = yes\npath = " + name.stem().string() + '\n', path);
    (name == "audisp-remote.conf" ? all.remote : all.json) = std::move(conf);
  }
  return all;
}

}  // namespace

bool is_auditd(const std::string& path) {
  const fs::path file(path);
  return is_plugin_conf(file.filename()) || file.filename() == "auditd.conf" || is_auditd_directory(path);
}

void read_auditd(const std::string& path, Draft& draft) {
  AuditdInstallation all;
  if (fs::is_directory(path)) {
    AuditdDirectory found = read_auditd_directory(path);
    draft.note(std::move(found.notes));
    all = std::move(found.installation);
    if (draft.keeps_rules()) keep_rules(path, found.rules, draft);
    for (const std::string& file : draft.keeps_rules() ? std::vector<std::string>() : found.rules)
      draft.add_rules(base::read_file(file, false), file, fs::path(file).filename().replace_extension(".yaml"),
                      all.kernel);
  } else {
    all = read_file(path);
  }
  all.keeps_rules = draft.keeps_rules();
  all.has_laurel = draft.has("laurel");
  const auto is_laurel_plugin = [](const AuditdConf& plugin) { return plugin.text("path").ends_with("/laurel"); };
  if (fs::is_directory(path) && std::ranges::none_of(all.plugins, [&](const AuditdConf& plugin) {
        return is_laurel_plugin(plugin) && plugin.word("active", "no") == "yes";
      }))
    draft.set_off("laurel");
  if (!all.daemon.name().empty()) draft.set_all_sinks();
  import_auditd(all, draft.config());
  draft.append(original_lines(all.daemon));
}

}  // namespace naudit::migrate
