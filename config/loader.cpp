// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/loader.hpp"

#include <filesystem>

#include <yaml-cpp/yaml.h>

#include "base/file.hpp"
#include "base/units.hpp"
#include "config/sections.hpp"
#include "config/sinks.hpp"
#include "config/sources.hpp"
#include "config/yaml/document.hpp"

namespace naudit::config {
namespace {

// What no single value shows: values that contradict each other.
void check(const Loaded& loaded, const Kinds& kinds, Problems& problems) {
  const Events& events = loaded.config.events;
  if (events.quiet > events.timeout) {
    problems.add(loaded.places.of("events.quiet"), "quiet, " + base::duration_text(events.quiet) +
                                                       ", is longer than timeout, " +
                                                       base::duration_text(events.timeout) + "; it has to be shorter");
  }
  const Metrics& metrics = loaded.config.metrics;
  if (!metrics.is_loopback && !metrics.remote) {
    problems.add(loaded.places.of("metrics.listen"),
                 "whoever reaches " + metrics.address +
                     " could read the metrics, without a password and in the clear; listen at 127.0.0.1, or say "
                     "'remote: true' if that is meant");
  }
  check_sources(loaded.config, loaded.places, problems);
  check_sinks(loaded.config.sinks, kinds, loaded.places, problems);
}

}  // namespace

Loaded load(const std::string& path, const Kinds& kinds, bool check_permissions) {
  return parse(base::read_file(path, check_permissions), path, kinds);
}

Loaded parse(const std::string& text, const std::string& name, const Kinds& kinds) {
  const YAML::Node root = parse_yaml(text, name);
  Problems problems(name);
  Reading reading{problems, std::filesystem::absolute(name).parent_path().string()};
  Loaded loaded{{}, Places(name, root, text)};
  Config& config = loaded.config;
  bool has_sinks = false;
  const auto section = [&](std::string_view key, auto keys_of, auto& out) {
    return Key{key, [&reading, key, keys_of, &out](const YAML::Node& node) {
                 read_map(node, key, keys_of(out, reading), reading.problems);
               }};
  };
  read_map(root, "nauditd.yaml",
           {
               {"node", [&](const YAML::Node& node) { read_node(node, config.node, reading); }},
               section("kernel", kernel_keys, config.kernel),
               section("rules", rules_keys, config.rules),
               section("events", events_keys, config.events),
               {"sources", [&](const YAML::Node& node) { read_sources(node, config.sources, reading); }},
               {"sinks",
                [&](const YAML::Node& node) {
                  has_sinks = true;
                  read_sinks(node, kinds, config.sinks, reading);
                }},
               section("plugins", plugins_keys, config.plugins),
               section("metrics", metrics_keys, config.metrics),
               section("daemon", daemon_keys, config.daemon),
           },
           problems);
  if (!has_sinks) read_sinks(YAML::Load(std::string(kinds.default_sinks)), kinds, config.sinks, reading);
  // A value that is wrong in itself would only be reported twice.
  if (problems.empty()) check(loaded, kinds, problems);
  problems.throw_if_any();
  return loaded;
}

}  // namespace naudit::config
