// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/aushape/json_writer.hpp"

#include <algorithm>

namespace naudit::formats {
namespace {

constexpr std::size_t kSlack = 64;  // for brackets, commas and a number

bool is_identifier(std::string_view name) noexcept {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

void AushapeJsonWriter::put_space(std::size_t level) {
  if (space(level) == 0) return;
  space_.clear();
  append_opening(level, space_);
  json_.put(space_);
}

void AushapeJsonWriter::put_closing(std::size_t level) {
  if (space(level + 1) == 0) return;
  space_.clear();
  append_closing(level, space_);
  json_.put(space_);
}

void AushapeJsonWriter::put_head_text(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  json_.put(',');
  put_space(base_level() + 1);
  json_.put(key);
  json_.string(value);
}

void AushapeJsonWriter::put_head(const AushapeHead& head) {
  json_.reserve(6 * (head.time.size() + head.node.size() + head.error.size()) + 8 * (kSlack + space(base_level() + 1)));
  put_space(base_level());
  json_.put('{');
  put_space(base_level() + 1);
  json_.put("\"serial\":");
  json_.number(head.serial);
  put_head_text("\"time\":", head.time);
  put_head_text("\"node\":", head.node);
  put_head_text("\"error\":", head.error);
}

// The event's own members come behind those of its head.
void AushapeJsonWriter::begin_member(std::size_t room) {
  const std::size_t level = depth();
  json_.reserve(room + 4 * (kSlack + space(level + 1)));
  if (levels().empty() || members_here() > 0) json_.put(',');
  put_space(level);
}

void AushapeJsonWriter::put_key(std::string_view name) {
  if (is_in_list()) return;
  json_.key(name);
}

void AushapeJsonWriter::put_open(std::string_view name, Kind kind) {
  begin_member(6 * name.size());
  put_key(name);
  json_.put(kind == Kind::kList ? '[' : '{');
}

void AushapeJsonWriter::put_close(const Level& level) {
  json_.reserve(kSlack + space(depth()));
  if (level.members > 0) put_closing(depth());
  json_.put(level.kind == Kind::kList ? ']' : '}');
}

void AushapeJsonWriter::put_field(std::string_view name, std::string_view value, std::string_view raw, bool has_raw) {
  begin_member(6 * (name.size() + value.size() + raw.size()));
  put_key(name);
  const std::size_t level = depth();
  json_.put('[');
  put_space(level + 1);
  json_.string(value);
  if (has_raw) {
    json_.put(',');
    put_space(level + 1);
    json_.string(raw);
  }
  put_closing(level);
  json_.put(']');
}

void AushapeJsonWriter::put_text(std::string_view /*name*/, std::string_view value) {
  begin_member(6 * value.size());
  json_.string(value);
}

void AushapeJsonWriter::put_end() {
  json_.reserve(kSlack + space(base_level() + 1));
  put_closing(base_level());
  json_.put('}');
}

std::size_t AushapeJsonWriter::closing_size(std::string_view /*name*/) const noexcept {
  return 1 + space(depth());
}

// JSONPath, relative to the event: "data.path[1]"; "" is the event.
std::string AushapeJsonWriter::path() const {
  std::string path;
  bool is_item = false;
  for (const Level& level : levels()) {
    if (is_item) {
      ((path += '[') += std::to_string(level.number)) += ']';
    } else if (is_identifier(level.name)) {
      if (!path.empty()) path += '.';
      path += level.name;
    } else {
      path += "['";
      for (const char c : level.name) {
        if (c == '\'' || c == '\\') path += '\\';
        path += c;
      }
      path += "']";
    }
    is_item = level.kind == Kind::kList;
  }
  return path;
}

void AushapeJsonWriter::append_trimmed(const std::vector<std::string>& paths, std::string& out) const {
  JsonText text;
  text.put('[');
  for (const std::string& path : paths) {
    text.reserve(6 * path.size() + kSlack);
    text.string(path);
    text.put(',');
  }
  text.close(']');
  text.unput();
  out += ',';
  append_opening(base_level() + 1, out);
  out += "\"trimmed\":";
  out += text.view();
}

void AushapeJsonWriter::end_document(std::string& out) const {
  append_closing(0, out);
  out += "]\n";
}

}  // namespace naudit::formats
