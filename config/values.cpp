// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/values.hpp"

#include <filesystem>

#include "base/text.hpp"
#include "base/units.hpp"

namespace naudit::config {

void read_size_between(const YAML::Node& node, std::uint64_t least, std::uint64_t most, std::uint64_t& out,
                       Reading& reading) {
  std::uint64_t size = least;
  read_size(node, size, reading.problems);
  if (size < least || size > most) {
    reading.problems.add(node, "expected a size from " + base::size_text(least) + " to " + base::size_text(most) +
                                   ", not " + base::in_quotes(node.Scalar()));
    return;
  }
  if (node.IsScalar() && base::parse_size(node.Scalar())) out = size;
}

void read_duration_between(const YAML::Node& node, Milliseconds least, Milliseconds most, Milliseconds& out,
                           Reading& reading) {
  Milliseconds duration = least;
  read_duration(node, duration, reading.problems);
  if (duration < least || duration > most) {
    reading.problems.add(node, "expected a duration from " + base::duration_text(least) + " to " +
                                   base::duration_text(most) + ", not " + base::in_quotes(node.Scalar()));
    return;
  }
  if (node.IsScalar() && base::parse_duration(node.Scalar())) out = duration;
}

void read_path(const YAML::Node& node, std::string& out, Reading& reading) {
  std::string path = "/";
  read_text(node, path, reading.problems);
  if (path.empty()) return reading.problems.add(node, "expected a path, not an empty text");
  if (node.IsScalar()) out = resolved(path, reading);
}

void read_text_map(const YAML::Node& node, std::map<std::string, std::string>& out, Reading& reading) {
  if (node.IsNull()) return;
  if (!node.IsMap()) return reading.problems.add(node, "expected a map, like {name: value}");
  std::map<std::string, std::string> map;
  const std::size_t before = reading.problems.size();
  for (const auto& entry : node) {
    std::string name;
    read_text(entry.first, name, reading.problems);
    if (map.contains(name)) reading.problems.add(entry.first, base::in_quotes(name) + " stands here twice");
    read_text(entry.second, map[name], reading.problems);
  }
  if (reading.problems.size() == before) out = std::move(map);
}

std::string resolved(const std::string& path, const Reading& reading) {
  return (std::filesystem::path(reading.folder) / path).lexically_normal().string();
}

}  // namespace naudit::config
