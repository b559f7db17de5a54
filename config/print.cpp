// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/print.hpp"

#include <array>

#include <yaml-cpp/yaml.h>

#include "base/units.hpp"
#include "config/vocabulary.hpp"

namespace naudit::config {
namespace {

class Printer {
 public:
  std::string print(const Config& config);

 private:
  void text(std::string_view key, std::string_view value) {
    out_ << YAML::Key << std::string(key) << YAML::Value << std::string(value);
  }
  void flag(std::string_view key, bool value) { text(key, value ? "true" : "false"); }
  void number(std::string_view key, std::int64_t value) { text(key, std::to_string(value)); }
  void size(std::string_view key, std::uint64_t value) { text(key, base::size_text(value)); }
  void duration(std::string_view key, Milliseconds value) { text(key, base::duration_text(value)); }
  void list(std::string_view key, const std::vector<std::string>& values) {
    out_ << YAML::Key << std::string(key) << YAML::Value << YAML::Flow << values;
  }
  template <typename Value, typename Write>
  void value_or_keep(std::string_view key, const std::optional<Value>& value, Write&& write) {
    if (value)
      write(key, *value);
    else
      text(key, kKeep);
  }
  // A map of its own below `key`.
  template <typename Write>
  void section(std::string_view key, Write&& write) {
    out_ << YAML::Key << std::string(key) << YAML::Value << YAML::BeginMap;
    write();
    out_ << YAML::EndMap;
  }

  void node(const Node& node);
  void kernel(const Kernel& kernel);
  void sink(const Sink& sink);
  void mozdef(const Mozdef& mozdef);
  void filter(const Filter& filter);
  void file(const Sink& sink);
  void https(const Sink& sink);
  void network(const Sink& sink);
  void tls(const Tls& tls);
  void daemon(const Daemon& daemon);

