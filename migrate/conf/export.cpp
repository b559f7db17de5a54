// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/export.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "base/units.hpp"
#include "config/loader.hpp"
#include "config/yaml/document.hpp"
#include "config/yaml/scalar.hpp"
#include "migrate/conf/import.hpp"

namespace naudit::migrate {
namespace {

constexpr std::string_view kHeading = "# The lines of auditd.conf, for 'nauditctl rules export':";
constexpr std::string_view kLine = "#   ";

// What a path of keys leads to, as one line of text; empty if nothing is there.
std::string value_at(const YAML::Node& document, std::initializer_list<const char*> keys) {
  YAML::Node node = YAML::Clone(document);
  for (const char* const key : keys) {
    if (!node.IsMap() || !node[key]) return {};
    node.reset(node[key]);
  }
  if (node.IsScalar()) return node.Scalar();
  YAML::Emitter flow;
  flow << YAML::Flow << node;
  return flow.c_str();
}

// The sink that stands for auditd's log: the first file in auditd's own format.
YAML::Node log_sink(const YAML::Node& document) {
  const YAML::Node sinks = document["sinks"];
  if (!sinks || !sinks.IsSequence()) return {};
  for (const auto& sink : sinks) {
    const std::string format = value_at(sink, {"format"});
    if (value_at(sink, {"type"}) == "file" && (format == "raw" || format == "enriched")) return sink;
  }
  return {};
}

std::string original_text(std::string_view text) {
  std::string found;
  bool inside = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (inside && !line.starts_with(kLine)) inside = false;
    if (inside) found += std::string(line.substr(kLine.size())) + '\n';
    if (line == kHeading) inside = true;
  }
  return found;
}

class Export {
 public:
  Export(const std::string& text, const std::string& name, const config::Kinds& kinds)
      : name_(name), kinds_(kinds), document_(config::parse_yaml(text, name)), original_(original_text(text)) {
    config::parse(text, name, kinds);  // for its errors
  }

  ExportedConfig run() {
    kernel();
    const YAML::Node files = document_["rules"] ? document_["rules"]["files"] : YAML::Node();
    if (files && files.IsSequence())
      for (const auto& file : files) done_.rule_files.push_back(file.Scalar());
    else if (files && files.IsScalar())
      done_.rule_files.push_back(files.Scalar());
    if (!original_.empty()) {
      changes();
      done_.auditd_conf = conf_text();
    } else {
      done_.notes.push_back(
          {{name_, 0, 0}, "does not come from an auditd.conf; only rules and the kernel's settings are exported"});
    }
    other_sinks();
    return std::move(done_);
  }

 private:
  void kernel() {
    const auto number = [this](const char* key) -> std::optional<std::uint32_t> {
      const std::string text = value_at(document_, {"kernel", key});
      if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
      return static_cast<std::uint32_t>(std::stoul(text));
    };
    done_.settings.backlog_limit = number("backlog_limit");
    done_.settings.rate_limit = number("rate_limit");
    if (const auto time = base::parse_duration(value_at(document_, {"kernel", "backlog_wait_time"})))
      done_.settings.backlog_wait_time = netlink::to_jiffies(*time);
    const std::string enabled = value_at(document_, {"kernel", "enabled"});
    if (enabled == "true" || enabled == "yes" || enabled == "on") done_.settings.enabled = 1;
    if (enabled == "false" || enabled == "no" || enabled == "off") done_.settings.enabled = 0;
    const std::string failure = value_at(document_, {"kernel", "failure"});
    if (failure == "silent") done_.settings.failure = 0;
    if (failure == "printk") done_.settings.failure = 1;
    const std::string immutable = value_at(document_, {"kernel", "loginuid_immutable"});
    done_.loginuid_immutable = immutable == "true" || immutable == "yes" || immutable == "on";
  }

  void set(std::string_view keyword, std::string value) { changed_.emplace_back(keyword, std::move(value)); }

  // What nauditd.yaml says otherwise than its import said.
  void changes() {
    AuditdInstallation installation;
    installation.daemon = AuditdConf(original_, "auditd.conf");
    const YAML::Node before = config::parse_yaml(import_auditd(installation, kinds_).yaml, "nauditd.yaml");
    const auto differs = [&before, this](std::initializer_list<const char*> keys) -> std::optional<std::string> {
      std::string now = value_at(document_, keys);
      if (now == value_at(before, keys)) return std::nullopt;
      return now;
    };
    if (const auto node = differs({"node"})) {
      const bool fixed = *node == "none" || *node == "hostname" || *node == "fqdn";
      set("name_format", *node == "fqdn" ? "fqd" : fixed ? *node : node->empty() ? "hostname" : "user");
      if (!fixed && !node->empty()) set("name", *node);
    }
    if (const auto time = differs({"events", "timeout"}))
      if (const auto duration = base::parse_duration(*time))
        set("end_of_event_timeout", std::to_string(std::max<std::int64_t>(1, duration->count() / 1000)));
    if (const auto nice = differs({"daemon", "nice"}))
      if (!nice->empty()) set("priority_boost", nice->starts_with('-') ? nice->substr(1) : "0");
    log(log_sink(before), log_sink(document_));
  }

