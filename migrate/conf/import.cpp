// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/import.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <set>
#include <sstream>
#include <vector>

#include "base/text.hpp"
#include "base/units.hpp"
#include "config/config.hpp"
#include "config/loader.hpp"
#include "config/yaml/scalar.hpp"
#include "migrate/conf/export.hpp"
#include "migrate/conf/text.hpp"

namespace naudit::migrate {
namespace {

using Setting = AuditdConf::Setting;

// Keywords that say nothing for nauditd as long as auditd does not listen for others.
constexpr std::string_view kListening[] = {
    "tcp_listen_queue", "tcp_max_per_addr",   "use_libwrap",      "tcp_client_ports", "tcp_client_max_idle",
    "transport",        "enable_krb5",        "krb5_principal",   "krb5_key_file",    "distribute_network",
    "tls_auth",         "tls_crypto_profile", "tls_psk_file",     "tls_psk_identity", "tls_allowed_clients",
    "tls_require_pqc",  "tls_cipher_suites",  "tls_key_exchange",
};

std::optional<std::uint32_t> number(const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool among(std::string_view key, std::initializer_list<std::string_view> keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

class Plugins {
 public:
  Plugins(const AuditdInstallation& from, const std::string& format, ConfigText& out)
      : from_(from), format_(format), out_(out) {}

  void run() {
    for (const AuditdConf& plugin : from_.plugins) {
      for (const base::Problem& problem : plugin.problems()) out_.note(problem.place, problem.message);
      if (plugin.word("active", "no") == "yes")
        take(plugin);
      else
        out_.needless(base_name(plugin.name()), "not active");
    }
  }

 private:
  using Lines = std::vector<ConfigText::Line>;

  static base::Place place(const AuditdConf& conf) {
    const auto* path = conf.find("path");
    return path == nullptr ? base::Place{conf.name(), 0, 0} : conf.place(*path);
  }

  void take(const AuditdConf& plugin) {
    const std::string path = plugin.text("path");
    const std::string program = base_name(path);
    if (program == "builtin_af_unix" || program == "audisp-af_unix") {
      unix_socket(plugin);
    } else if (program == "builtin_syslog" || program == "audisp-syslog") {
      syslog(plugin);
    } else if (program == "audisp-remote") {
      remote(plugin);
    } else if (program == "audisp-json") {
      json(plugin);
    } else if (program == "laurel" && from_.has_laurel) {
      out_.needless(base_name(plugin.name()), "a sink of its own, from laurel's configuration");
    } else {
      if (program == "laurel")
        out_.note(place(plugin),
                  "laurel is run as it is; a sink of 'format: laurel' does without it, and 'nauditctl "
                  "migrate' makes that of laurel's configuration");
      if (program == "audispd-zos-remote")
        out_.note(place(plugin),
                  "audispd-zos-remote is run as it is, with its own configuration: no sink sends to z/OS");
      other(plugin);
    }
  }

  static std::vector<std::string> words(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
  }

  // The name of the file, as that of a sink.
  static std::string sink_name(const AuditdConf& plugin) {
    std::string name = base_name(plugin.name());
    if (name.ends_with(".conf")) name.resize(name.size() - 5);
    for (char& c : name)
      if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.') c = '-';
    return "plugin-" + name;
  }

  [[nodiscard]] bool has_node() const { return from_.daemon.word("name_format", "none") != "none"; }

  // What a plugin reads, and the options of that.
  void add_records(const AuditdConf& plugin, Lines& lines) const {
    const std::string records = plugin.word("format", "string") == "binary" ? "audispd-binary" : "audispd";
    lines.push_back({"format", records, ""});
    std::string options;
    if (format_ == "raw") options = "names: false";
    if (has_node()) options += options.empty() ? "node: true" : ", node: true";
    if (!options.empty()) lines.push_back({records, '{' + options + '}', "log_format, name_format"});
  }

  // af_unix's own path and mode, where args have none. A socket is connected to by who may write it.
  void unix_socket(const AuditdConf& plugin) {
    std::string path = "/var/run/audispd_events", mode = "0640";
    for (const std::string& word : words(plugin.text("args")))
      if (word.starts_with('/'))
        path = word;
      else if (word.find_first_not_of("01234567") == std::string::npos && word.size() <= 4)
        mode = word;
      else if (word != "string" && word != "binary")
        out_.note(place(plugin), "af_unix: " + word + " is neither a mode nor a path");
    const auto may_write = [&mode](std::size_t from_end) {
      return mode.size() >= from_end && ((mode[mode.size() - from_end] - '0') & 2) != 0;
    };
    Lines lines{{"name", sink_name(plugin), ""},
                {"type", "unix", "af_unix"},
                {"path", config::yaml_scalar(path), ""},
                {"mode",
                 may_write(1)   ? "\"0666\""
                 : may_write(2) ? "\"0660\""
                                : "\"0600\"",
                 mode + ": who may write"},
                {"without_reader", "drop", "as af_unix"}};
    add_records(plugin, lines);
    out_.sink(lines, place(plugin));
  }

  void syslog(const AuditdConf& plugin) {
    std::string severity = "info", facility = "user";  // audisp-syslog's own
    for (const std::string& word : words(plugin.text("args"))) {
      const std::string name = base::lower(word.starts_with("LOG_") ? std::string_view(word).substr(4) : word);
      (is_severity(name) ? severity : facility) = name == "warn" ? "warning" : name == "error" ? "err" : name;
    }
    Lines lines{{"name", sink_name(plugin), ""},
                {"type", "syslog", ""},
                {"format", format_, "as the log"},
                {"facility", config::yaml_scalar(facility), "args"},
                {"severity", config::yaml_scalar(severity), "args"},
                {"app_name", "audispd", "its tag"}};
    if (has_node()) lines.push_back({format_, "{node: true}", "name_format"});
    out_.sink(lines, place(plugin));
  }

  static bool is_severity(std::string_view word) {
    return among(word, {"emerg", "alert", "crit", "err", "error", "warning", "warn", "notice", "info", "debug"});
  }

  // Any program that reads records.
  void other(const AuditdConf& plugin) {
    const std::string path = plugin.text("path");
    if (path.empty()) return out_.note({plugin.name(), 0, 0}, "is active and names no path");
    std::string command = '[' + config::yaml_scalar(path, true);
    for (const std::string& word : words(plugin.text("args"))) command += ", " + config::yaml_scalar(word, true);
    Lines lines{{"name", sink_name(plugin), ""}, {"type", "plugin", ""}, {"command", command + ']', ""}};
    add_records(plugin, lines);
    out_.sink(lines, place(plugin));
  }

  void remote(const AuditdConf& plugin) {
    if (!from_.remote) return out_.note(place(plugin), "audisp-remote is active, but there is no audisp-remote.conf");
    const AuditdConf& conf = *from_.remote;
    for (const base::Problem& problem : conf.problems()) out_.note(problem.place, problem.message);
    const auto* server = conf.find("remote_server");
    if (server == nullptr || server->value.empty()) return out_.note({conf.name(), 0, 0}, "there is no remote_server");
    const std::string port = conf.find("port") == nullptr ? "60" : conf.text("port");
    const bool v6 = server->value.find(':') != std::string::npos;
    const std::string address = (v6 ? '[' + server->value + ']' : server->value) + ':' + port;
    const std::string transport = conf.word("transport", conf.word("enable_krb5", "no") == "yes" ? "krb5" : "tcp");
    if (transport != "tcp") {
      return out_.note(conf.place(*server), "events to auditd on " + address + ": its transport " + transport +
                                                " is not spoken; a sink of 'type: auditd-remote' has 'tls' with "
                                                "certificates, for a stunnel in front of auditd, or for nauditd");
    }
    Lines lines{{"name", "remote", ""},
                {"type", "auditd-remote", ""},
                {"format", format_, "as the log"},
                {"address", config::yaml_scalar(address), "remote_server, port"}};
    if (has_node()) lines.push_back({format_, "{node: true}", "name_format"});
    if (conf.word("format", "managed") == "ascii") lines.push_back({"protocol", "ascii", "format"});
    if (const std::string heartbeat = conf.text("heartbeat_timeout"); !heartbeat.empty() && heartbeat != "0")
      lines.push_back({"heartbeat_timeout", config::yaml_scalar(heartbeat + "s"), ""});
    if (conf.word("mode", "immediate") == "forward") lines.push_back({"spool", "true", "mode = forward"});
    out_.sink(lines, conf.place(*server));
    if (const auto* local = conf.find("local_port"); local != nullptr && local->value != "any")
      out_.note(conf.place(*local),
                "local_port: a sink does not choose its own port; a server with tcp_client_ports "
                "has to let it in");
    for (const char* key : {"queue_file", "queue_depth", "max_tries_per_record", "max_time_per_record",
                            "network_failure_action", "overflow_action", "disk_full_action", "disk_error_action"}) {
      const auto* setting = conf.find(key);
      if (setting == nullptr) continue;
      out_.needless(base_name(conf.name()) + ": " + key + " = " + setting->value,
                    "a sink has its own queue and tries again for ever (sinks.queue, sinks.retry)");
    }
  }

  void json(const AuditdConf& plugin) {
    if (!from_.json) return out_.note(place(plugin), "audisp-json is active, but there is no audisp-json.conf");
    const AuditdConf& conf = *from_.json;
    for (const base::Problem& problem : conf.problems()) out_.note(problem.place, problem.message);
    const auto* file = conf.find("file_log");
    const auto* url = conf.find("mozdef_url");
    Lines lines{{"name", "mozdef", ""}, {"type", file != nullptr ? "file" : "https", ""}, {"format", "mozdef", ""}};
    if (file != nullptr) {
      lines.push_back({"path", config::yaml_scalar(file->value), "file_log"});
    } else if (url != nullptr) {
      lines.push_back({"url", config::yaml_scalar(url->value), "mozdef_url"});
      lines.push_back({"body", "event", "one event a request"});
      std::string tls;
      if (conf.word("ssl_verify", "yes") == "no") tls = "verify: false";
      if (tls.empty() && !conf.text("curl_cainfo").empty())
        tls = "ca: " + config::yaml_scalar(conf.text("curl_cainfo"), true);
      if (!tls.empty()) lines.push_back({"tls", "{" + tls + "}", "ssl_verify, curl_cainfo"});
    } else {
      return out_.note({conf.name(), 0, 0}, "there is neither mozdef_url nor file_log");
    }
    out_.sink(lines, conf.place(file != nullptr ? *file : *url));
    for (const char* key : {"prepend_msg", "postpend_msg"})
      if (const auto* setting = conf.find(key); setting != nullptr && !setting->value.empty())
        out_.note(conf.place(*setting), std::string(key) + ": nothing is put around an event");
  }

  const AuditdInstallation& from_;
  const std::string& format_;
  ConfigText& out_;
};

// The plugins that are active, as sinks where there is one that does the same, else as notes. `format` is that of the
// log, which is what plugins got.
void import_plugins(const AuditdInstallation& installation, const std::string& format, ConfigText& out) {
  Plugins(installation, format, out).run();
}

class Import {
  using Lines = std::vector<ConfigText::Line>;

 public:
  Import(const AuditdInstallation& from, ConfigText& out) : from_(from), conf_(from.daemon), out_(out) {}

  void run() {
    for (const base::Problem& problem : conf_.problems()) out_.note(problem.place, problem.message);
    const bool configured = !conf_.name().empty();
    if (configured) node();
    import_kernel(from_.kernel, out_);
    if (!from_.keeps_rules) out_.set("rules", "files", "[rules.d]", "beside this file", {});
    if (configured) daemon();
    if (configured) collector();
    if (configured) log();
    import_plugins(from_, format_, out_);
    rest();
  }

 private:
  // Marks the keyword as dealt with.
  const Setting* take(std::string_view key) {
    taken_.insert(std::string(key));
    return conf_.find(key);
  }

  static std::string said(const Setting* setting) {
    return setting == nullptr ? "" : setting->key + " = " + setting->value;
  }

  void note(const Setting& setting, const std::string& why) {
    out_.note(conf_.place(setting), said(&setting) + ": " + why);
  }

  void node() {
    const Setting* format = take("name_format");
    const Setting* name = take("name");
    const std::string kind = conf_.word("name_format", "none");
    const base::Place place = format == nullptr ? base::Place{conf_.name(), 0, 0} : conf_.place(*format);
    if (kind == "user" && name != nullptr) {
      out_.set("", "node", config::yaml_scalar(name->value), said(name), conf_.place(*name));
    } else if (kind == "none" || kind == "hostname") {
      out_.set("", "node", kind, said(format), place);
    } else if (kind == "fqd") {
      out_.set("", "node", "fqdn", said(format), place);
    } else if (format != nullptr) {
      note(*format,
           "the name of a machine is none, its host name, that with its domain, or a text; the address is not");
    }
  }

  void daemon() {
    if (const Setting* timeout = take("end_of_event_timeout"))
      out_.set("events", "timeout", config::yaml_scalar(timeout->value + "s"), said(timeout), conf_.place(*timeout));
    if (const Setting* boost = take("priority_boost")) {
      const auto value = number(boost->value);
      out_.set("daemon", "nice",
               value ? std::to_string(-static_cast<std::int64_t>(*value)) : config::yaml_scalar(boost->value),
               said(boost), conf_.place(*boost));
    }
  }

  // Whom auditd listened for.
  void collector() {
    const Setting* port = take("tcp_listen_port");
    if (port == nullptr) return;
    const std::string transport = conf_.word("transport", conf_.word("enable_krb5", "no") == "yes" ? "krb5" : "tcp");
    if (transport != "tcp")
      return note(*port,
                  "transport " + transport +
                      " is not spoken; a source of type auditd has 'tls' with certificates, and a stunnel before "
                      "audisp-remote speaks that");
    Lines lines{{"name", "auditd", ""},
                {"type", "auditd", ""},
                {"listen", config::yaml_scalar("0.0.0.0:" + port->value), said(port)},
                {"plain", "true", "as auditd: whoever reaches the port may send events in any machine's name"}};
    if (const Setting* most = take("tcp_max_per_addr"))
      lines.push_back({"max_per_address", config::yaml_scalar(most->value), said(most)});
    else
      lines.push_back({"max_per_address", "1", "auditd's own"});
    if (const Setting* idle = take("tcp_client_max_idle"); idle != nullptr && idle->value != "0")
      lines.push_back({"idle", config::yaml_scalar(idle->value + "s"), said(idle)});
    out_.source(lines, conf_.place(*port));
    if (const Setting* local = conf_.find("local_events"); local != nullptr && conf_.word("local_events", "") == "no") {
      take("local_events");
      out_.set("kernel", "mode", "none", said(local), conf_.place(*local));
    }
    if (const Setting* ports = take("tcp_client_ports"))
      note(*ports, "a source does not look at a client's port; certificates ('tls') tell who it is");
    if (const Setting* wrap = take("use_libwrap"); wrap != nullptr && conf_.word("use_libwrap", "") == "yes")
      note(*wrap, "/etc/hosts.allow and hosts.deny are not asked; a firewall or 'tls' does that");
  }

  void log() {
    const Setting* format = take("log_format");
    const std::string word = conf_.word("log_format", "enriched");
    format_ = word == "raw" || !out_.has_format("enriched") ? "raw" : "enriched";
    if (word == "enriched" && format_ == "raw" && format != nullptr)
      note(*format, "there is no such format yet; the sink writes 'raw', which is the same without the names");
    const Setting* write = take("write_logs");
    const Setting* path = take("log_file");
    if (conf_.word("write_logs", "yes") == "no" || word == "nolog") {
      for (const char* key :
           {"flush", "freq", "log_group", "max_log_file", "max_log_file_action", "num_logs", "space_left",
            "space_left_action", "admin_space_left", "admin_space_left_action", "disk_full_action"})
        take(key);
      out_.needless(said(word == "nolog" ? format : write), "there is no file sink");
      return;
    }
    std::vector<ConfigText::Line> lines{
        {"name", "log", ""},
        {"type", "file", ""},
        {"format", format_, said(format)},
        {"path", config::yaml_scalar(path == nullptr ? "/var/log/audit/audit.log" : path->value), ""}};
    if (conf_.word("name_format", "none") != "none") lines.push_back({format_, "{node: true}", "name_format"});
    if (const Setting* group = take("log_group"); group != nullptr && group->value != "root") {
      const bool is_name = std::ranges::all_of(group->value, [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
               std::string_view("._-$").find(c) != std::string_view::npos;
      });
      if (is_name)
        lines.push_back({"group", config::yaml_scalar(group->value), said(group)});
      else
        note(*group, "is not the name of a group");
      lines.push_back({"mode", "\"0640\"", ""});
    }
    lines.push_back(rotate());
    lines.push_back(sync());
    space(lines);
    out_.sink(lines, path == nullptr ? base::Place{conf_.name(), 0, 0} : conf_.place(*path));
  }

  ConfigText::Line rotate() {
    const Setting* size = take("max_log_file");
    const Setting* action = take("max_log_file_action");
    const Setting* logs = take("num_logs");
    std::string why;
    for (const Setting* setting : {size, action, logs})
      if (setting != nullptr) why += (why.empty() ? "" : ", ") + said(setting);
    const std::string what = conf_.word("max_log_file_action", "ignore");
    const std::uint32_t mib = size == nullptr ? 0 : number(size->value).value_or(0);
    std::uint32_t kept = logs == nullptr ? 0 : number(logs->value).value_or(0);
    constexpr std::uint32_t kForEver = 9999;
    const bool keeps_all = what == "keep_logs";
    if (keeps_all) note(*action, "so many files are kept as rotate.keep says, not all: 9999");
    // auditd counts the current file too, and does not rotate when it may have only that.
    const bool rotates = mib > 0 && (keeps_all || (what == "rotate" && kept >= 2));
    if (action != nullptr && !among(what, {"ignore", "rotate", "keep_logs"}))
      note(*action, "at its size the file is rotated, or nothing happens");
    if (!rotates) return {"rotate", "{size: 0, keep: " + std::to_string(std::max(kept, 2U) - 1) + "}", why};
    kept = keeps_all ? kForEver : kept - 1;
    return {"rotate", "{size: " + std::to_string(mib) + "MiB, keep: " + std::to_string(kept) + "}", why};
  }

  // auditd has two thresholds, nauditd one: that of the stronger action, or the first. Nothing is stopped or executed.
  void space(std::vector<ConfigText::Line>& lines) {
    struct Level {
      const Setting* size;
      const Setting* action;
      int strength = 0;
    };
    const auto level = [this](const std::string& key) {
      Level found{take(key), take(key + "_action"), 0};
      if (found.size == nullptr || found.action == nullptr) return found;
      const std::string& size = found.size->value;
      const std::size_t digits = std::min(size.find_first_not_of("0123456789"), size.size());
      if (digits == 0 || (digits < size.size() && size.substr(digits) != "%"))
        note(*found.size, "is neither a number of MiB nor a percentage");
      else
        found.strength = strength(conf_.word(key + "_action", ""));
      return found;
    };
    Level taken = level("space_left"), left = level("admin_space_left");
    for (const Level& one : {taken, left}) {
      if (one.strength > 0) continue;
      for (const Setting* setting : {one.size, one.action})
        if (setting != nullptr) out_.needless(said(setting), "always so");
    }
    if (left.strength > taken.strength) std::swap(taken, left);
    if (taken.strength > 0) {
      const bool is_share = taken.size->value.ends_with('%');
      lines.push_back({"keep_free", taken.size->value + (is_share ? "" : "MiB"), said(taken.size)});
      lines.push_back(
          {"when_low", std::string(kWhenLow[static_cast<std::size_t>(taken.strength - 1)]), said(taken.action)});
      if (!among(conf_.word(taken.action->key, ""), {"syslog", "rotate", "suspend"}))
        note(*taken.action,
             "it is told, as an event and in the log; nauditd sends no mail, executes nothing and stops no machine");
    }
    if (left.strength > 0)
      note(*left.action,
           said(left.size) + ", " + said(left.action) + ": a file sink has one threshold, that of " + taken.size->key);
    const Setting* full = take("disk_full_action");
    if (full == nullptr) return;
    const std::string word = conf_.word("disk_full_action", "");
    lines.push_back({"when_full", word == "rotate" ? "drop-oldest-files" : "wait", said(full)});
    if (!among(word, {"ignore", "syslog", "rotate", "suspend"}))
      note(*full, "it is told, and writing goes on when there is room; nauditd executes nothing and stops no machine");
  }

  // Of an action, from telling to not writing; 0: none.
  static constexpr std::string_view kWhenLow[] = {"tell", "drop-oldest-files", "pause"};
  static int strength(std::string_view action) {
    if (action == "ignore" || action.empty()) return 0;
    return action == "rotate" ? 2 : action == "suspend" ? 3 : 1;
  }

  ConfigText::Line sync() {
    const Setting* flush = take("flush");
    const Setting* freq = take("freq");
    std::string why = said(flush);
    if (freq != nullptr) why += (why.empty() ? "" : ", ") + said(freq);
    const std::string how = conf_.word("flush", "none");
    if (how == "none") return {"sync", "none", why};
    if (how == "data" || how == "sync") return {"sync", "batch", why};
    return {"sync", "1s", why.empty() ? why : why + " records"};
  }

  // What becomes of a keyword that has no place in nauditd.yaml.
  struct Verdict {
    bool needless = false;
    std::string reason;
    friend bool operator==(const Verdict&, const Verdict&) = default;
  };

  // All keywords that are left, in the order of the file, each once; those with the same reason together.
  void rest() {
    struct Group {
      Verdict verdict;
      base::Place place;
      std::string said;
    };
    std::vector<Group> groups;
    for (const Setting& first : conf_.settings()) {
      if (!taken_.insert(first.key).second) continue;
      const Setting& setting = *conf_.find(first.key);
      const Verdict verdict = judge(setting);
      const auto same =
          std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.verdict == verdict; });
      if (same == groups.end())
        groups.push_back({verdict, conf_.place(setting), said(&setting)});
      else
        same->said += ", " + said(&setting);
    }
    for (const Group& group : groups)
      if (group.verdict.needless)
        out_.needless(group.said, group.verdict.reason);
      else
        out_.note(group.place, group.said + ": " + group.verdict.reason);
  }

  Verdict judge(const Setting& setting) const {
    const std::string_view key = setting.key;
    const std::string value = conf_.word(key, "");
    if (std::find(std::begin(kListening), std::end(kListening), key) != std::end(kListening)) {
      const bool listens = conf_.find("tcp_listen_port") != nullptr;
      if (key == "distribute_network" && listens)
        return {true, "what a source brings goes to all sinks, unless their filter on 'host' says otherwise"};
      return {true, listens ? "see tcp_listen_port" : "auditd does not listen for other machines"};
    }
    if (key == "local_events") {
      if (value == "yes") return {true, "always so"};
      return {false, "kernel.mode none with sources is that"};
    }
    if (key == "overflow_action") {
      if (value == "ignore" || value == "syslog") return {true, "each sink has its queue and tells what it dropped"};
      return {false, "a sink whose queue is full drops, or waits (sinks.queue.when_full)"};
    }
    if (key.ends_with("_action") && value == "ignore") return {true, "always so"};
    if (key == "disk_error_action") {
      return {false,
              "a file sink that cannot write counts and tells what it drops, and goes on when it can; it has no "
              "other action yet"};
    }
    if (among(key, {"verify_email", "action_mail_acct"})) return {true, "no action sends mail"};
    if (key == "plugin_dir" && !value.ends_with("/audit/plugins.d") && !value.ends_with("/audisp/plugins.d"))
      return {false, "only plugins.d beside this file was read"};
    if (among(key, {"q_depth", "max_restarts", "plugin_dir"}))
      return {true, "each plugin is a sink with its own queue, and is started again by itself"};
    if (among(key, {"dispatcher", "disp_qos"})) return {true, "auditd ignores it too"};
    if (key == "report_interval") return {false, "'nauditctl status' reports when asked"};
    return {false, "auditd knows no such keyword"};
  }

  const AuditdInstallation& from_;
  const AuditdConf& conf_;
  ConfigText& out_;
  std::string format_ = "raw";
  std::set<std::string> taken_;
};

}  // namespace

void import_kernel(const AuditdInstallation::Kernel& wanted, ConfigText& out) {
  const auto set = [&out](const char* key, const std::string& value, const char* option) {
    out.set("kernel", key, value, option, {});
  };
  if (wanted.enabled) set("enabled", *wanted.enabled == 0 ? "false" : "true", "-e");
  if (wanted.backlog_limit) set("backlog_limit", std::to_string(*wanted.backlog_limit), "-b");
  if (wanted.backlog_wait_time) {
    set("backlog_wait_time", base::duration_text(*wanted.backlog_wait_time),
        "--backlog_wait_time, in this kernel's unit");
  }
  if (wanted.rate_limit) set("rate_limit", std::to_string(*wanted.rate_limit), "-r");
  if (wanted.failure) set("failure", *wanted.failure == 0 ? "silent" : "printk", "-f");
  if (wanted.loginuid_immutable) set("loginuid_immutable", "true", "--loginuid-immutable");
}

void import_auditd(const AuditdInstallation& installation, ConfigText& out) {
  Import(installation, out).run();
}

ImportedConfig import_auditd(const AuditdInstallation& installation, const config::Kinds& kinds) {
  ConfigText out(kinds);
  import_auditd(installation, out);
  ImportedConfig done;
  done.yaml = out.text(!installation.daemon.name().empty()) + original_lines(installation.daemon);
  done.notes = out.take_notes();
  config::parse(done.yaml, "nauditd.yaml", kinds);
  return done;
}

}  // namespace naudit::migrate
