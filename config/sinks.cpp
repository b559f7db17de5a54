// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <map>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "base/units.hpp"
#include "config/config.hpp"
#include "config/sections.hpp"
#include "config/values.hpp"
#include "config/vocabulary.hpp"

namespace naudit::config {
namespace {

using YamlNode = YAML::Node;
using namespace std::chrono_literals;

constexpr std::string_view kMozdef = "mozdef";
constexpr std::uint64_t kMostQueue = 16ULL * 1024 * kMiB;
constexpr std::int64_t kMostQueueEvents = 1'000'000'000;
constexpr std::int64_t kMostRotated = 100'000;
constexpr std::int64_t kMostBatchEvents = 1'000'000;

void read_mode(const YamlNode& node, std::uint32_t& out, Reading& reading) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  const bool octal = text.size() == 4 && text.front() == '0' && text.find_first_not_of("01234567") == std::string::npos;
  const auto mode = octal ? static_cast<std::uint32_t>(std::stoul(text, nullptr, 8)) : 0U;
  // Owner may read and write; nobody executes; only the owner and the group write.
  if ((mode & 0600U) != 0600U || (mode & 0113U) != 0) {
    return reading.problems.add(
        node, "expected the file's permissions in octal, 0600, 0640, 0660 or 0644, not " + base::in_quotes(text));
  }
  out = mode;
}

void read_sync(const YamlNode& node, Sync& out, Reading& reading) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  if (text == "none") {
    out.kind = SyncKind::kNone;
  } else if (text == "batch") {
    out.kind = SyncKind::kBatch;
  } else if (const auto interval = base::parse_duration(text); interval && *interval >= 10ms && *interval <= 1h) {
    out = {SyncKind::kInterval, *interval};
  } else {
    reading.problems.add(node,
                         "expected none, batch, or an interval from 10ms to 1h like 1s, not " + base::in_quotes(text));
  }
}

void read_outcome(const YamlNode& node, std::optional<Outcome>& out, Reading& reading) {
  const int index = read_choice(node, kOutcomes, reading.problems);
  if (index >= 0) out = static_cast<Outcome>(index);
}

void read_tls(const YamlNode& node, Tls& out, Reading& reading) {
  if (node.IsScalar()) return read_bool(node, out.enabled, reading.problems);
  if (node.IsMap()) out.enabled = true;
  read_map(node, "tls", tls_keys(out, reading), reading.problems);
}

std::string types_text(const std::vector<SinkType>& types) {
  std::string text;
  for (const SinkType type : types) {
    if (!text.empty()) text += " and ";
    text += word_of(type, kSinkTypes);
  }
  return text;
}

void require(const YamlNode& sink, const std::map<std::string_view, YamlNode>& given, std::string_view key,
             std::string_view example, Reading& reading) {
  if (given.contains(key)) return;
  reading.problems.add(sink, "this sink has no '" + std::string(key) + "'; write one, like '" + std::string(key) +
                                 ": " + std::string(example) + "'");
}

void require_all(const YamlNode& node, const std::map<std::string_view, YamlNode>& given, SinkType type,
                 Reading& reading) {
  require(node, given, "name", "log", reading);
  switch (type) {
    case SinkType::kFile:
      return require(node, given, "path", "/var/log/naudit/events.json", reading);
    case SinkType::kTcp:
      return require(node, given, "address", "siem.example:6514", reading);
    case SinkType::kHttps:
      return require(node, given, "url", "https://siem.example:9200/_bulk", reading);
  }
}

