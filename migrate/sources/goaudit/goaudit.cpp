// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/sources/goaudit/goaudit.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/yaml/scalar.hpp"
#include "tables/record_types.hpp"

namespace naudit::migrate {
namespace {

using Lines = std::vector<ConfigText::Line>;
using Setting = Settings::Setting;

constexpr unsigned kLeastBuffer = 64 * 1024;  // nauditd's own least
constexpr std::string_view kOutputs[] = {"stdout", "syslog", "file", "gelf"};

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class GoAudit {
 public:
  GoAudit(Settings& from, Draft& draft) : from_(from), draft_(draft), out_(draft.config()) {}

  void run() {
    draft_.set_all_sinks();
    receive_buffer();
    tracking();
    rules();
    outputs();
    draft_.note_rest(from_,
                     {{"log.", "nauditd's own log is in the journal, which has the time", true},
                      {"extras.containers.", "images and pods are not asked for; 'containers: true' has the id"},
                      {"extras.metadata.", "nothing is added to an event; 'node' is the machine's name"},
                      {"extras.", "nothing else is added to an event"},
                      {"output.gelf.", "there is no sink for GELF"},
                      {"output.", "this output is not enabled", true},
                      {"socket_buffer.", "nauditd's own buffer is larger (kernel.receive_buffer)", true},
                      {"events.", "nauditd takes all types, and the sink's filter some of them"}},
                     "go-audit");
  }

 private:
  void receive_buffer() {
    const Setting* const size = from_.take("socket_buffer.receive");
    if (size == nullptr) return;
    if (const auto bytes = number(size->first()); bytes && *bytes < kLeastBuffer)
      return out_.needless(size->said(), "nauditd's own buffer is larger (kernel.receive_buffer)");
    out_.set("kernel", "receive_buffer", flow_scalar(size->first()), "socket_buffer.receive", size->place);
  }

  void tracking() {
    if (const Setting* const enabled = from_.take("message_tracking.enabled"))
      out_.needless(enabled->said(), "what the kernel numbered and never came is always counted and told");
    if (const Setting* const log = from_.take("message_tracking.log_out_of_order"))
      out_.set("events", "log_out_of_order", flow_scalar(log->first()), log->key, log->place);
    const Setting* const most = from_.take("message_tracking.max_out_of_order");
    out_.set("events", "max_out_of_order", most == nullptr ? "500" : flow_scalar(most->first()),
             most == nullptr ? "go-audit's own" : most->key, most == nullptr ? base::Place{} : most->place);
  }

  void rules() {
    const Setting* const rules = from_.take("rules");
    if (rules == nullptr || rules->values.empty()) return;
    std::string lines;
    for (std::string line : rules->values) {
      std::ranges::replace(line, '\n', ' ');
      lines += line + '\n';
    }
    const auto moved = [rules](base::Problem problem) {
      const auto item = static_cast<std::size_t>(problem.place.line) - 1;
      problem.place = item < rules->places.size() ? rules->places[item] : rules->place;
      return problem;
    };
    AuditdInstallation::Kernel kernel;
    draft_.add_rules(lines, from_.name(), "go-audit.yaml", kernel, moved);
    import_kernel(kernel, out_);
  }

  void outputs() {
    const std::string filter = events_filter();
    for (std::string_view output : kOutputs) {
      const std::string key = "output." + std::string(output);
      if (!from_.is_on(key + ".enabled", false)) continue;
      Lines lines{{"name", output == "file" ? "go-audit" : "go-audit-" + std::string(output), ""}};
      const base::Place place = place_of(key);
      if (const Setting* const attempts = from_.take(key + ".attempts"))
        out_.needless(attempts->said(),
                      "a sink tries again for ever, with a queue of its own (sinks.retry, sinks.queue)");
      if (output == "gelf") {
        from_.below(key);
        draft_.note(place, key + ": there is no sink for GELF; a sink of 'type: tcp' or 'https' sends the JSON alone");
        continue;
      }
      if (output == "file")
        file(key, lines);
      else if (output == "syslog")
        syslog(key, lines);
      else
        lines.push_back({"type", "stdout", key});
      lines.push_back({"format", "go-audit", ""});
      if (from_.is_on("extras.containers.enabled", false))
        lines.push_back({"go-audit", "{containers: true}", "extras.containers"});
      lines.push_back({"filter", config::yaml_scalar(filter), "events, filters"});
      out_.sink(std::move(lines), place);
    }
  }

  base::Place place_of(const std::string& key) {
    const Setting* const enabled = from_.take(key + ".enabled");
    return enabled == nullptr ? base::Place{from_.name(), 0, 0} : enabled->place;
  }

  void file(const std::string& key, Lines& lines) {
    lines.push_back({"type", "file", ""});
    lines.push_back({"path", config::yaml_scalar(from_.text(key + ".path")), ""});
    if (const std::string mode = from_.text(key + ".mode"); !mode.empty())
      lines.push_back({"mode", config::yaml_scalar(mode.starts_with("0o") ? "0" + mode.substr(2) : mode), ""});
    if (const std::string group = from_.text(key + ".group"); !group.empty() && group != "root")
      lines.push_back({"group", config::yaml_scalar(group), ""});
    if (const Setting* const user = from_.take(key + ".user"); user != nullptr && user->first() != "root")
      draft_.note(user->place, user->said() + ": the file belongs to nauditd's user; 'acl' lets others read");
  }

  void syslog(const std::string& key, Lines& lines) {
    lines.push_back({"type", "syslog", ""});
    const std::string network = from_.text(key + ".network", "unixgram");
    const std::string address = from_.text(key + ".address", "/dev/log");
    if (network.starts_with("unix")) {
      lines.push_back({"transport", network == "unix" ? "unix-stream" : "unix", network});
      lines.push_back({"path", config::yaml_scalar(address), ""});
    } else {
      lines.push_back({"transport", config::yaml_scalar(network), ""});
      lines.push_back({"address", config::yaml_scalar(address), ""});
    }
    // syslog(3): the facility is in the upper bits, the severity in the lowest three.
    constexpr std::string_view kFacilities[] = {"kern",   "user",   "mail",   "daemon", "auth",     "syslog",
                                                "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
                                                "ntp",    "audit",  "alert",  "clock",  "local0",   "local1",
                                                "local2", "local3", "local4", "local5", "local6",   "local7"};
    constexpr std::string_view kSeverities[] = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};
    const Setting* const priority = from_.take(key + ".priority");
    const std::optional<unsigned> value = priority == nullptr ? 132 : number(priority->first());
    if (!value || *value / 8 >= std::size(kFacilities)) {
      draft_.note(priority->place, priority->said() + ": is no priority of syslog");
    } else {
      lines.push_back({"facility", std::string(kFacilities[*value / 8]), "priority = " + std::to_string(*value)});
      lines.push_back({"severity", std::string(kSeverities[*value % 8]), ""});
    }
    lines.push_back({"app_name", config::yaml_scalar(from_.text(key + ".tag", "go-audit")), ""});
  }

