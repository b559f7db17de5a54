// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/rule/places.hpp"

#include <algorithm>

namespace naudit::rules {
namespace {

constexpr std::size_t kMost = 20;

struct Run {
  int first, last;
};

std::string run_text(const Run& run) {
  if (run.first == run.last) return std::to_string(run.first);
  return std::to_string(run.first) + (run.last == run.first + 1 ? " and " : " to ") + std::to_string(run.last);
}

// The lines of one file, those that follow each other as one run.
std::string lines_text(std::vector<int> lines) {
  std::ranges::sort(lines);
  lines.erase(std::ranges::unique(lines).begin(), lines.end());
  const std::size_t left_out = lines.size() - std::min(lines.size(), kMost);
  lines.resize(lines.size() - left_out);
  std::vector<Run> runs;
  for (const int line : lines)
    if (!runs.empty() && runs.back().last + 1 == line)
      runs.back().last = line;
    else
      runs.push_back({line, line});
  // "3 and 4" reads as one number beside others.
  std::vector<std::string> parts;
  for (const Run& run : runs) {
    if (runs.size() > 1 && run.last == run.first + 1) {
      parts.push_back(std::to_string(run.first));
      parts.push_back(std::to_string(run.last));
    } else {
      parts.push_back(run_text(run));
    }
  }
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i)
    text += (i == 0 ? "" : i + 1 == parts.size() && left_out == 0 ? " and " : ", ") + parts[i];
  if (left_out > 0) text += " and " + std::to_string(left_out) + " more";
  return text;
}

}  // namespace

std::string places_text(const std::vector<base::Place>& places, const std::string& file) {
  std::vector<std::string> files;
  for (const base::Place& place : places)
    if (std::ranges::find(files, place.file) == files.end()) files.push_back(place.file);
  std::string text;
  for (const std::string& one : files) {
    std::vector<int> lines;
    for (const base::Place& place : places)
      if (place.file == one) lines.push_back(place.line);
    const std::string numbers = lines_text(std::move(lines));
    const bool several = numbers.find_first_not_of("0123456789") != std::string::npos;
    if (!text.empty()) text += "; ";
    text += one == file ? (several ? "lines " : "line ") + numbers : one + ":" + numbers;
  }
  return text;
}

}  // namespace naudit::rules
