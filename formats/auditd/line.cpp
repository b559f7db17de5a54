// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/auditd/line.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "tables/record_types.hpp"

namespace naudit::formats {
namespace {

// More is no name: RecordSpan counts its bytes in sixteen bits.
constexpr std::size_t kLongestName = 256;

// Takes "KEY" and the word behind it off the front; an empty word if the text does not start with KEY.
std::string_view take_word(std::string_view& text, std::string_view key) noexcept {
  if (!text.starts_with(key)) return {};
  const std::size_t end = std::min(text.find(' ', key.size()), text.size());
  const std::string_view word = text.substr(key.size(), end - key.size());
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

// A record as the kernel sends it, with its type's number before it: "1300\taudit(…): …", "1300 audit(…): …".
bool parse_numbered(std::string_view line, correlate::Input& out) noexcept {
  std::uint16_t type = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), type);
  if (error != std::errc{}) return false;
  const std::size_t stamp = line.find_first_not_of("\t ,:;|", static_cast<std::size_t>(end - line.data()));
  if (stamp == std::string_view::npos || !line.substr(stamp).starts_with("audit(")) return false;
  out.type = type;
  out.text = line.substr(stamp);
  // No record has this type: as it stands it can be written again.
  if (type == 0) out.name = line.substr(0, static_cast<std::size_t>(end - line.data()));
  return true;
}

// The kernel's text by itself: what it starts with tells the records that come most often.
std::uint16_t type_of_body(std::string_view body) noexcept {
  namespace type = tables::type;
  constexpr std::pair<std::string_view, std::uint16_t> kStarts[] = {
      {"arch=", type::kSyscall},        {"argc=", type::kExecve},    {"cwd=", type::kCwd}, {"item=", type::kPath},
      {"proctitle=", type::kProctitle}, {"saddr=", type::kSockaddr}, {"avc:", type::kAvc}, {"apparmor=", type::kAvc},
  };
  body.remove_prefix(std::min(body.find_first_not_of(' '), body.size()));
  for (const auto& [start, number] : kStarts)
    if (body.starts_with(start)) return number;
  return 0;
}

bool is_usual_name(std::uint16_t type, std::string_view name) {
  const std::string_view usual = tables::record_type_name(type);
  return usual.empty() ? tables::record_type_text(type) == name : usual == name;
}

}  // namespace

bool parse_line(std::string_view line, correlate::Input& out) noexcept {
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == '\0')) line.remove_suffix(1);
  out = correlate::Input{};
  out.text = line;

  std::string_view rest = line;
  if (!rest.starts_with("type=") && !rest.starts_with("node=")) {
    if (correlate::Header header; rest.starts_with("audit(") && correlate::parse_header(rest, header)) {
      out.type = type_of_body(rest.substr(header.size));
      return out.type != 0;
    }
    if (!rest.empty() && rest[0] >= '0' && rest[0] <= '9' && parse_numbered(rest, out)) return true;
    const std::size_t stamp = rest.find("audit(");
    const std::size_t start = rest.rfind("type=", stamp);
    if (stamp == std::string_view::npos || start == std::string_view::npos) return false;
    const std::size_t node = rest.rfind("node=", start);
    // Only what stands right before the type is its node: a prefix may hold the word for reasons of its own.
    const bool adjacent = node != std::string_view::npos && rest.find(' ', node) + 1 == start;
    rest.remove_prefix(adjacent ? node : start);
  }
  const std::string_view node = take_word(rest, "node=");
  const std::string_view name = take_word(rest, "type=");
  if (rest.starts_with("msg=")) rest.remove_prefix(4);
  if (name.empty() || name.size() > kLongestName || !rest.starts_with("audit(")) return false;

  out.node = node;
  out.type = tables::record_type(name).value_or(0);
  out.text = rest;
  // A number ("type=1400") is the console's spelling of the name, not one to keep.
  const bool is_number = name.find_first_not_of("0123456789") == std::string_view::npos;
  if (out.type == 0 || (!is_number && !is_usual_name(out.type, name))) out.name = name;
  return true;
}

}  // namespace naudit::formats
