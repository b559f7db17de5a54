// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "migrate/conf/text.hpp"

#include <algorithm>

#include "config/loader.hpp"
#include "config/yaml/scalar.hpp"

namespace naudit::migrate {
namespace {

constexpr std::size_t kWidth = 110;

std::string line_text(const std::string& begin, const std::string& value, const std::string& why) {
  std::string line = begin + ": " + value;
  if (why.empty()) return line + '\n';
  constexpr std::size_t kColumn = 34;
  line.append(line.size() < kColumn ? kColumn - line.size() : 1, ' ');
  return line + "# " + config::comment_line(why) + '\n';
}

// Comment lines of the usual width.
void add_wrapped(std::string& out, std::string text) {
  std::string indent = "#  - ";
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kWidth - indent.size()) {
      end = text.rfind(' ', kWidth - indent.size());
      if (end == std::string::npos || end == 0) end = std::min(text.find(' '), text.size());
    }
    out += indent + config::comment_line(text.substr(0, end)) + '\n';
    text.erase(0, end + 1);
    indent = "#    ";
  }
}

}  // namespace

// What the loader says to it; empty: nothing.
std::string AuditdText::objection(const std::string& yaml) const {
  try {
    config::parse(yaml, "nauditd.yaml", kinds_);
  } catch (const base::Error& error) {
    return error.problems().empty() ? error.what() : error.problems()[0].message;
  }
  return {};
}

void AuditdText::set(const std::string& section, const std::string& key, const std::string& value,
                     const std::string& why, const base::Place& place) {
  const std::string alone = section.empty() ? key + ": " + value : section + ": {" + key + ": " + value + "}";
  if (const std::string refused = objection(alone + '\n'); !refused.empty()) return note(place, why + ": " + refused);
  if (std::find(sections_.begin(), sections_.end(), section) == sections_.end()) sections_.push_back(section);
  lines_[section] += line_text((section.empty() ? "" : "  ") + key, value, why);
}

void AuditdText::sink(const std::vector<Line>& lines, const base::Place& place) {
  std::string block;
  std::string format;
  for (const Line& line : lines) {
    block += line_text((block.empty() ? "  - " : "    ") + line.key, line.value, line.why);
    if (line.key == "format") format = line.value;
  }
  std::string refused = objection("sinks:\n" + sinks_ + block);
  if (!format.empty() && !has_format(format)) refused = "there is no format '" + format + "' yet";
  if (refused.empty()) {
    sinks_ += block;
    has_sink_ = true;
    return;
  }
  note(place, "this sink is left as a comment: " + refused);
  for (std::size_t start = 0; start < block.size();) {
    const std::size_t end = block.find('\n', start);
    sinks_ += config::comment_line("#" + block.substr(start, end - start)) + '\n';
    start = end + 1;
  }
}

void AuditdText::note(const base::Place& place, std::string text) {
  notes_.push_back({place, std::move(text)});
}

void AuditdText::needless(const std::string& what, const std::string& reason) {
  const auto same =
      std::find_if(needless_.begin(), needless_.end(), [&reason](const Needless& one) { return one.reason == reason; });
  if (same == needless_.end())
    needless_.push_back({reason, what});
  else
    same->what += ", " + what;
}

bool AuditdText::has_format(std::string_view format) const {
  return kinds_.format(format) != nullptr;
}

std::string AuditdText::text(bool all_sinks) const {
  std::string out =
      "# What auditd's configuration said, in nauditd's words. All keys: nauditd.yaml(5).\n"
      "# To check it: nauditd --check --config FILE\n";
  for (const std::string& section : sections_) {
    out += '\n';
    if (!section.empty()) out += section + ":\n";
    out += lines_.at(section);
  }
  if (has_sink_)
    out += "\nsinks:\n";
  else if (all_sinks)
    out += "\nsinks: []\n";
  out += sinks_;
  if (!notes_.empty()) out += "\n# Not taken over:\n";
  for (const base::Problem& problem : notes_) add_wrapped(out, problem.text());
  if (!needless_.empty()) out += "\n# Needless for nauditd:\n";
  for (const Needless& one : needless_) add_wrapped(out, one.what + ": " + one.reason);
  return out;
}

}  // namespace naudit::migrate
