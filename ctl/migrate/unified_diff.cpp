// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/migrate/unified_diff.hpp"

#include <dtl/dtl.hpp>
#include <sstream>
#include <string_view>
#include <vector>

namespace naudit::ctl {
namespace {

// With what stands behind the last line's end, if anything does.
constexpr std::string_view kNoEnd = "\n\\ No newline at end of file";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      lines.back() += kNoEnd;
      break;
    }
    text.remove_prefix(end + 1);
  }
  return lines;
}

// A side without lines begins at line 0 (POSIX, diff -u).
std::string range(long long first, long long count) {
  return std::to_string(count == 0 ? first - 1 : first) + ',' + std::to_string(count);
}

}  // namespace

std::string unified_diff(const std::string& path, const std::optional<std::string>& before,
                         const std::optional<std::string>& after) {
  if (before == after) return {};
  dtl::Diff<std::string> diff(lines_of(before.value_or("")), lines_of(after.value_or("")));
  diff.onHuge();
  diff.compose();
  diff.composeUnifiedHunks();
  std::ostringstream out;
  out << "--- " << (before ? path : "/dev/null") << "\n+++ " << (after ? path : "/dev/null") << '\n';
  for (const auto& hunk : diff.getUniHunks()) {
    out << "@@ -" << range(hunk.a, hunk.b) << " +" << range(hunk.c, hunk.d) << " @@\n";
    for (const auto& [line, info] : hunk.common[0]) out << ' ' << line << '\n';
    for (const auto& [line, info] : hunk.change)
      out << (info.type == dtl::SES_ADD ? '+' : info.type == dtl::SES_DELETE ? '-' : ' ') << line << '\n';
    for (const auto& [line, info] : hunk.common[1]) out << ' ' << line << '\n';
  }
  return out.str();
}

}  // namespace naudit::ctl
