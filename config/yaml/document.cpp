// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/yaml/document.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <tuple>

#include <yaml-cpp/yaml.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "config/yaml/check.hpp"

namespace naudit::config {
namespace {

// What the person wrote, for "…, not X".
std::string shown(const YAML::Node& node) {
  if (node.IsMap()) return "a map";
  if (node.IsSequence()) return "a list";
  if (node.IsScalar()) return base::in_quotes(node.Scalar());
  return "nothing";
}

void expected(const YAML::Node& node, std::string_view what, Problems& problems) {
  problems.add(node, "expected " + std::string(what) + ", not " + shown(node));
}

std::string listed(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

// Only an escape in double quotes brings one here, and no value of ours wants it.
bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char letter) { return (letter >= 0 && letter < ' ') || letter == 0x7f; });
}

// A plain `<<` is YAML's merge key; yaml-cpp leaves it to us. A quoted one has the tag "!".
bool is_merge(const YAML::Node& key) {
  return key.Tag() == "?" && key.Scalar() == "<<";
}

class MapReader {
 public:
  MapReader(std::string_view what, const std::vector<Key>& keys, Problems& problems)
      : what_(what), keys_(keys), problems_(problems) {}

  // The map's own keys first: they win over merged ones.
  void read(const YAML::Node& map) {
    std::set<std::string_view> here;
    for (const auto& entry : map) {
      const YAML::Node& key = entry.first;
      if (!key.IsScalar()) {
        expected(key, "a key, which is one word", problems_);
      } else if (!is_merge(key)) {
        if (!here.insert(key.Scalar()).second)
          problems_.add(key, "the key " + base::in_quotes(key.Scalar()) + " is there twice; remove one");
        else if (done_.insert(key.Scalar()).second)
          read_key(key, entry.second);
      }
    }
    for (const auto& entry : map)
      if (entry.first.IsScalar() && is_merge(entry.first)) merge(entry.second);
  }

 private:
  void merge(const YAML::Node& value) {
    if (value.IsMap()) return read(value);
    if (!value.IsSequence()) return expected(value, "a map to merge, like '<<: *name'", problems_);
    for (const auto& item : value)
      if (item.IsMap())
        read(item);
      else
        expected(item, "a map to merge, like '*name'", problems_);
  }

  void read_key(const YAML::Node& key, const YAML::Node& value) {
    const std::string& name = key.Scalar();
    const auto known = std::find_if(keys_.begin(), keys_.end(), [&](const Key& entry) { return entry.name == name; });
    if (known != keys_.end()) return known->read(value);
    std::vector<std::string_view> names;
    names.reserve(keys_.size());
    for (const Key& entry : keys_) names.push_back(entry.name);
    const std::string_view near = nearest(name, names);
    problems_.add(key,
                  "unknown key " + base::in_quotes(name) + " in " + std::string(what_) + "; " +
                      (near.empty() ? "known are: " + listed(names) : "did you mean " + base::in_quotes(near) + "?"));
  }

  std::string_view what_;
  const std::vector<Key>& keys_;
  Problems& problems_;
  std::set<std::string> done_;
};

}  // namespace

void Problems::add(const YAML::Node& at, std::string message) {
  add(place(at), std::move(message));
}

void Problems::add(base::Place place, std::string message) {
  constexpr std::size_t kMost = 100;  // a file of another kind would fill the screen
  if (list_.size() < kMost) list_.push_back({std::move(place), std::move(message)});
}

base::Place Problems::place(const YAML::Node& at) const {
  if (!at.IsDefined() || at.Mark().is_null()) return base::Place{file_};
  return base::Place{file_, at.Mark().line + 1, at.Mark().column + 1};
}

void Problems::throw_if_any() {
  if (list_.empty()) return;
  std::sort(list_.begin(), list_.end(), [](const base::Problem& left, const base::Problem& right) {
    return std::tie(left.place.line, left.place.column, left.message) <
           std::tie(right.place.line, right.place.column, right.message);
  });
  throw base::Error(take());
}

YAML::Node load_yaml(const std::string& path, bool check_permissions) {
  return parse_yaml(base::read_file(path, check_permissions), path);
}

