// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/sources/auditbeat/outputs.hpp"

#include <filesystem>

#include "config/yaml/scalar.hpp"

namespace naudit::migrate {
namespace {

using Lines = std::vector<ConfigText::Line>;
using Setting = Settings::Setting;

class Output {
 public:
  Output(Settings& from, Draft& draft, std::string key) : from_(from), draft_(draft), key_(std::move(key)) {}

  // Whether it is there and enabled. One that has no settings is none.
  bool is_there() {
    const Setting* const enabled = take("enabled");
    place_ = enabled == nullptr ? base::Place{from_.name(), 0, 0} : enabled->place;
    if (enabled != nullptr && !from_.is_on(key_ + ".enabled", true)) {
      from_.below(key_);
      draft_.config().needless(key_, "this output is not enabled");
      return false;
    }
    for (const char* name : {"hosts", "path", "pretty"})
      if (const Setting* const setting = from_.take(key_ + '.' + name)) {
        place_ = setting->place;
        return true;
      }
    return enabled != nullptr;
  }

  void elasticsearch() {
    Lines lines = begin("elasticsearch");
    const std::vector<std::string> hosts = list("hosts");
    if (hosts.size() > 1)
      note("hosts",
           "a sink has one address; the others were left out. A name that leads to all of them, or a proxy, does it");
    lines.push_back(
        {"url", config::yaml_scalar(url_of(hosts.empty() ? "localhost:9200" : hosts[0])), "hosts, protocol"});
    index(lines, "index");
    add(lines, "pipeline", "pipeline");
    add(lines, "bulk_max_size", "batch", "events");
    add(lines, "worker", "parallel");
    add(lines, "proxy_url", "proxy");
    secrets(lines);
    tls(lines);
    needless({"compression_level", "loadbalance", "max_retries", "backoff.init", "backoff.max", "timeout"});
    end(std::move(lines));
  }

  void kafka() {
    Lines lines = begin("kafka");
    lines.push_back({"brokers", flow_list(list("hosts")), ""});
    index(lines, "topic");
    add(lines, "compression", "compression");
    secrets(lines);
    tls(lines);
    needless({"required_acks", "max_retries", "bulk_max_size", "worker", "timeout", "keep_alive",
              "partition.round_robin.reachable_only"});
    end(std::move(lines));
  }

  void file() {
    Lines lines = begin("file");
    const std::filesystem::path path = std::filesystem::path(text("path")) / text("filename", "auditbeat");
    lines.push_back({"path", config::yaml_scalar(path.string()), "path, filename"});
    // The beat's own where the file has none.
    lines.push_back({"rotate",
                     "{size: " + flow_scalar(text("rotate_every_kb", "10240") + "KiB") +
                         ", keep: " + flow_scalar(text("number_of_files", "7")) + '}',
                     "rotate_every_kb, number_of_files"});
    if (const Setting* const mode = take("permissions"))
      lines.push_back({"mode", config::yaml_scalar(mode->first()), ""});
    end(std::move(lines));
  }

  void console() {
    Lines lines = begin("stdout");
    needless({"pretty"});
    end(std::move(lines));
  }

  void left(const std::string& why) {
    from_.below(key_);
    draft_.note(place_, key_ + ": " + why);
  }

 private:
  const Setting* take(const std::string& name) { return from_.take(key_ + '.' + name); }
  std::string text(const std::string& name, const char* otherwise = "") {
    return from_.text(key_ + '.' + name, otherwise);
  }
  // One may be written without the list.
  std::vector<std::string> list(const std::string& name) { return from_.list(key_ + '.' + name); }

  void note(const std::string& name, const std::string& why) {
    const Setting* const setting = take(name);
    draft_.note(setting == nullptr ? place_ : setting->place, key_ + '.' + name + ": " + why);
  }

  void add(Lines& lines, const char* name, const char* key, const char* inner = nullptr) {
    const Setting* const setting = take(name);
    if (setting == nullptr) return;
    const std::string value = flow_scalar(setting->first());
    lines.push_back({key, inner == nullptr ? value : '{' + std::string(inner) + ": " + value + '}', name});
  }

