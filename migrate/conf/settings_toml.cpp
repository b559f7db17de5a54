// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <algorithm>
#include <sstream>
#include <string_view>
#include <toml.hpp>

#include "base/text.hpp"
#include "migrate/conf/settings.hpp"

namespace naudit::migrate {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20U;
constexpr int kMostDepth = 32;  // of brackets
constexpr int kMostDots = 128;  // in a line outside of quotes; the library goes one call deeper for each part of a key

// The library goes as deep as the text does: this bounds it. Quotes and comments are skipped, those over several lines
// too.
void check_depth(std::string_view text, const std::string& name) {
  int depth = 0, dots = 0, line = 1;
  char quote = 0;
  bool is_long = false, in_comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      ++line;
      dots = 0;
      in_comment = false;
      if (!is_long) quote = 0;
    } else if (in_comment) {
      continue;
    } else if (quote != 0) {
      if (c == '\\' && quote == '"') {
        ++i;
      } else if (c == quote && (!is_long || text.substr(i, 3) == std::string(3, quote))) {
        if (is_long) i += 2;
        quote = 0;
        is_long = false;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      is_long = text.substr(i, 3) == std::string(3, c);
      if (is_long) i += 2;
    } else if (c == '#') {
      in_comment = true;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == '.') {
      ++dots;
    }
    if (depth > kMostDepth || dots > kMostDots)
      throw base::Error({name, line, 1}, "is nested deeper than a configuration of this kind is");
  }
}

base::Place place_of(const toml::value& value, const std::string& name) {
  const toml::source_location where = value.location();
  return {name, static_cast<int>(where.line()), static_cast<int>(where.column())};
}

std::string scalar(const toml::value& value) {
  if (value.is_string()) return value.as_string().str;
  if (value.is_boolean()) return value.as_boolean() ? "true" : "false";
  if (value.is_integer()) return std::to_string(value.as_integer());
  return toml::format(value);
}

bool holds_more(const toml::value& value) {
  return value.is_table() || value.is_array();
}

// As deep as check_depth() lets it be.
void flatten(const toml::value& value, const std::string& key, const std::string& name, Settings& out) {
  if (value.is_table()) {
    for (const auto& [part, inner] : value.as_table()) flatten(inner, key.empty() ? part : key + '.' + part, name, out);
  } else if (value.is_array()) {
    const auto& list = value.as_array();
    if (std::any_of(list.begin(), list.end(), holds_more)) {
      for (std::size_t i = 0; i < list.size(); ++i) flatten(list[i], key + '[' + std::to_string(i) + ']', name, out);
      return;
    }
    Settings::Setting setting{key, {}, place_of(value, name)};
    for (const toml::value& one : list) setting.values.push_back(scalar(one));
    out.add(std::move(setting));
  } else {
    out.add({key, {scalar(value)}, place_of(value, name)});
  }
}

// The library's messages are drawings over several lines: the first one says what.
std::string first_line(std::string_view what) {
  what = what.substr(0, what.find('\n'));
  for (std::string_view prefix : {"[error] ", "toml::"})
    if (what.starts_with(prefix)) what.remove_prefix(prefix.size());
  return base::valid_utf8(what);
}

}  // namespace

Settings read_toml(const std::string& text, const std::string& name) {
  if (text.size() > kMostBytes) throw base::Error({name, 0, 0}, "has more than 1 MiB");
  check_depth(text, name);
  Settings out(name);
  try {
    std::istringstream in(text);
    flatten(toml::parse(in, name), "", name, out);
  } catch (const toml::exception& error) {
    throw base::Error({name, static_cast<int>(error.location().line()), static_cast<int>(error.location().column())},
                      "is not TOML: " + first_line(error.what()));
  } catch (const std::exception& error) {  // of the standard library, from within it
    throw base::Error({name, 0, 0}, "is not TOML: " + first_line(error.what()));
  }
  out.sort();
  return out;
}

}  // namespace naudit::migrate