// Which keys may stand depends on the type, which may come last: collect first, then read.
void read_sink(const YamlNode& node, Sink& out, Reading& reading) {
  const std::vector<SinkKey> known = sink_keys(out, reading);
  std::map<std::string_view, YamlNode> given;
  std::vector<Key> collect;
  for (const SinkKey& entry : known) {
    const std::string_view name = entry.key.name;
    collect.push_back({name, [&given, name](const YamlNode& value) { given.emplace(name, value); }});
  }
  const std::size_t before = reading.problems.size();
  read_map(node, "a sink", collect, reading.problems);
  if (!node.IsMap() || given.empty()) {
    if (reading.problems.size() == before) reading.problems.add(node, "expected a sink here: {name: …, type: …}");
    return;
  }
  const auto type = given.find("type");
  if (type == given.end()) return require(node, given, "type", "file", reading);
  const int index = read_choice(type->second, kSinkTypes, reading.problems);
  if (index < 0) return;
  out.type = static_cast<SinkType>(index);
  for (const SinkKey& entry : known) {
    const auto value = given.find(entry.key.name);
    if (value == given.end()) continue;
    if (std::find(entry.types.begin(), entry.types.end(), out.type) != entry.types.end()) {
      entry.key.read(value->second);
    } else {
      reading.problems.add(value->second, "'" + std::string(entry.key.name) + "' has no meaning for a " +
                                              std::string(word_of(out.type, kSinkTypes)) + " sink, only for " +
                                              types_text(entry.types));
    }
  }
  require_all(node, given, out.type, reading);
  if (out.format == kMozdef && !given.contains("body")) out.body = HttpBody::kEvent;
  if (out.format != kMozdef && given.contains("mozdef")) {
    reading.problems.add(given.at("mozdef"), "'mozdef' has no meaning with the format " + base::in_quotes(out.format) +
                                                 "; write 'format: mozdef' or remove it");
  }
  if (out.url.starts_with("https://") && !given.contains("tls")) out.tls.enabled = true;
}

}  // namespace

std::vector<Sink> default_sinks() {
  Sink log;
  log.name = "log";
  log.path = "/var/log/naudit/events.json";
  return {log};
}

std::vector<Key> filter_keys(Filter& filter, Reading& reading) {
  return {
      {"keys", [&](const YamlNode& node) { read_list(node, filter.keys, reading.problems); }},
      {"types", [&](const YamlNode& node) { read_list(node, filter.types, reading.problems); }},
      {"syscalls", [&](const YamlNode& node) { read_list(node, filter.syscalls, reading.problems); }},
      {"uids", [&](const YamlNode& node) { read_list(node, filter.uids, reading.problems); }},
      {"outcome", [&](const YamlNode& node) { read_outcome(node, filter.outcome, reading); }},
  };
}

std::vector<Key> mozdef_keys(Mozdef& mozdef, Reading& reading) {
  return {
      {"process_name", [&](const YamlNode& node) { read_text(node, mozdef.process_name, reading.problems); }},
      {"paths", [&](const YamlNode& node) { read_bool(node, mozdef.paths, reading.problems); }},
      {"strict", [&](const YamlNode& node) { read_bool(node, mozdef.strict, reading.problems); }},
      {"prefix", [&](const YamlNode& node) { read_text(node, mozdef.prefix, reading.problems); }},
      {"suffix", [&](const YamlNode& node) { read_text(node, mozdef.suffix, reading.problems); }},
  };
}

std::vector<Key> queue_keys(Queue& queue, Reading& reading) {
  return {
      {"size", [&](const YamlNode& node) { read_size_between(node, 64 * kKiB, kMostQueue, queue.size, reading); }},
      {"events", [&](const YamlNode& node) { read_number(node, 0, kMostQueueEvents, queue.events, reading); }},
      {"when_full", [&](const YamlNode& node) { read_enum(node, kWhenFulls, queue.when_full, reading); }},
  };
}

std::vector<Key> rotate_keys(Rotate& rotate, Reading& reading) {
  return {
      {"size", [&](const YamlNode& node) { read_size(node, rotate.size, reading.problems); }},
      {"keep", [&](const YamlNode& node) { read_number(node, 0, kMostRotated, rotate.keep, reading); }},
  };
}