  void log(const YAML::Node& before, const YAML::Node& now) {
    if (!now || now.IsNull()) {
      if (before && !before.IsNull()) set("write_logs", "no");
      return;
    }
    const auto differs = [&](std::initializer_list<const char*> keys) {
      return !before || before.IsNull() || value_at(before, keys) != value_at(now, keys);
    };
    if (differs({"path"})) set("log_file", value_at(now, {"path"}));
    if (differs({"format"})) set("log_format", value_at(now, {"format"}));
    if (differs({"rotate"})) {
      const auto size = base::parse_size(value_at(now, {"rotate", "size"}));
      const std::string keep = value_at(now, {"rotate", "keep"});
      constexpr std::uint64_t kMebi = 1024 * 1024;
      set("max_log_file_action", size.value_or(0) == 0 ? "ignore" : "rotate");
      if (size.value_or(0) > 0) set("max_log_file", std::to_string(std::max<std::uint64_t>(1, *size / kMebi)));
      if (!keep.empty() && keep.find_first_not_of("0123456789") == std::string::npos)
        set("num_logs", std::to_string(std::stoul(keep) + 1));
    }
    if (differs({"group"})) set("log_group", value_at(now, {"group"}).empty() ? "root" : value_at(now, {"group"}));
    space(now, differs({"keep_free"}) || differs({"when_low"}), differs({"when_full"}));
    if (differs({"sync"})) {
      const std::string sync = value_at(now, {"sync"});
      set("flush", sync == "none" ? "none" : sync == "batch" ? "sync" : "incremental_async");
    }
  }

  void space(const YAML::Node& now, bool low, bool full) {
    if (low) {
      const std::string keep_free = value_at(now, {"keep_free"});
      const auto bytes = base::parse_size(keep_free);
      const std::string action = value_at(now, {"when_low"});
      constexpr std::uint64_t kMebi = 1024 * 1024;
      set("space_left", bytes ? std::to_string(*bytes / kMebi) : keep_free.empty() ? "0" : keep_free);
      set("space_left_action", keep_free.empty()               ? "ignore"
                               : action == "drop-oldest-files" ? "rotate"
                               : action == "pause"             ? "suspend"
                                                               : "syslog");
      set("admin_space_left_action", "ignore");
    }
    if (full) set("disk_full_action", value_at(now, {"when_full"}) == "drop-oldest-files" ? "rotate" : "suspend");
  }

  // The lines as they were, each that has changed with its new value.
  [[nodiscard]] std::string conf_text() const {
    std::string out;
    std::vector<bool> written(changed_.size(), false);
    for (std::string_view rest = original_; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      const std::string keyword = base::lower(base::trimmed(line.substr(0, line.find('='))));
      const auto found = std::ranges::find(changed_, keyword, &std::pair<std::string, std::string>::first);
      if (found == changed_.end()) {
        out += std::string(line) + '\n';
        continue;
      }
      written[static_cast<std::size_t>(found - changed_.begin())] = true;
      out += found->first + " = " + found->second + '\n';
    }
    for (std::size_t i = 0; i < changed_.size(); ++i)
      if (!written[i]) out += changed_[i].first + " = " + changed_[i].second + '\n';
    return out;
  }

  void other_sinks() {
    const YAML::Node sinks = document_["sinks"];
    if (!sinks || !sinks.IsSequence()) return;
    const YAML::Node log = log_sink(document_);
    for (const auto& sink : sinks) {
      if (log && !log.IsNull() && sink.Mark().pos == log.Mark().pos) continue;
      done_.notes.push_back({{name_, sink.Mark().line + 1, sink.Mark().column + 1},
                             "the sink " + base::in_quotes(value_at(sink, {"name"})) +
                                 " has no place in auditd.conf; auditd has plugins for other ways"});
    }
  }

  const std::string& name_;
  const config::Kinds& kinds_;
  YAML::Node document_;
  std::string original_;
  std::vector<std::pair<std::string, std::string>> changed_;
  ExportedConfig done_;
};

}  // namespace

std::string original_lines(const AuditdConf& conf) {
  if (conf.settings().empty()) return {};
  std::string out = "\n" + std::string(kHeading) + '\n';
  for (const AuditdConf::Setting& setting : conf.settings())
    out += std::string(kLine) + config::comment_line(setting.key + " = " + setting.value) + '\n';
  return out;
}

ExportedConfig export_config(const std::string& text, const std::string& name, const config::Kinds& kinds) {
  return Export(text, name, kinds).run();
}

}  // namespace naudit::migrate