  // go-audit's own range, where the file has none.
  std::string events_filter() {
    const auto bound = [this](std::string_view key, const char* otherwise) {
      const std::string text = from_.text(key, otherwise);
      if (number(text)) return text;
      draft_.note({from_.name(), 0, 0}, std::string(key) + ": " + base::in_quotes(text) + " is no number of a type");
      return std::string(otherwise);
    };
    std::string filter = "type >= " + bound("events.min", "1300");
    filter += " and type <= " + bound("events.max", "1399");
    for (const std::string& item : from_.items("filters")) {
      const Setting* const regex = from_.take(item + ".regex");
      const base::Place place = regex == nullptr ? base::Place{from_.name(), 0, 0} : regex->place;
      if (const std::string condition = condition_of(item, regex); !condition.empty())
        filter += " and not (" + condition + ')';
      else
        draft_.note(place, item +
                               ": a sink's filter asks about one field: 'syscall == NAME and TYPE.FIELD matches "
                               "\"^PATTERN\"'. This one was left out, so that more is written");
    }
    return filter;
  }

  // A pattern about the text of a record is one about a field, if it begins with the field's name. Empty: it cannot be
  // said.
  std::string condition_of(const std::string& item, const Setting* regex) {
    const auto type = number(from_.text(item + ".message_type"));
    const std::string syscall = from_.text(item + ".syscall");
    if (regex == nullptr || regex->values.empty() || !type || *type > 65535) return {};
    const std::string& text = regex->first();
    const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_");
    if (end == 0 || end == std::string::npos || text[end] != '=') return {};
    const std::string pattern = text.substr(end + 1);
    // A quote would be one of the record's, which a field does not have; and one that a filter cannot hold.
    if (pattern.empty() || pattern.find_first_of("\"'") != std::string::npos || !config::fits_yaml(pattern)) return {};
    const std::string record(tables::record_type_name(static_cast<std::uint16_t>(*type)));
    if (record.empty()) return {};
    std::string condition;
    if (!syscall.empty()) {
      if (!number(syscall)) return {};
      condition = "syscall == " + syscall + " and ";
    }
    return condition + base::lower(record) + '.' + text.substr(0, end) + " matches \"^(" + pattern + ")\"";
  }

  Settings& from_;
  Draft& draft_;
  ConfigText& out_;
};

}  // namespace

bool is_go_audit(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename();
  return name.find("go-audit") != std::string::npos && (name.ends_with(".yaml") || name.ends_with(".yml"));
}

void read_go_audit(const std::string& path, Draft& draft) {
  take_go_audit(base::read_file(path, false), path, draft);
}

void take_go_audit(const std::string& text, const std::string& name, Draft& draft) {
  Settings from = read_yaml(text, name);
  GoAudit(from, draft).run();
}

}  // namespace naudit::migrate
