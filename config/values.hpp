// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "config/config.hpp"
#include "config/vocabulary.hpp"
#include "config/yaml/document.hpp"

// Readers of single values, one step above those of config/yaml/document.hpp: ranges, words for enumerators, `keep`,
// paths. Each adds a problem and leaves `out` alone when the value is wrong.
namespace naudit::config {

// What the readers of one load share. Owner: the loader, for the time of the load.
struct Reading {
  Problems& problems;
  std::string folder;  // of the file, absolute: what relative paths in it start from
};

template <typename Enum, std::size_t kCount>
void read_enum(const YAML::Node& node, const std::array<std::string_view, kCount>& words, Enum& out, Reading& reading) {
  const int index = read_choice(node, words, reading.problems);
  if (index >= 0) out = static_cast<Enum>(index);
}

// A list of words, one word, or `none`. Each counts once.
template <typename Enum, std::size_t kCount>
void read_choices(const YAML::Node& node, const std::array<std::string_view, kCount>& words, std::vector<Enum>& out,
                  Reading& reading) {
  std::vector<Enum> chosen;
  const std::size_t before = reading.problems.size();
  const auto add = [&](const YAML::Node& word) {
    const int index = read_choice(word, words, reading.problems);
    if (index < 0) return;
    const auto one = static_cast<Enum>(index);
    if (std::ranges::find(chosen, one) == chosen.end()) chosen.push_back(one);
  };
  if (node.IsSequence())
    for (const auto& word : node) add(word);
  else if (!node.IsScalar() || node.Scalar() != kNoWords)
    add(node);
  if (reading.problems.size() == before) out = std::move(chosen);
}

template <typename Integer>
void read_number(const YAML::Node& node, std::int64_t least, std::int64_t most, Integer& out, Reading& reading) {
  std::int64_t number = out;
  read_integer(node, least, most, number, reading.problems);
  out = static_cast<Integer>(number);
}

inline bool is_keep(const YAML::Node& node) {
  return node.IsScalar() && node.Scalar() == kKeep;
}

// `keep` empties the option; anything else goes to `read`, which gets the value to fill.
template <typename Value, typename Read>
void read_or_keep(const YAML::Node& node, std::optional<Value>& out, Read&& read, Reading& reading) {
  if (is_keep(node)) {
    out.reset();
    return;
  }
  const Problems& problems = reading.problems;
  const std::size_t before = problems.size();
  Value value = out.value_or(Value{});
  read(value);
  if (problems.size() == before) out = value;
}

void read_size_between(const YAML::Node& node, std::uint64_t least, std::uint64_t most, std::uint64_t& out,
                       Reading& reading);
void read_duration_between(const YAML::Node& node, Milliseconds least, Milliseconds most, Milliseconds& out,
                           Reading& reading);
// A path that is not empty; a relative one starts from the file's folder.
void read_path(const YAML::Node& node, std::string& out, Reading& reading);
// A map of names to scalars, whatever the names.
void read_text_map(const YAML::Node& node, std::map<std::string, std::string>& out, Reading& reading);
// none, batch, or an interval from 10ms to 1h.
void read_sync(const YAML::Node& node, Sync& out, Reading& reading);
std::string sync_text(const Sync& sync);
inline constexpr std::string_view kSyncPattern = "^(none|batch|[0-9]+ ?(ms|s|m|h))$";
// 0 to 90 percent: "5%".
void read_percent(const YAML::Node& node, std::uint32_t& out, Reading& reading);
// What a sink or a source may be called: at most 64 letters, digits, '-', '_' and '.'. Pure.
bool is_name(std::string_view text);
// An IP address with a port other than 0: "127.0.0.1:9477", "[::1]:9477".
struct Listen {
  std::string address;
  std::uint16_t port = 0;
  bool is_loopback = false;
};
// Empty: not that. Pure.
std::optional<Listen> parse_listen(std::string_view text);
std::string resolved(const std::string& path, const Reading& reading);

}  // namespace naudit::config
