// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/yaml/places.hpp"

#include <yaml-cpp/yaml.h>

namespace naudit::config {

Places::Places(const std::string& file, const YAML::Node& root) : file_(file) {
  note(root, "", 0);
}

void Places::note(const YAML::Node& node, const std::string& path, std::size_t depth) {
  constexpr std::size_t kMostDepth = 4;  // sinks[i].tls.key: nothing that is asked for lies deeper
  if (!node.Mark().is_null())
    places_.try_emplace(path, base::Place{file_, node.Mark().line + 1, node.Mark().column + 1});
  if (depth == kMostDepth) return;
  if (node.IsMap()) {
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) continue;
      note(entry.second, path.empty() ? entry.first.Scalar() : path + '.' + entry.first.Scalar(), depth + 1);
    }
  } else if (node.IsSequence()) {
    std::size_t index = 0;
    for (const auto& item : node) note(item, path + '[' + std::to_string(index++) + ']', depth + 1);
  }
}

base::Place Places::of(std::string path) const {
  while (true) {
    const auto found = places_.find(path);
    if (found != places_.end()) return found->second;
    if (path.empty()) return base::Place{file_};
    const std::size_t end = path.find_last_of(".[");
    path.resize(end == std::string::npos ? 0 : end);
  }
}

}  // namespace naudit::config