  // A name that is put together for each event cannot be said.
  void index(Lines& lines, const char* name) {
    const Setting* const setting = take(name);
    if (setting == nullptr) {
      if (std::string_view(name) == "topic") return;
      lines.push_back({name, "auditbeat", "not auditbeat-VERSION: nauditd's documents have a mapping of their own"});
    } else if (setting->first().find("%{") == std::string::npos) {
      lines.push_back({name, config::yaml_scalar(setting->first()), ""});
    } else {
      draft_.note(setting->place, setting->said() + ": a name is not put together for each event");
      lines.push_back({name, "auditbeat", name});
    }
  }

  void secrets(Lines& lines) {
    if (const Setting* const user = take("username")) {
      const bool is_kafka = lines.at(1).value == "kafka";
      draft_.note(user->place,
                  key_ + ".username: nauditd reads passwords from files of root's: write it into one, and " +
                      (is_kafka ? "'sasl: {mechanism: PLAIN, user: " : "'user: ") + user->first() +
                      (is_kafka ? ", password_file: FILE}'" : "' and 'password_file: FILE'") + " into the sink");
    }
    take("password");
    if (const Setting* const api = take("api_key"))
      draft_.note(api->place, key_ +
                                  ".api_key: write the header 'Authorization: ApiKey …' into a file of root's, and "
                                  "'headers_file: FILE' into the sink");
  }

  void tls(Lines& lines) {
    const std::string mode = text("ssl.verification_mode", "full");
    const std::vector<std::string> authorities = list("ssl.certificate_authorities");
    std::string options;
    const auto append = [&options](const std::string& text) { options += (options.empty() ? "" : ", ") + text; };
    if (mode == "none")
      append("verify: false");  // and no authority is asked
    else if (!authorities.empty())
      append("ca: " + config::yaml_scalar(authorities[0], true));
    if (authorities.size() > 1) note("ssl.certificate_authorities", "'ca' is one file: put the certificates together");
    if (const auto* one = take("ssl.certificate")) append("certificate: " + flow_scalar(one->first()));
    if (const auto* one = take("ssl.key")) append("key: " + flow_scalar(one->first()));
    if (mode == "certificate")
      note("ssl.verification_mode", "a certificate's name is always checked; 'server_name' says which");
    needless({"ssl.enabled"});
    if (!options.empty()) lines.push_back({"tls", '{' + options + '}', "ssl"});
  }

  void needless(std::initializer_list<const char*> names) {
    for (const char* name : names)
      if (const Setting* const setting = take(name))
        draft_.config().needless(setting->said(), "a sink tries again for ever, in its own way (sinks.retry)");
  }

  // A host may stand for a whole URL, with the rest from protocol, path and the product's port.
  std::string url_of(const std::string& host) {
    const std::string protocol = text("protocol", "http"), path = text("path");
    if (host.find("://") != std::string::npos) return host + path;
    const std::size_t bracket = host.find(']');
    const bool has_port = host.find(':', bracket == std::string::npos ? 0 : bracket) != std::string::npos;
    return protocol + "://" + host + (has_port ? "" : ":9200") + path;
  }

  Lines begin(const char* type) {
    return {
        {"name", "auditbeat", key_}, {"type", type, ""}, {"format", "json", "nauditd's own events, not the beat's"}};
  }

  void end(Lines lines) {
    draft_.note(place_, key_ +
                            ": what arrives are nauditd's events (docs/event-format.md), under other names than "
                            "auditbeat's");
    draft_.config().sink(std::move(lines), place_);
  }

  Settings& from_;
  Draft& draft_;
  std::string key_;
  base::Place place_;
};

}  // namespace

void take_beat_outputs(Settings& from, Draft& draft) {
  const auto output = [&](const char* name) { return Output(from, draft, std::string("output.") + name); };
  if (Output one = output("elasticsearch"); one.is_there()) one.elasticsearch();
  if (Output one = output("kafka"); one.is_there()) one.kafka();
  if (Output one = output("file"); one.is_there()) one.file();
  if (Output one = output("console"); one.is_there()) one.console();
  if (Output one = output("logstash"); one.is_there())
    one.left(
        "no sink speaks the beats' protocol; a sink of 'type: tcp' sends lines of JSON to Logstash's input tcp with "
        "the codec json_lines");
  if (Output one = output("redis"); one.is_there()) one.left("there is no sink for Redis");
}

}  // namespace naudit::migrate
