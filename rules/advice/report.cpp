// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/report.hpp"

#include <algorithm>
#include <cctype>

#include "base/utf8.hpp"

namespace naudit::rules {
namespace {

using base::Style;

constexpr std::size_t kIndent = 4;

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// The first letter as at the start of a sentence, a full stop at its end: not of what begins with a path or a name.
std::string sentence(std::string text) {
  if (text.empty()) return text;
  const std::string_view word = std::string_view(text).substr(0, text.find(' '));
  const bool is_word = std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == ',' || c == ':'; });
  if (is_word) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (!text.ends_with('.')) text += '.';
  return text;
}

void add_paragraph(std::string& out, std::string_view text, const ReportLayout& layout) {
  out += std::string(kIndent, ' ') + wrapped(base::shown(text), kIndent, layout.width, kIndent) + '\n';
}

std::string problems_text(std::span<const base::Problem> problems, std::string_view what, Style style,
                          const ReportLayout& layout) {
  std::string out;
  for (const base::Problem& one : problems) {
    const std::string place = base::shown(one.place.text());
    const std::string head = (place.empty() ? "" : place + ": ") + std::string(what) + ": ";
    std::string line = wrapped(head + base::shown(one.message), kIndent, layout.width, 0);
    if (layout.colour && line.starts_with(head)) {
      line = (place.empty() ? "" : base::styled(place, Style::kPlace, layout.colour) + ": ") +
             base::styled(what, style, layout.colour) + ": " + line.substr(head.size());
    }
    out += line + '\n';
  }
  return out;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width, std::size_t at) {
  if (width == 0) return std::string(text);
  std::string out;
  bool first = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    const std::size_t wide = columns(word);
    if (!first && at + 1 + wide > width) {
      out += '\n' + std::string(indent, ' ');
      at = indent + wide;
    } else {
      if (!first) out += ' ';
      at += wide + (first ? 0 : 1);
    }
    out += word;
    first = false;
  }
  return out;
}

std::string errors_text(std::span<const base::Problem> errors, const ReportLayout& layout) {
  return problems_text(errors, "error", Style::kWrong, layout);
}

std::string notes_text(std::span<const base::Problem> notes, const ReportLayout& layout) {
  return problems_text(notes, "note", Style::kNote, layout);
}

std::string advice_text(std::span<const Advice> advice, const ReportLayout& layout) {
  std::string out;
  for (const Advice& one : advice) {
    const std::string place = base::shown(one.place.text());
    if (!place.empty()) out += base::styled(place, Style::kPlace, layout.colour) + ": ";
    out += base::styled("advice", Style::kWarning, layout.colour) + " [" + std::string(one.check) + "]\n";
    add_paragraph(out, sentence(one.message), layout);
    if (!one.remedy.empty()) add_paragraph(out, sentence(one.remedy), layout);
    if (!one.more.empty()) add_paragraph(out, "Also " + one.also() + ".", layout);
  }
  return out;
}

}  // namespace naudit::rules
