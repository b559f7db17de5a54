// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The files that are shipped: nauditd.yaml states the defaults and mentions every key.

#include <set>
#include <sstream>

#include <yaml-cpp/yaml.h>

#include "base/file.hpp"
#include "config/loader.hpp"
#include "config/sections.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::config;
using namespace naudit::base;

namespace {

const std::string kFolder = std::string(NAUDIT_SOURCE_DIR) + "/config/";

std::string shipped() {
  return read_file(kFolder + "nauditd.yaml", false);
}

// With the examples put into force: the lines that start with "#  ".
std::string with_examples() {
  std::istringstream lines(shipped());
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool example = line.starts_with("#  ");
    text += (example ? line.substr(1) : line) + '\n';
  }
  return text;
}

std::set<std::string> names(const std::vector<Key>& keys) {
  std::set<std::string> list;
  for (const Key& key : keys) list.emplace(key.name);
  return list;
}

std::set<std::string> keys_of(const std::vector<YAML::Node>& maps) {
  std::set<std::string> keys;
  for (const YAML::Node& map : maps)
    for (const auto& entry : map) keys.insert(entry.first.Scalar());
  return keys;
}

}  // namespace

TEST_CASE("the shipped configuration loads to the defaults", "[shipped]") {
  CHECK(parse(shipped(), "/etc/naudit/nauditd.yaml").config == Config{});
}

TEST_CASE("the examples in the shipped configuration are right", "[shipped]") {
  const Config config = parse(with_examples(), "/etc/naudit/nauditd.yaml").config;
  REQUIRE(config.sinks.size() == 4);
  CHECK(config.sinks[1].type == SinkType::kTcp);
  CHECK(config.sinks[1].retry == Retry{});
  CHECK(config.sinks[1].timeout == Sink{}.timeout);
  CHECK(config.sinks[2].type == SinkType::kHttps);
  CHECK(config.sinks[2].batch == HttpBatch{});
  CHECK(config.sinks[2].body == HttpBody::kNdjson);
  CHECK(config.sinks[3].mozdef == Mozdef{});
  CHECK(config.sinks[3].body == HttpBody::kEvent);
}

TEST_CASE("the shipped file and the schema have exactly the keys that the loader knows", "[shipped]") {
  const YAML::Node root = parse_yaml(with_examples(), "nauditd.yaml");
  const YAML::Node schema = load_yaml(std::string(NAUDIT_SOURCE_DIR) + "/docs/nauditd.schema.json", false);
  const YAML::Node sections = schema["properties"];
  const YAML::Node definitions = schema["$defs"];
  Problems problems("none");
  Reading reading{problems, "/"};
  Config config;
  Sink sink;

  const auto check = [](const std::set<std::string>& known, const std::vector<YAML::Node>& shipped_maps,
                        const std::vector<YAML::Node>& schema_maps) {
    CHECK(keys_of(shipped_maps) == known);
    CHECK(keys_of(schema_maps) == known);
  };
  const auto section = [&](const std::string& name, const std::vector<Key>& known) {
    INFO(name);
    check(names(known), {root[name]}, {sections[name]["properties"]});
  };
  section("kernel", kernel_keys(config.kernel, reading));
  section("rules", rules_keys(config.rules, reading));
  section("events", events_keys(config.events, reading));
  section("daemon", daemon_keys(config.daemon, reading));
  CHECK(keys_of({sections}) == keys_of({root}));

  const auto part_of_sink = [&](const std::string& name, const std::vector<Key>& known, const YAML::Node& definition) {
    INFO(name);
    std::vector<YAML::Node> maps;
    for (const auto& entry : root["sinks"])
      if (entry[name]) maps.push_back(entry[name]);
    check(names(known), maps, {definition["properties"]});
  };
  part_of_sink("filter", filter_keys(sink.filter, reading), definitions["filter"]);
  part_of_sink("queue", queue_keys(sink.queue, reading), definitions["queue"]);
  part_of_sink("rotate", rotate_keys(sink.rotate, reading), definitions["rotate"]);
  part_of_sink("tls", tls_keys(sink.tls, reading), definitions["tls"]["anyOf"][1]);
  part_of_sink("batch", batch_keys(sink.batch, reading), definitions["batch"]);
  part_of_sink("retry", retry_keys(sink.retry, reading), definitions["retry"]);

  std::set<std::string> known;
  for (const SinkKey& key : sink_keys(sink, reading)) known.emplace(key.key.name);
  check(known, {root["sinks"].begin(), root["sinks"].end()},
        {definitions["file_sink"]["properties"], definitions["tcp_sink"]["properties"],
         definitions["https_sink"]["properties"]});
}

TEST_CASE("the quickstart configuration keeps everything in its own folder", "[shipped]") {
  const Config config = parse(read_file(kFolder + "quickstart.yaml", false), "/own/nauditd.yaml").config;
  CHECK(config.kernel.mode == KernelMode::kAuto);
  CHECK(config.daemon.control_socket.starts_with("/own/"));
  CHECK(config.daemon.state_directory.starts_with("/own/"));
  for (const std::string& file : config.rules.files) CHECK(file.starts_with("/own/"));
  for (const Sink& sink : config.sinks) CHECK(sink.path.starts_with("/own/"));
}
