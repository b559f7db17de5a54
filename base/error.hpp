// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace naudit::base {

// A place in a file that a person can edit. Lines and columns count from 1; 0 means "not known".
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  // "file:line:column", without the parts that are not known.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Place&, const Place&) = default;
};

// One finding: where, and what is wrong and what to do about it.
struct Problem {
  Place place;
  std::string message;

  // "file:line:column: message"
  [[nodiscard]] std::string text() const;
};

// What start-up and configuration throw, and nothing else does; caught once, in main (or in reload, where the old
// configuration stays). It carries every problem that was found, not just the first: what() has a line for each.
class Error : public std::runtime_error {
 public:
  explicit Error(std::vector<Problem> problems);
  Error(Place place, std::string message);
  explicit Error(std::string message) : Error(Place{}, std::move(message)) {}

  [[nodiscard]] const std::vector<Problem>& problems() const noexcept { return problems_; }

 private:
  std::vector<Problem> problems_;
};

}  // namespace naudit::base
