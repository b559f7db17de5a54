// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <yaml-cpp/yaml.h>

#include "config/yaml/document.hpp"
#include "migrate/conf/settings.hpp"

namespace naudit::migrate {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr std::size_t kMostSettings = 100'000;  // aliases can make many of few bytes
constexpr std::size_t kMostDepth = 32;

class Flattening {
 public:
  Flattening(const std::string& name, Settings& out) : problems_(name), out_(out) {}

  void add(const YAML::Node& node, const std::string& key, std::size_t depth) {
    if (depth > kMostDepth || ++count_ > kMostSettings)
      throw base::Error(problems_.place(node),
                        "is nested deeper, or has more in it, than a configuration of this kind");
    if (node.IsMap()) {
      for (const auto& one : node) {
        const std::string part = one.first.IsScalar() ? one.first.Scalar() : std::string("?");
        add(one.second, key.empty() ? part : key + '.' + part, depth + 1);
      }
    } else if (node.IsSequence()) {
      list(node, key, depth);
    } else {
      out_.add({key, {node.IsScalar() ? node.Scalar() : std::string()}, problems_.place(node)});
    }
  }

 private:
  void list(const YAML::Node& node, const std::string& key, std::size_t depth) {
    bool is_flat = true;
    for (const auto& one : node) is_flat = is_flat && !one.IsMap() && !one.IsSequence();
    Settings::Setting setting{key, {}, problems_.place(node)};
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (is_flat) {
        setting.values.push_back(node[i].IsScalar() ? node[i].Scalar() : std::string());
        setting.places.push_back(problems_.place(node[i]));
      } else {
        add(node[i], key + '[' + std::to_string(i) + ']', depth + 1);
      }
    }
    if (is_flat) out_.add(std::move(setting));
  }

  config::Problems problems_;
  Settings& out_;
  std::size_t count_ = 0;
};

}  // namespace

Settings read_yaml(const std::string& text, const std::string& name) {
  if (text.size() > kMostBytes) throw base::Error({name, 0, 0}, "has more than 1 MiB");
  const YAML::Node root = config::parse_yaml(text, name);
  Settings out(name);
  if (root.IsMap()) Flattening(name, out).add(root, "", 0);
  return out;
}

}  // namespace naudit::migrate
