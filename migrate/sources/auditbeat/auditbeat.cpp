// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/sources/auditbeat/auditbeat.hpp"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/yaml/scalar.hpp"
#include "migrate/sources/auditbeat/outputs.hpp"

namespace naudit::migrate {
namespace {

namespace fs = std::filesystem;
using Setting = Settings::Setting;

// The files that a pattern of audit_rule_files means; ${path.config} is the folder of auditbeat.yml.
std::vector<std::string> files_of(std::string pattern, const std::string& folder) {
  constexpr std::string_view kFolder = "${path.config}";
  if (pattern.starts_with(kFolder)) pattern = folder + pattern.substr(kFolder.size());
  if (!pattern.starts_with('/')) pattern = folder + '/' + pattern;
  glob_t found{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> owner(&found, ::globfree);
  const int failed = ::glob(pattern.c_str(), GLOB_ERR | GLOB_BRACE, nullptr, &found);
  if (failed == GLOB_NOMATCH) return {};
  if (failed != 0) throw base::Error({pattern, 0, 0}, "cannot be looked up");
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

class Module {
 public:
  Module(Settings& from, std::string key, Draft& draft)
      : from_(from), key_(std::move(key)), draft_(draft), out_(draft.config()) {}

  void run() {
    const Setting* const enabled = from_.take(key_ + ".enabled");
    if (enabled != nullptr && !from_.is_on(key_ + ".enabled", true)) {
      from_.below(key_);
      return out_.needless(key_, "this module is not enabled");
    }
    rules();
    kernel();
    for (const char* name : {"resolve_ids", "include_raw_message", "include_warnings", "backpressure_strategy"})
      if (const Setting* const setting = from_.take(key_ + '.' + name)) out_.needless(setting->said(), reason(name));
    draft_.set_all_sinks();
  }

 private:
  static std::string reason(std::string_view name) {
    if (name == "resolve_ids") return "names stand beside the numbers in any case";
    if (name == "backpressure_strategy") return "audited programs wait for nobody (kernel.backlog_wait_time: 0s)";
    return "the format 'json' has all of the records, and says what was wrong with them";
  }

  const Setting* take(const char* name) { return from_.take(key_ + '.' + name); }

  void rules() {
    AuditdInstallation::Kernel set;
    if (const Setting* const files = take("audit_rule_files")) {
      const std::string folder = fs::absolute(from_.name()).parent_path();
      for (const std::string& pattern : files->values) {
        const std::vector<std::string> found = files_of(pattern, folder);
        if (found.empty()) draft_.note(files->place, "audit_rule_files: there is no file like " + pattern);
        for (const std::string& file : found)
          draft_.add_rules(base::read_file(file, false), file, "auditbeat-" + fs::path(file).stem().string() + ".yaml",
                           set);
      }
    }
    std::string text;
    const Setting* const lines = take("audit_rules");
    if (lines != nullptr) text = lines->first() + '\n';
    if (from_.is_on(key_ + ".immutable", false)) text += "-e 2\n";
    if (!text.empty()) {
      // The block begins in the line below its key.
      const auto moved = [lines, this](base::Problem problem) {
        if (lines == nullptr) return base::Problem{{from_.name(), 0, 0}, std::move(problem.message)};
        problem.place.line += lines->place.line;
        problem.place.column = 0;
        return problem;
      };
      draft_.add_rules(text, from_.name(), "auditbeat.yaml", set, moved);
    }
    import_kernel(set, out_);
  }

  void kernel() {
    const auto set = [this](const char* name, const char* section, const char* key) {
      if (const Setting* const setting = take(name))
        out_.set(section, key, flow_scalar(setting->first()), name, setting->place);
    };
    set("backlog_limit", "kernel", "backlog_limit");
    set("rate_limit", "kernel", "rate_limit");
    set("ignore_errors", "rules", "lenient");
    set("reassembler.timeout", "events", "timeout");
    set("reassembler.max_in_flight", "events", "max_open");
    if (const Setting* const failure = take("failure_mode")) {
      const std::string& word = failure->first();
      out_.set("kernel", "failure", word == "log" ? "printk" : flow_scalar(word), "failure_mode", failure->place);
    }
    if (const Setting* const socket = take("socket_type")) {
      if (socket->first() == "multicast")
        out_.set("kernel", "mode", "observe", "socket_type = multicast", socket->place);
      else
        out_.needless(socket->said(), "nauditd is the audit daemon (kernel.mode)");
    }
  }

  Settings& from_;
  std::string key_;
  Draft& draft_;
  ConfigText& out_;
};

}  // namespace

bool is_auditbeat(const std::string& path) {
  const std::string name = fs::path(path).filename();
  return name.find("auditbeat") != std::string::npos && (name.ends_with(".yml") || name.ends_with(".yaml"));
}

void read_auditbeat(const std::string& path, Draft& draft) {
  take_auditbeat(base::read_file(path, false), path, draft);
}

void take_auditbeat(const std::string& text, const std::string& name, Draft& draft) {
  Settings from = read_yaml(text, name);
  bool found = false;
  for (const std::string& item : from.items("auditbeat.modules")) {
    const Setting* const module = from.take(item + ".module");
    if (module != nullptr && module->first() == "auditd") {
      Module(from, item, draft).run();
      found = true;
      continue;
    }
    for (const Setting* const setting : from.below(item)) {
      draft.note(setting->place, "module " + (module == nullptr ? std::string("without a name") : module->first()) +
                                     ": is not the kernel's audit; a rule with 'watch' records who changes a file");
      break;
    }
  }
  if (!found) draft.note({name, 0, 0}, "has no module auditd (files of auditbeat.config.modules are not read)");
  if (const Setting* const node = from.take("name"))
    draft.config().set("", "node", config::yaml_scalar(node->first()), "name", node->place);
  take_beat_outputs(from, draft);
  draft.note_rest(
      from,
      {{"processors", "a sink has 'filter' and 'redact'; nothing else changes an event"},
       {"auditbeat.modules", "nauditd knows nothing like it"},
       {"auditbeat.config.", "files that it names are not read: name them with --from"},
       {"tags", "nothing is added to an event; a rule has tags"},
       {"fields", "nothing is added to an event; 'node' is the machine's name"},
       {"queue.", "each sink has its own (sinks.queue, sinks.spool)", true},
       {"max_procs", "nauditd has a few threads of its own", true},
       {"setup.",
        "the server's templates and dashboards are its own affair; docs/sinks.md has those for nauditd's events"},
       {"logging.", "nauditd's own log is in the journal (daemon.log_level)", true},
       {"monitoring.", "'nauditctl metrics' and metrics.listen", true},
       {"http.", "'nauditctl metrics' and metrics.listen", true},
       {"path.", "nauditd has its own folders", true},
       {"cloud.", "write the server's address into the sink"},
       {"output.", "nauditd knows nothing like it"}},
      "auditbeat");
}

}  // namespace naudit::migrate
