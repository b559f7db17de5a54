// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/line_style.hpp"

#include <algorithm>

namespace naudit::ctl {
namespace {

// Takes " (…)" or the like off the end.
void cut(std::string_view& line, std::string_view begin, char end) noexcept {
  if (!line.ends_with(end)) return;
  if (const std::size_t at = line.rfind(begin); at != std::string_view::npos) line = line.substr(0, at);
}

bool is_error_name(std::string_view name) noexcept {
  return name.starts_with('E') &&
         std::ranges::all_of(name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace

std::optional<base::Style> style_of_line(std::string_view line) noexcept {
  const std::size_t number = line.rfind(" #");
  if (number == std::string_view::npos) return std::nullopt;
  line = line.substr(0, number);
  cut(line, " (incomplete: ", ')');
  cut(line, " [key ", ']');
  if (const std::size_t at = line.rfind(" ("); line.ends_with(')') && at != std::string_view::npos)
    if (is_error_name(line.substr(at + 2, line.size() - at - 3))) line = line.substr(0, at);
  if (line.ends_with(": denied")) return base::Style::kDenied;
  if (line.ends_with(" failed") || line.ends_with(" failed too many times")) return base::Style::kFailed;
  return std::nullopt;
}

std::string_view LineColours::take(std::string_view bytes) {
  rest_ += bytes;
  out_.clear();
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = rest_.find('\n', begin);
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(rest_).substr(begin, end - begin);
    const auto style = style_of_line(line);
    out_ += style ? base::styled(line, *style, true) : std::string(line);
    out_ += '\n';
    begin = end + 1;
  }
  rest_.erase(0, begin);
  return out_;
}

}  // namespace naudit::ctl
