// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace YAML {
class Node;
}

namespace naudit::config {

// Strict reading of one YAML document: each value is asked for by its key and its kind, every problem is collected
// with its place, and reading goes on, so that one run reports them all. Shared by nauditd.yaml and the rule files.
//
// Owner: the loader, for the time of one load. Not thread-safe. Nothing here throws except throw_if_any().
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}

  void add(const YAML::Node& at, std::string message);
  void add(base::Place place, std::string message);
  [[nodiscard]] bool empty() const noexcept { return list_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return list_.size(); }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] std::vector<base::Problem> take() noexcept { return std::move(list_); }
  void throw_if_any();

  [[nodiscard]] base::Place place(const YAML::Node& at) const;

 private:
  std::string file_;
  std::vector<base::Problem> list_;
};

// The whole file as one node. Throws Error: whatever read_file (base/file.hpp) or check_yaml (config/yaml/check.hpp)
// refuses. `check_permissions` is off for --check, which anybody may run.
YAML::Node load_yaml(const std::string& path, bool check_permissions);
YAML::Node parse_yaml(const std::string& text, const std::string& name);

// Calls the handler of each key of a map; reports a key that has none (with the nearest known key), a duplicate key,
// and a node that is not a map. Merge keys ("<<: *name") are resolved, the map's own keys winning. A node without a
// value is an empty map. `what` names the map in messages: "unknown key 'rotat' in a sink".
struct Key {
  std::string_view name;
  std::function<void(const YAML::Node&)> read;
};
void read_map(const YAML::Node& map, std::string_view what, const std::vector<Key>& keys, Problems& problems);

// Each of these reports a problem and leaves `out` alone when the node is not what it should be.
void read_text(const YAML::Node& node, std::string& out, Problems& problems);
void read_bool(const YAML::Node& node, bool& out, Problems& problems);
void read_integer(const YAML::Node& node, std::int64_t least, std::int64_t most, std::int64_t& out, Problems& problems);
// As parse_size of base/units.hpp: "64MiB", "8KiB", "512" (bytes).
void read_size(const YAML::Node& node, std::uint64_t& out, Problems& problems);
// As parse_duration: "250ms", "2s", "5m", "1h", "0"; a bare number other than 0 is refused: the unit must be written.
void read_duration(const YAML::Node& node, std::chrono::milliseconds& out, Problems& problems);
// One scalar or a sequence of scalars.
void read_list(const YAML::Node& node, std::vector<std::string>& out, Problems& problems);
// The index of the word, or -1 and a problem that lists the words.
int read_choice(const YAML::Node& node, std::span<const std::string_view> words, Problems& problems);
int read_choice(const YAML::Node& node, std::initializer_list<std::string_view> words, Problems& problems);

// The one of `known` that the word was most likely meant to be: by edit distance, else one that starts with it; empty
// if none is near. Pure.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace naudit::config
