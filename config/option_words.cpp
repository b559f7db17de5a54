// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/option_words.hpp"

#include <algorithm>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "config/config.hpp"
#include "config/values.hpp"
#include "config/yaml/document.hpp"

namespace naudit::config {
namespace {

// A text stands for itself, whatever YAML would make of it.
YAML::Node value_node(const OptionTable& table, std::string_view key, const std::string& value, std::string_view what) {
  const auto row = std::ranges::find(table.rows(), key, &OptionRow::key);
  const bool has_parts =
      row != table.rows().end() && (row->shape.kind == Shape::Kind::kList || row->shape.kind == Shape::Kind::kMap);
  return has_parts ? parse_yaml(value, std::string(what) + ' ' + std::string(key)) : YAML::Node(value);
}

}  // namespace

AnyOptions read_words(const OptionTable& table, std::span<const std::string> words, std::string_view what,
                      std::string_view of) {
  Problems problems{std::string(what)};
  YAML::Node map(YAML::NodeType::Map);
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      problems.add(base::Place{problems.file()}, "expected KEY=VALUE, not " + base::in_quotes(word));
      continue;
    }
    const std::string key = word.substr(0, equals);
    const YAML::Node value = value_node(table, key, word.substr(equals + 1), what);
    if (const std::size_t dot = key.find('.'); dot != std::string::npos)
      map[key.substr(0, dot)][key.substr(dot + 1)] = value;
    else
      map[key] = value;
  }
  const auto options = table.make();
  if (table.empty() && map.size() > 0)
    problems.add(base::Place{problems.file()}, "there is nothing to choose of " + std::string(of));
  if (!table.empty()) {
    Reading reading{problems, "."};
    read_options(table, map, of, options.get(), reading);
  }
  problems.throw_if_any();
  AnyOptions sealed = table.seal(options);
  table.check(sealed, Sink(), [&](std::string_view key, std::string message) {
    problems.add(base::Place{problems.file()}, std::string(key) + ": " + std::move(message));
  });
  problems.throw_if_any();
  return sealed;
}

}  // namespace naudit::config