  YAML::Emitter out_;
};

void Printer::node(const Node& node) {
  static constexpr std::array<std::string_view, 3> kKinds = {"none", "hostname", "fqdn"};
  text("node", node.kind == NodeKind::kText ? std::string_view(node.text) : word_of(node.kind, kKinds));
}

void Printer::kernel(const Kernel& kernel) {
  const auto write_number = [&](std::string_view key, std::uint32_t value) { number(key, value); };
  text("mode", word_of(kernel.mode, kKernelModes));
  value_or_keep("enabled", kernel.enabled, [&](std::string_view key, bool value) { flag(key, value); });
  value_or_keep("backlog_limit", kernel.backlog_limit, write_number);
  value_or_keep("backlog_wait_time", kernel.backlog_wait_time,
                [&](std::string_view key, Milliseconds value) { duration(key, value); });
  value_or_keep("rate_limit", kernel.rate_limit, write_number);
  value_or_keep("failure", kernel.failure,
                [&](std::string_view key, FailureMode value) { text(key, word_of(value, kFailureModes)); });
  flag("loginuid_immutable", kernel.loginuid_immutable);
  size("receive_buffer", kernel.receive_buffer);
  text("on_stop", word_of(kernel.on_stop, kOnStops));
}

void Printer::mozdef(const Mozdef& mozdef) {
  text("process_name", mozdef.process_name);
  flag("paths", mozdef.paths);
  flag("strict", mozdef.strict);
  if (!mozdef.prefix.empty()) text("prefix", mozdef.prefix);
  if (!mozdef.suffix.empty()) text("suffix", mozdef.suffix);
}

void Printer::filter(const Filter& filter) {
  if (!filter.keys.empty()) list("keys", filter.keys);
  if (!filter.types.empty()) list("types", filter.types);
  if (!filter.syscalls.empty()) list("syscalls", filter.syscalls);
  if (!filter.uids.empty()) list("uids", filter.uids);
  if (filter.outcome) text("outcome", word_of(*filter.outcome, kOutcomes));
}

void Printer::file(const Sink& sink) {
  const auto octal = [](std::uint32_t mode) {
    return std::string{'0', static_cast<char>('0' + ((mode >> 6U) & 7U)), static_cast<char>('0' + ((mode >> 3U) & 7U)),
                       static_cast<char>('0' + (mode & 7U))};
  };
  text("path", sink.path);
  text("mode", octal(sink.mode));
  section("rotate", [&] {
    size("size", sink.rotate.size);
    number("keep", sink.rotate.keep);
  });
  switch (sink.sync.kind) {
    case SyncKind::kNone:
      return text("sync", "none");
    case SyncKind::kBatch:
      return text("sync", "batch");
    case SyncKind::kInterval:
      return duration("sync", sink.sync.interval);
  }
}

void Printer::https(const Sink& sink) {
  text("url", sink.url);
  if (!sink.token_file.empty()) text("token_file", sink.token_file);
  text("body", word_of(sink.body, kHttpBodies));
  section("batch", [&] {
    size("bytes", sink.batch.bytes);
    number("events", sink.batch.events);
    duration("time", sink.batch.time);
  });
}

void Printer::tls(const Tls& tls) {
  if (!tls.enabled) return flag("tls", false);
  section("tls", [&] {
    flag("verify", tls.verify);
    if (!tls.ca.empty()) text("ca", tls.ca);
    if (!tls.certificate.empty()) text("certificate", tls.certificate);
    if (!tls.key.empty()) text("key", tls.key);
    if (!tls.server_name.empty()) text("server_name", tls.server_name);
  });
}

void Printer::network(const Sink& sink) {
  if (sink.type == SinkType::kTcp) text("address", sink.address);
  if (sink.type == SinkType::kHttps) https(sink);
  // An http:// url has no tls key: it is for loopback.
  if (sink.tls.enabled || sink.type == SinkType::kTcp) tls(sink.tls);
  section("retry", [&] {
    duration("first", sink.retry.first);
    duration("most", sink.retry.most);
  });
  duration("timeout", sink.timeout);
}

void Printer::sink(const Sink& sink) {
  out_ << YAML::BeginMap;
  text("name", sink.name);
  text("type", word_of(sink.type, kSinkTypes));
  text("format", sink.format);
  if (sink.format == "mozdef") section("mozdef", [&] { mozdef(sink.mozdef); });
  if (sink.filter != Filter{}) section("filter", [&] { filter(sink.filter); });
  if (sink.type == SinkType::kFile)
    file(sink);
  else
    network(sink);
  section("queue", [&] {
    size("size", sink.queue.size);
    if (sink.queue.events != 0) number("events", sink.queue.events);
    text("when_full", word_of(sink.queue.when_full, kWhenFulls));
  });
  out_ << YAML::EndMap;
}

void Printer::daemon(const Daemon& daemon) {
  text("control_socket", daemon.control_socket);
  text("state_directory", daemon.state_directory);
  text("log_level", daemon.log_level);
  number("nice", daemon.nice);
  value_or_keep("oom_score_adjust", daemon.oom_score_adjust,
                [&](std::string_view key, std::int32_t value) { number(key, value); });
}

std::string Printer::print(const Config& config) {
  out_ << YAML::BeginMap;
  node(config.node);
  section("kernel", [&] { kernel(config.kernel); });
  section("rules", [&] {
    list("files", config.rules.files);
    flag("exclusive", config.rules.exclusive);
    flag("lenient", config.rules.lenient);
    text("drift", word_of(config.rules.drift, kDrifts));
  });
  section("events", [&] {
    duration("quiet", config.events.quiet);
    duration("timeout", config.events.timeout);
    number("max_open", config.events.max_open);
    size("max_open_bytes", config.events.max_open_bytes);
    duration("pause", config.events.pause);
  });
  out_ << YAML::Key << "sinks" << YAML::Value << YAML::BeginSeq;
  for (const Sink& entry : config.sinks) sink(entry);
  out_ << YAML::EndSeq;
  section("daemon", [&] { daemon(config.daemon); });
  out_ << YAML::EndMap;
  return std::string(out_.c_str()) + '\n';
}

}  // namespace

std::string print(const Config& config) {
  return Printer().print(config);
}

}  // namespace naudit::config
