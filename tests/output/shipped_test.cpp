// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The files that are shipped: nauditd.yaml states the defaults and mentions every key.

#include <algorithm>
#include <set>
#include <sstream>

#include <yaml-cpp/yaml.h>

#include "base/file.hpp"
#include "config/loader.hpp"
#include "config/sections.hpp"
#include "config/sinks.hpp"
#include "config/sources.hpp"
#include "formats/mozdef/options.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/tcp/options.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit;
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
  // The one file that is read with the configuration.
  static const tests::TempDir kKeys;
  const std::string shown = "/etc/naudit/heka.key", key = kKeys.path() + "/heka.key";
  tests::write_file(key, "key", std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::size_t at = text.find(shown);
  REQUIRE(at != std::string::npos);
  return text.replace(at, shown.size(), key);
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
  CHECK(parse(shipped(), "/etc/naudit/nauditd.yaml", output::kinds()).config ==
        parse("", "/etc/naudit/nauditd.yaml", output::kinds()).config);
}

TEST_CASE("the examples in the shipped configuration are right", "[shipped]") {
  const Config config = parse(with_examples(), "/etc/naudit/nauditd.yaml", output::kinds()).config;
  REQUIRE(config.sinks.size() >= 6);
  CHECK(config.sinks[1].type == "tcp");
  const auto& tcp = config.sinks[1].options.as<output::TcpOptions>();
  CHECK(tcp.retry == output::Retry{});
  CHECK(tcp.timeout == output::TcpOptions{}.timeout);
  CHECK(config.sinks[2].type == "https");
  const auto& https = config.sinks[2].options.as<output::HttpOptions>();
  CHECK(https.batch == output::HttpBatch{});
  CHECK(https.own.as<output::PlainOptions>().body == output::HttpBody::kNdjson);
  CHECK(config.sinks[3].format_options == formats::MozdefOptions{});
  CHECK(config.sinks[3].options.as<output::HttpOptions>().own.as<output::PlainOptions>().body ==
        output::HttpBody::kEvent);
}

TEST_CASE("the shipped file and the schema have exactly the keys that the loader knows", "[shipped]") {
  const YAML::Node root = parse_yaml(with_examples(), "nauditd.yaml");
  const YAML::Node schema = load_yaml(std::string(NAUDIT_SOURCE_DIR) + "/docs/nauditd.schema.json", false);
  const YAML::Node sections = schema["properties"];
  const YAML::Node definitions = schema["$defs"];
  Problems problems("none");
  config::Reading reading{problems, "/"};
  Config config;

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
  section("plugins", plugins_keys(config.plugins, reading));
  section("daemon", daemon_keys(config.daemon, reading));
  CHECK(keys_of({sections}) == keys_of({root}));

  for (const OptionRow& row : source_options().rows()) {
    INFO(row.key);
    const YAML::Node one = root["sources"][0][std::string(row.section())];
    CHECK(static_cast<bool>(
        row.inner().empty() || row.shape.kind == Shape::Kind::kFlag ? one : one[std::string(row.inner())]));
  }

  // Each key of each table has its example in the shipped file, and stands in the schema; the latter has no others.
  std::set<std::string> known = {"type"};
  const auto shown = [&](const std::string& prefix, const OptionTable& table) {
    for (const OptionRow& row : table.rows()) {
      INFO(prefix << row.key);
      known.emplace(prefix.empty() ? row.section() : std::string_view(prefix).substr(0, prefix.size() - 1));
      const bool found = std::any_of(root["sinks"].begin(), root["sinks"].end(), [&](YAML::Node node) {
        std::string path = prefix + std::string(row.key);
        for (std::size_t dot = 0; (dot = path.find('.')) != std::string::npos; path.erase(0, dot + 1)) {
          node.reset(node[path.substr(0, dot)]);
          if (!node || !node.IsMap()) return false;
        }
        return static_cast<bool>(node[path]);
      });
      CHECK(found);
    }
  };
  shown("", common_options());
  for (const FormatKind& format : output::kinds().formats) shown(std::string(format.name) + '.', format.options);
  std::vector<YAML::Node> schemas;
  for (const SinkKind& kind : output::kinds().sinks) {
    shown("", kind.options);
    schemas.push_back(definitions[std::string(kind.name) + "_sink"]["properties"]);
  }
  check(known, {root["sinks"].begin(), root["sinks"].end()}, schemas);
}

TEST_CASE("the quickstart configuration keeps everything in its own folder", "[shipped]") {
  const Config config =
      parse(read_file(kFolder + "quickstart.yaml", false), "/own/nauditd.yaml", output::kinds()).config;
  CHECK(config.kernel.mode == KernelMode::kAuto);
  CHECK(config.daemon.control_socket.starts_with("/own/"));
  CHECK(config.daemon.state_directory.starts_with("/own/"));
  for (const std::string& file : config.rules.files) CHECK(file.starts_with("/own/"));
  for (const Sink& sink : config.sinks) CHECK(sink.options.as<output::FileOptions>().path.starts_with("/own/"));
}
