// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/paths.hpp"

#include <algorithm>

#include "base/hex.hpp"
#include "tables/record_types.hpp"

namespace naudit::interpret {
namespace {

// Is there nothing to change? The usual case.
bool is_normal(std::string_view path) noexcept {
  if (path.size() > 1 && path.back() == '/') return false;
  for (std::size_t at = path.find('/'); at < path.size(); at = path.find('/', at + 1))
    if (at + 1 < path.size() && (path[at + 1] == '/' || path[at + 1] == '.')) return false;
  return !path.starts_with('.');
}

void append_parts(std::string_view path, std::size_t root, std::string& out) {
  const bool absolute = root < out.size() && out[root] == '/';
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      const std::size_t begin = root + (absolute ? 1 : 0);
      const std::size_t slash = out.rfind('/');
      const std::size_t last = slash == std::string::npos || slash < begin ? begin : slash + 1;
      if (out.size() > last && std::string_view(out).substr(last) != "..") {
        out.resize(last > begin ? last - 1 : begin);
        continue;
      }
      if (absolute) continue;  // above the root is the root
    }
    if (out.size() > root && out.back() != '/') out += '/';
    out += part;
  }
}

}  // namespace

void append_decoded(const Field& field, std::string& out) {
  if (field.spelling != Spelling::kBare || !base::append_decoded_hex(out, field.value)) out += field.value;
}

bool is_path(std::uint16_t type, const Field& field) noexcept {
  namespace name = tables::field;
  return field.id == name::kPath || field.id == name::kDir || field.id == name::kFile ||
         (field.id == name::kName && type == tables::type::kPath);
}

bool is_absolute(const Field& path) noexcept {
  if (path.value.starts_with('/')) return true;
  return path.spelling == Spelling::kBare && path.value.starts_with("2F") && base::is_hex(path.value);
}

void append_normal_path(std::string_view path, std::string& out) {
  if (is_normal(path)) {
    out += path;
    return;
  }
  const std::size_t root = out.size();
  out.reserve(root + path.size() + 1);
  if (path.starts_with('/')) out += '/';
  append_parts(path, root, out);
  if (out.size() == root && !path.empty()) out += '.';
}

void append_path(const DecodedEvent& event, const Field& path, bool as_is, std::string& out) {
  const std::size_t root = out.size();
  if (!as_is && !is_absolute(path)) {
    const DecodedRecord* const record = event.find(tables::type::kCwd);
    const Field* const cwd = record == nullptr ? nullptr : event.find(*record, tables::field::kCwd);
    if (cwd != nullptr) {
      append_decoded(*cwd, out);
      if (!out.ends_with('/')) out += '/';
    }
  }
  append_decoded(path, out);
  if (is_normal(std::string_view(out).substr(root))) return;
  // The normal form is made behind the other, which then goes; it is never longer.
  const std::size_t size = out.size() - root;
  out.reserve(out.size() + size + 1);
  append_normal_path(std::string_view(out).substr(root, size), out);
  out.erase(root, size);
}

}  // namespace naudit::interpret
