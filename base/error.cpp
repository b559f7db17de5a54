// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/error.hpp"

namespace naudit::base {
namespace {

std::string joined(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += problem.text();
  }
  return text;
}

}  // namespace

std::string Place::text() const {
  std::string text = file;
  if (line > 0) text += ':' + std::to_string(line);
  if (line > 0 && column > 0) text += ':' + std::to_string(column);
  return text;
}

std::string Problem::text() const {
  const std::string where = place.text();
  return where.empty() ? message : where + ": " + message;
}

Error::Error(std::vector<Problem> problems) : std::runtime_error(joined(problems)), problems_(std::move(problems)) {}

Error::Error(Place place, std::string message)
    : Error(std::vector<Problem>{Problem{std::move(place), std::move(message)}}) {}

}  // namespace naudit::base
