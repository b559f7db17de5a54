// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/leef/options.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"

namespace naudit::formats {
namespace {

constexpr std::array<std::string_view, 2> kVersions = {"1.0", "2.0"};

bool can_delimit(char c) noexcept {
  const bool is_word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return c == '\t' || (c > ' ' && c <= '~' && !is_word && c != '=' && c != '|' && c != '\\');
}

void check(const LeefOptions& options, const config::Sink&, const config::Report& report) {
  if (leef_delimiter(options.delimiter) == 0)
    report("delimiter", "expected one character like ^, or x and its hexadecimal number like x09, not " +
                            base::in_quotes(options.delimiter));
  if (options.version == LeefVersion::kOne && leef_delimiter(options.delimiter) != '\t')
    report("delimiter", "LEEF 1.0 has no other than the tab; remove it, or write 'version: \"2.0\"'");
}

}  // namespace

char leef_delimiter(std::string_view text) noexcept {
  if (text.size() == 1) return can_delimit(text.front()) ? text.front() : '\0';
  if (text.starts_with("0x")) text.remove_prefix(1);
  if (!text.starts_with('x') || text.size() < 2 || text.size() > 5) return '\0';
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + 1, end, number, 16);
  if (error != std::errc{} || last != end || number > 0x7E) return '\0';
  const char c = static_cast<char>(number);
  return can_delimit(c) ? c : '\0';
}

config::OptionTable leef_options() {
  return config::OptionSpec<LeefOptions>{
      .rows =
          {
              {"version", config::choice(&LeefOptions::version, kVersions), "Of LEEF."},
              {"delimiter", config::text(&LeefOptions::delimiter),
               "What stands between two pairs in LEEF 2.0: one character, or `x` and its hexadecimal number; `x09` is "
               "a tab."},
          },
      .check = check,
  };
}

}  // namespace naudit::formats
