// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/plugins.hpp"

#include <vector>

#include "config/yaml/scalar.hpp"

namespace naudit::migrate {
namespace {

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

class Plugins {
 public:
  Plugins(const AuditdInstallation& from, const std::string& format, AuditdText& out)
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
  using Lines = std::vector<AuditdText::Line>;

  static base::Place place(const AuditdConf& conf) {
    const auto* path = conf.find("path");
    return path == nullptr ? base::Place{conf.name(), 0, 0} : conf.place(*path);
  }

  void take(const AuditdConf& plugin) {
    const std::string path = plugin.text("path");
    const std::string program = base_name(path);
    if (program == "builtin_af_unix" || program == "audisp-af_unix") {
      out_.note(place(plugin), "events on a unix socket (" + plugin.text("args") +
                                   "): there is no such sink yet; 'nauditctl tail --raw' prints the same lines");
    } else if (program == "builtin_syslog" || program == "audisp-syslog") {
      out_.note(place(plugin), "events to syslog (" + plugin.text("args") + "): there is no such sink yet");
    } else if (program == "audisp-remote") {
      remote(plugin);
    } else if (program == "audisp-json") {
      json(plugin);
    } else if (program == "laurel") {
      out_.note(place(plugin),
                "laurel makes JSON of auditd's records; a sink of 'format: json' does that without it. Its "
                "own configuration is not read");
    } else {
      out_.note(place(plugin), "nauditd does not run plugins yet: " + (path.empty() ? plugin.name() : path));
    }
  }

  // "ascii" is plain lines over TCP, as our sink sends them; "managed" is auditd's own protocol.
  void remote(const AuditdConf& plugin) {
    if (!from_.remote) return out_.note(place(plugin), "audisp-remote is active, but there is no audisp-remote.conf");
    const AuditdConf& conf = *from_.remote;
    for (const base::Problem& problem : conf.problems()) out_.note(problem.place, problem.message);
    const auto* server = conf.find("remote_server");
    if (server == nullptr) return out_.note({conf.name(), 0, 0}, "there is no remote_server");
    const std::string port = conf.find("port") == nullptr ? "60" : conf.text("port");
    const bool v6 = server->value.find(':') != std::string::npos;
    const std::string address = (v6 ? '[' + server->value + ']' : server->value) + ':' + port;
    const std::string transport = conf.word("transport", "tcp");
    const bool plain = conf.word("format", "managed") == "ascii" && transport == "tcp";
    if (!plain) {
      return out_.note(
          conf.place(*server),
          "events to auditd on " + address +
              ": its protocol (format managed) and its transports (KRB5, TLS with a shared key) are not spoken "
              "yet; a sink of 'type: tcp' sends lines, over TLS with certificates if asked");
    }
    out_.sink({{"name", "remote", ""},
               {"type", "tcp", ""},
               {"format", format_, "as the log"},
               {"address", config::yaml_scalar(address), "remote_server, port"}},
              conf.place(*server));
    for (const char* key : {"queue_file", "queue_depth", "network_failure_action", "overflow_action"}) {
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
  AuditdText& out_;
};

}  // namespace

void import_plugins(const AuditdInstallation& installation, const std::string& format, AuditdText& out) {
  Plugins(installation, format, out).run();
}

}  // namespace naudit::migrate
