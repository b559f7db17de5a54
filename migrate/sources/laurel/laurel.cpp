// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/sources/laurel/laurel.hpp"

#include <filesystem>

#include "base/file.hpp"
#include "config/yaml/scalar.hpp"

namespace naudit::migrate {
namespace {

using Lines = std::vector<ConfigText::Line>;

// An option of `laurel:` for one of its keys.
void add_flag(Settings& from, std::string_view key, const char* option, std::string& options) {
  if (const Settings::Setting* const setting = from.take(key))
    options += (options.empty() ? "" : ", ") + std::string(option) + ": " + flow_scalar(setting->first());
}

void add_output(Settings& from, Lines& lines) {
  const std::string file = from.text("auditlog.file", "audit.log");
  if (file == "-") return lines.push_back({"type", "stdout", "auditlog.file = -"});
  lines.push_back({"type", "file", ""});
  const std::filesystem::path path = std::filesystem::path(from.text("directory", ".")) / file;
  lines.push_back({"path", config::yaml_scalar(path.string()), "directory, auditlog.file"});
  const std::string size = from.text("auditlog.size"), keep = from.text("auditlog.generations");
  std::string rotate;
  if (!size.empty()) rotate = "size: " + flow_scalar(size);
  if (!keep.empty()) rotate += (rotate.empty() ? "keep: " : ", keep: ") + flow_scalar(keep);
  if (!rotate.empty()) lines.push_back({"rotate", '{' + rotate + '}', "auditlog.size, auditlog.generations"});
  std::vector<std::string> readers;
  for (const std::string& user : from.list("auditlog.read-users")) readers.push_back("user:" + user);
  if (const std::string group = from.text("auditlog.read-group"); !group.empty()) readers.push_back("group:" + group);
  if (!readers.empty()) lines.push_back({"acl", flow_list(readers), "auditlog.read-users"});
}

void add_format(Settings& from, Lines& lines) {
  lines.push_back({"format", "laurel", ""});
  std::string options;
  if (const std::vector<std::string> argv = from.list("transform.execve-argv"); !argv.empty())
    options = "execve_argv: " + flow_list(argv);
  add_flag(from, "transform.execve-argv-limit-bytes", "execve_argv_limit", options);
  add_flag(from, "translate.universal", "universal", options);
  add_flag(from, "translate.user-db", "user_db", options);
  add_flag(from, "translate.drop-raw", "drop_raw", options);
  add_flag(from, "enrich.pid", "pid", options);
  add_flag(from, "enrich.container", "container", options);
  add_flag(from, "enrich.script", "script", options);
  if (!options.empty()) lines.push_back({"laurel", '{' + options + '}', ""});
}

// In quotes, where a condition needs them; nothing in them is escaped.
std::string filter_value(const std::string& value) {
  return value.find('"') == std::string::npos ? '"' + value + '"' : '\'' + value + '\'';
}

void add_filter(Settings& from, Lines& lines) {
  std::string filter;
  std::string keys;
  for (const std::string& key : from.list("filter.filter-keys")) keys += (keys.empty() ? "" : ", ") + filter_value(key);
  if (!keys.empty()) filter = "not key in (" + keys + ')';
  if (from.is_on("filter.filter-null-keys", false)) filter = filter.empty() ? "key" : "key and " + filter;
  if (!filter.empty()) lines.push_back({"filter", config::yaml_scalar(filter), "filter"});
}

}  // namespace

bool is_laurel(const std::string& path) {
  return std::filesystem::path(path).extension() == ".toml";
}

void read_laurel(const std::string& path, Draft& draft) {
  take_laurel(base::read_file(path, false), path, draft);
}

void take_laurel(const std::string& text, const std::string& name, Draft& draft) {
  Settings from = read_toml(text, name);
  if (draft.is_off("laurel") && !from.text("input", "stdin").starts_with("unix"))
    return draft.config().needless("laurel", "its plugin is not active");
  Lines lines{{"name", "laurel", ""}};
  add_output(from, lines);
  add_format(from, lines);
  add_filter(from, lines);
  draft.config().sink(std::move(lines), {name, 0, 0});
  draft.note_rest(
      from,
      {{"user", "the sink's mode, group and acl say who reads its file", true},
       {"statusreport-period", "'nauditctl status' and metrics tell that when asked", true},
       {"input", "nauditd has the records from the kernel", true},
       {"marker", "nothing is written at the start but DAEMON_START", true},
       {"debug.", "nauditd's own log is in the journal (daemon.log_level)", true},
       {"state.", "what is under way is kept by nauditd's own means", true},
       {"auditlog.", "nothing is put around an event; a syslog sink has what wanted '@cee:'"},
       {"auditlog.size", "not for standard output"},
       {"transform.", "no such transformation"},
       {"translate.", "names stand beside the numbers under laurel's names only"},
       {"enrich.", "records do not say it, and nauditd asks no process: who is asked may have changed it"},
       {"label-process.", "processes have no labels; the rule's key is there, and a filter takes exe and argv"},
       {"filter.", "a sink's filter is an expression over the event; say it in words of docs/sinks.md"}},
      "laurel");
}

}  // namespace naudit::migrate
