// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/yaml/document.hpp"

namespace naudit::rules {

// A word of a rule and where it stands.
struct YamlWord {
  std::string text;
  base::Place place;
  bool quoted = false;  // its place is that of the quote
};
using YamlWords = std::vector<YamlWord>;

// One entry of `rules:` as it was written.
struct YamlRule {
  base::Place place;
  std::string description;
  YamlWords keys, tags, syscalls, arches, where, watch, permissions, paths, dirs, exes, filesystems, io_uring, types;
  std::optional<YamlWord> list, action;
  std::optional<YamlWord> auditctl;  // the whole rule as a line of auditctl, for what has no other form
};

// The member that holds the words of a key of an entry ("exe"); null if there is none.
YamlWords YamlRule::* yaml_words(std::string_view key) noexcept;

// Whether nothing is written but `auditctl` and `description`.
bool is_auditctl_only(const YamlRule& rule) noexcept;

YamlRule read_yaml_rule(const YAML::Node& node, config::Problems& problems);

}  // namespace naudit::rules