YAML::Node parse_yaml(const std::string& text, const std::string& name) {
  check_yaml(text, name);
  return YAML::Load(text);
}

void read_map(const YAML::Node& map, std::string_view what, const std::vector<Key>& keys, Problems& problems) {
  if (map.IsNull()) return;  // "kernel:" with every line below it commented out
  if (!map.IsMap()) {
    const std::string example = keys.empty() ? "key" : std::string(keys.front().name);
    return expected(map, std::string(what) + " as a map, like '" + example + ": …'", problems);
  }
  MapReader(what, keys, problems).read(map);
}

void read_text(const YAML::Node& node, std::string& out, Problems& problems) {
  if (!node.IsScalar()) return expected(node, "text", problems);
  if (has_control_character(node.Scalar())) return expected(node, "text without control characters", problems);
  out = node.Scalar();
}

void read_bool(const YAML::Node& node, bool& out, Problems& problems) {
  const std::string word = node.IsScalar() ? node.Scalar() : "";
  if (word == "true" || word == "yes" || word == "on")
    out = true;
  else if (word == "false" || word == "no" || word == "off")
    out = false;
  else
    expected(node, "true or false", problems);
}

void read_integer(const YAML::Node& node, std::int64_t least, std::int64_t most, std::int64_t& out,
                  Problems& problems) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || number < least || number > most) {
    const std::string range = "from " + std::to_string(least) + " to " + std::to_string(most);
    return expected(node, "a whole number " + range, problems);
  }
  out = number;
}

void read_size(const YAML::Node& node, std::uint64_t& out, Problems& problems) {
  const auto size = node.IsScalar() ? base::parse_size(node.Scalar()) : std::nullopt;
  if (!size) return expected(node, "a size with its unit, like 64MiB, 512KiB or 1GiB", problems);
  out = *size;
}

void read_duration(const YAML::Node& node, std::chrono::milliseconds& out, Problems& problems) {
  const auto duration = node.IsScalar() ? base::parse_duration(node.Scalar()) : std::nullopt;
  if (!duration) return expected(node, "a duration with its unit, like 250ms, 2s, 5m or 1h", problems);
  out = *duration;
}

void read_list(const YAML::Node& node, std::vector<std::string>& out, Problems& problems) {
  std::vector<std::string> list;
  const std::size_t before = problems.size();
  if (node.IsScalar())
    read_text(node, list.emplace_back(), problems);
  else if (!node.IsSequence())
    return expected(node, "a list, like [one, two]", problems);
  for (const auto& item : node) {
    if (!item.IsScalar()) return expected(item, "one word in this list", problems);
    read_text(item, list.emplace_back(), problems);
  }
  if (problems.size() == before) out = std::move(list);
}

int read_choice(const YAML::Node& node, std::span<const std::string_view> words, Problems& problems) {
  if (node.IsScalar()) {
    const auto found = std::find(words.begin(), words.end(), node.Scalar());
    if (found != words.end()) return static_cast<int>(found - words.begin());
  }
  const std::vector<std::string_view> known(words.begin(), words.end());
  const std::string_view near = node.IsScalar() ? nearest(node.Scalar(), known) : std::string_view();
  const std::string hint = near.empty() ? "" : "; did you mean " + base::in_quotes(near) + "?";
  problems.add(node, "expected one of " + listed(known) + ", not " + shown(node) + hint);
  return -1;
}

int read_choice(const YAML::Node& node, std::initializer_list<std::string_view> words, Problems& problems) {
  return read_choice(node, std::span(words.begin(), words.size()), problems);
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongestWord = 64;
  if (word.empty() || word.size() > kLongestWord) return {};
  std::string_view best;
  std::size_t best_distance = 1 + word.size() / 4;
  for (const std::string_view candidate : known) {
    const std::size_t distance = base::edit_distance(word, candidate);
    if (distance > best_distance || (distance == best_distance && !best.empty())) continue;
    best = candidate;
    best_distance = distance;
  }
  if (!best.empty() || word.size() < 3) return best;
  const auto longer = std::find_if(known.begin(), known.end(), [&](auto name) { return name.starts_with(word); });
  return longer == known.end() ? best : *longer;
}

}  // namespace naudit::config
