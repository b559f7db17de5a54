// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/print.hpp"

#include <array>

#include <yaml-cpp/yaml.h>

#include "base/units.hpp"
#include "config/sinks.hpp"
#include "config/sources.hpp"
#include "config/vocabulary.hpp"

namespace naudit::config {
namespace {

std::string listen_text(const Metrics& metrics) {
  if (metrics.address.empty()) return std::string(kNoListen);
  const bool is_v6 = metrics.address.find(':') != std::string::npos;
  return (is_v6 ? '[' + metrics.address + ']' : metrics.address) + ':' + std::to_string(metrics.port);
}

class Printer {
 public:
  explicit Printer(const Kinds& kinds) : kinds_(kinds) {}
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
  void value(std::string_view key, const Printed& value) {
    if (const auto* one = std::get_if<std::string>(&value)) text(key, *one);
    if (const auto* many = std::get_if<std::vector<std::string>>(&value)) list(key, *many);
    if (const auto* map = std::get_if<TextMap>(&value)) {
      section(key, [&] {
        for (const auto& [name, one] : *map) text(name, one);
      });
    }
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
  void options(const OptionTable& table, const void* options, std::string_view only = {});
  void daemon(const Daemon& daemon);

  const Kinds& kinds_;
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

// The keys of a table, those of one first word together; a switch that is off, or a text, stands for its map.
void Printer::options(const OptionTable& table, const void* options, std::string_view only) {
  for (const OptionSection& one : table.sections()) {
    if (!only.empty() && one.name != only) continue;
    const Printed self = one.self == nullptr ? Printed() : one.self->print(options);
    const bool is_switch = one.self != nullptr && one.self->shape.kind == Shape::Kind::kFlag;
    const bool replaces_map = is_switch ? self == Printed(std::string("false")) : self != Printed();
    if (one.members.empty() || replaces_map) {
      value(one.name, self);
      continue;
    }
    std::vector<std::pair<std::string_view, Printed>> members;
    for (const OptionRow* row : one.members)
      if (Printed text = row->print(options); text != Printed()) members.emplace_back(row->inner(), std::move(text));
    if (members.empty()) {
      value(one.name, self);
      continue;
    }
    section(one.name, [&] {
      for (const auto& [key, text] : members) value(key, text);
    });
  }
}

void Printer::sink(const Sink& sink) {
  const SinkKind* kind = kinds_.sink(sink.type);
  const FormatKind* format = kinds_.format(sink.format);
  out_ << YAML::BeginMap;
  text("name", sink.name);
  text("type", sink.type);
  text("format", sink.format);
  if (format != nullptr && sink.format_options.get() != nullptr)
    section(format->name, [&] { options(format->options, sink.format_options.get()); });
  options(common_options(), &sink, "filter");
  options(common_options(), &sink, "redact");
  options(common_options(), &sink, "rate_limit");
  options(common_options(), &sink, "aggregate");
  if (kind != nullptr && sink.options.get() != nullptr) options(kind->options, sink.options.get());
  options(common_options(), &sink, "queue");
  options(common_options(), &sink, "spool");
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
    number("max_out_of_order", config.events.max_out_of_order);
    flag("log_out_of_order", config.events.log_out_of_order);
  });
  if (!config.sources.empty()) {
    out_ << YAML::Key << "sources" << YAML::Value << YAML::BeginSeq;
    for (const Source& source : config.sources) {
      out_ << YAML::BeginMap;
      options(source_options(), &source);
      out_ << YAML::EndMap;
    }
    out_ << YAML::EndSeq;
  }
  out_ << YAML::Key << "sinks" << YAML::Value << YAML::BeginSeq;
  for (const Sink& entry : config.sinks) sink(entry);
  out_ << YAML::EndSeq;
  section("plugins", [&] {
    if (config.plugins.directories.empty())
      text("directories", kNoWords);
    else
      list("directories", config.plugins.directories);
    flag("names", config.plugins.names);
    flag("node", config.plugins.node);
    number("max_restarts", config.plugins.max_restarts);
  });
  section("metrics", [&] {
    text("listen", listen_text(config.metrics));
    flag("remote", config.metrics.remote);
  });
  section("daemon", [&] { daemon(config.daemon); });
  out_ << YAML::EndMap;
  return std::string(out_.c_str()) + '\n';
}

}  // namespace

std::string print(const Config& config, const Kinds& kinds) {
  return Printer(kinds).print(config);
}

}  // namespace naudit::config
