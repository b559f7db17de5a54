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

std::string flow_scalar(const std::string& value) {
  const bool is_plain = value == "true" || value == "false" ||
                        (!value.empty() && value.find_first_not_of("0123456789") == std::string::npos);
  return is_plain ? value : config::yaml_scalar(value, true);
}

std::string flow_list(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + config::yaml_scalar(value, true);
  return '[' + text + ']';
}

// What the loader says to it; empty: nothing.
std::string ConfigText::objection(const std::string& yaml) const {
  try {
    config::parse(yaml, "nauditd.yaml", kinds_);
  } catch (const base::Error& error) {
    return error.problems().empty() ? error.what() : error.problems()[0].message;
  }
  return {};
}

void ConfigText::set(const std::string& section, const std::string& key, const std::string& value,
                     const std::string& why, const base::Place& place) {
  const std::string alone = section.empty() ? key + ": " + value : section + ": {" + key + ": " + value + "}";
  // With the sources: without them there is no mode 'none'.
  const std::string beside = sources_.has_any ? std::string(sources_.key) + ":\n" + sources_.text : "";
  if (const std::string refused = objection(alone + '\n' + beside); !refused.empty())
    return note(place, why + ": " + refused);
  const auto [first, is_new] = values_.try_emplace({section, key}, value);
  if (!is_new) {
    if (first->second != value)
      note(place, why + ": " + (section.empty() ? "" : section + '.') + key + " is " + first->second +
                      " already, as another program's configuration has it");
    return;
  }
  if (std::find(sections_.begin(), sections_.end(), section) == sections_.end()) sections_.push_back(section);
  lines_[section] += line_text((section.empty() ? "" : "  ") + key, value, why);
}

void ConfigText::add(Entries& to, const char* what, std::vector<Line> lines, const base::Place& place) {
  const std::string wanted = lines.front().value;
  for (int number = 2; !to.names.insert(lines.front().value).second; ++number)
    lines.front().value = wanted + '-' + std::to_string(number);
  std::string block;
  std::string format;
  for (const Line& line : lines) {
    block += line_text((block.empty() ? "  - " : "    ") + line.key, line.value, line.why);
    if (line.key == "format") format = line.value;
  }
  std::string refused = objection(std::string(to.key) + ":\n" + to.text + block);
  if (!format.empty() && !has_format(format)) refused = "there is no format '" + format + "' yet";
  if (refused.empty()) {
    to.text += block;
    to.has_any = true;
    return;
  }
  note(place, std::string("this ") + what + " is left as a comment: " + refused);
  for (std::size_t start = 0; start < block.size();) {
    const std::size_t end = block.find('\n', start);
    to.text += config::comment_line("#" + block.substr(start, end - start)) + '\n';
    start = end + 1;
  }
}

void ConfigText::sink(std::vector<Line> lines, const base::Place& place) {
  add(sinks_, "sink", std::move(lines), place);
}

void ConfigText::source(std::vector<Line> lines, const base::Place& place) {
  add(sources_, "source", std::move(lines), place);
}

void ConfigText::note(const base::Place& place, std::string text) {
  notes_.push_back({place, std::move(text)});
}

void ConfigText::needless(const std::string& what, const std::string& reason) {
  const auto same =
      std::find_if(needless_.begin(), needless_.end(), [&reason](const Needless& one) { return one.reason == reason; });
  if (same == needless_.end())
    needless_.push_back({reason, what});
  else
    same->what += ", " + what;
}

bool ConfigText::has_format(std::string_view format) const {
  return kinds_.format(format) != nullptr;
}

std::string ConfigText::text(bool all_sinks) const {
  std::string out = "# What " + whose_ +
                    "'s configuration said, in nauditd's words. All keys: nauditd.yaml(5).\n"
                    "# To check it: nauditd --check --config FILE\n";
  for (const std::string& section : sections_) {
    out += '\n';
    if (!section.empty()) out += section + ":\n";
    out += lines_.at(section);
  }
  if (!sources_.text.empty()) out += (sources_.has_any ? "\nsources:\n" : "\n") + sources_.text;
  if (sinks_.has_any)
    out += "\nsinks:\n";
  else if (all_sinks)
    out += "\nsinks: []\n";
  out += sinks_.text;
  if (!notes_.empty()) out += "\n# Not taken over:\n";
  for (const base::Problem& problem : notes_) add_wrapped(out, problem.text());
  if (!needless_.empty()) out += "\n# Needless for nauditd:\n";
  for (const Needless& one : needless_) add_wrapped(out, one.what + ": " + one.reason);
  return out;
}

}  // namespace naudit::migrate