std::vector<Key> tls_keys(Tls& tls, Reading& reading) {
  return {
      {"verify", [&](const YamlNode& node) { read_bool(node, tls.verify, reading.problems); }},
      {"ca", [&](const YamlNode& node) { read_path(node, tls.ca, reading); }},
      {"certificate", [&](const YamlNode& node) { read_path(node, tls.certificate, reading); }},
      {"key", [&](const YamlNode& node) { read_path(node, tls.key, reading); }},
      {"server_name", [&](const YamlNode& node) { read_text(node, tls.server_name, reading.problems); }},
  };
}

std::vector<Key> batch_keys(HttpBatch& batch, Reading& reading) {
  return {
      {"bytes", [&](const YamlNode& node) { read_size_between(node, kKiB, 1024 * kMiB, batch.bytes, reading); }},
      {"events", [&](const YamlNode& node) { read_number(node, 1, kMostBatchEvents, batch.events, reading); }},
      {"time", [&](const YamlNode& node) { read_duration_between(node, 1ms, 1h, batch.time, reading); }},
  };
}

std::vector<Key> retry_keys(Retry& retry, Reading& reading) {
  return {
      {"first", [&](const YamlNode& node) { read_duration_between(node, 10ms, 1h, retry.first, reading); }},
      {"most", [&](const YamlNode& node) { read_duration_between(node, 10ms, 24h, retry.most, reading); }},
  };
}

std::vector<SinkKey> sink_keys(Sink& sink, Reading& reading) {
  Problems& problems = reading.problems;
  const std::vector<SinkType> all = {SinkType::kFile, SinkType::kTcp, SinkType::kHttps};
  const std::vector<SinkType> file = {SinkType::kFile};
  const std::vector<SinkType> https = {SinkType::kHttps};
  const std::vector<SinkType> network = {SinkType::kTcp, SinkType::kHttps};
  // A key whose value is a map of its own.
  const auto section = [&](std::string_view name, auto keys_of, auto& out) {
    return Key{name, [&reading, name, keys_of, &out](const YamlNode& node) {
                 read_map(node, name, keys_of(out, reading), reading.problems);
               }};
  };
  return {
      {{"name", [&](const YamlNode& node) { read_text(node, sink.name, problems); }}, all},
      {{"type", [&](const YamlNode& node) { read_enum(node, kSinkTypes, sink.type, reading); }}, all},
      {{"format", [&](const YamlNode& node) { read_text(node, sink.format, problems); }}, all},
      {section("mozdef", mozdef_keys, sink.mozdef), all},
      {section("filter", filter_keys, sink.filter), all},
      {section("queue", queue_keys, sink.queue), all},
      {{"path", [&](const YamlNode& node) { read_path(node, sink.path, reading); }}, file},
      {{"mode", [&](const YamlNode& node) { read_mode(node, sink.mode, reading); }}, file},
      {section("rotate", rotate_keys, sink.rotate), file},
      {{"sync", [&](const YamlNode& node) { read_sync(node, sink.sync, reading); }}, file},
      {{"address", [&](const YamlNode& node) { read_text(node, sink.address, problems); }}, {SinkType::kTcp}},
      {{"url", [&](const YamlNode& node) { read_text(node, sink.url, problems); }}, https},
      {{"token_file", [&](const YamlNode& node) { read_path(node, sink.token_file, reading); }}, https},
      {{"body", [&](const YamlNode& node) { read_enum(node, kHttpBodies, sink.body, reading); }}, https},
      {section("batch", batch_keys, sink.batch), https},
      {{"tls", [&](const YamlNode& node) { read_tls(node, sink.tls, reading); }}, network},
      {section("retry", retry_keys, sink.retry), network},
      {{"timeout", [&](const YamlNode& node) { read_duration_between(node, 100ms, 1h, sink.timeout, reading); }},
       network},
  };
}

void read_sinks(const YamlNode& node, std::vector<Sink>& out, Reading& reading) {
  if (!node.IsSequence())
    return reading.problems.add(node, "expected a list of sinks: '- name: log' and below it the sink's other keys");
  std::vector<Sink> sinks;
  for (const auto& item : node) read_sink(item, sinks.emplace_back(), reading);
  out = std::move(sinks);
}

}  // namespace naudit::config
