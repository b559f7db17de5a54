// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/yaml/places.hpp"

#include <algorithm>
#include <utility>

#include <yaml-cpp/yaml.h>

namespace naudit::config {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Where the line and column of a place are in the text.
std::size_t offset_of(std::string_view text, const base::Place& place) {
  std::size_t at = 0;
  for (int line = 1; line < place.line; ++line) at = std::min(text.find('\n', at), text.size() - 1) + 1;
  return std::min(at + static_cast<std::size_t>(std::max(place.column - 1, 0)), text.size());
}

base::Place place_of(std::string_view text, std::size_t at, const std::string& file) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n') + 1;  // 0 without one
  return {file, static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(at - line_start) + 1};
}

// How many bytes an escape in double quotes has behind its backslash.
std::size_t escape_size(char letter) {
  return letter == 'x' ? 3 : letter == 'u' ? 5 : letter == 'U' ? 9 : 1;
}

// Goes through a scalar as it is written and as it is read, side by side, until `wanted` bytes of the second are
// passed. Where they part (a fold, an escape of several bytes) the place may be a little before; never behind.
std::size_t walk(std::string_view written, std::size_t at, std::string_view value, std::size_t wanted) {
  while (at < written.size() && (written[at] == '&' || written[at] == '!')) {  // an anchor or a tag
    at = std::min(written.find_first_of(kBlanks, at), written.size());
    at = std::min(written.find_first_not_of(kBlanks, at), written.size());
  }
  if (at == written.size()) return at;
  const char style = written[at];
  const bool is_block = style == '|' || style == '>';
  const bool is_quoted = style == '"' || style == '\'';
  if (is_block) at = std::min(written.find('\n', at), written.size());
  if (is_quoted) ++at;
  for (std::size_t read = 0; at < written.size(); ++read) {
    while (style == '"' && written.substr(at, 2) == "\\\n")
      at = std::min(written.find_first_not_of(kBlanks, at + 1), written.size());
    if (read >= value.size()) return at;
    const bool is_blank = kBlanks.find(value[read]) != std::string_view::npos;
    // Line ends and the indentation behind them are one blank, or none.
    if (!is_blank) at = std::min(written.find_first_not_of(kBlanks, at), written.size());
    if (read >= wanted || at == written.size()) return at;
    if (style == '"' && written[at] == '\\') {
      at = std::min(at + 1 + escape_size(at + 1 < written.size() ? written[at + 1] : ' '), written.size());
      while (read + 1 < value.size() && (static_cast<unsigned char>(value[read + 1]) & 0xC0U) == 0x80U) ++read;
    } else if (style == '\'' && written.substr(at, 2) == "''") {
      at += 2;
    } else if (!is_blank || kBlanks.find(written[at]) != std::string_view::npos) {
      ++at;
    }
  }
  return at;
}

}  // namespace

Places::Places(const std::string& file, const YAML::Node& root, std::string text)
    : file_(file), text_(std::move(text)) {
  note(root, "", 0);
}

void Places::note(const YAML::Node& node, const std::string& path, std::size_t depth) {
  constexpr std::size_t kMostDepth = 5;  // sinks[i].redact.patterns[j]: nothing that is asked for lies deeper
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

base::Place Places::inside(std::string path, std::string_view value, std::size_t at) const {
  base::Place place = of(std::move(path));
  if (place.line == 0 || text_.empty()) return place;
  return place_of(text_, walk(text_, offset_of(text_, place), value, at), file_);
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
