// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/loader.hpp"

#include <filesystem>

#include <yaml-cpp/yaml.h>

#include "base/file.hpp"
#include "config/sections.hpp"
#include "config/validate.hpp"
#include "config/yaml/document.hpp"

namespace naudit::config {

Loaded load(const std::string& path, bool check_permissions) {
  return parse(base::read_file(path, check_permissions), path);
}

Loaded parse(const std::string& text, const std::string& name) {
  const YAML::Node root = parse_yaml(text, name);
  Problems problems(name);
  Reading reading{problems, std::filesystem::absolute(name).parent_path().string()};
  Loaded loaded{{}, Places(name, root)};
  Config& config = loaded.config;
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
               {"sinks", [&](const YAML::Node& node) { read_sinks(node, config.sinks, reading); }},
               section("daemon", daemon_keys, config.daemon),
           },
           problems);
  // A value that is wrong in itself would only be reported twice.
  if (problems.empty()) validate(config, loaded.places, problems);
  problems.throw_if_any();
  return loaded;
}

}  // namespace naudit::config
