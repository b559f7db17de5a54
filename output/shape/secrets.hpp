// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace re2 {
class RE2;
}

namespace naudit::output::shape {

// What is wrong with which pattern of the user's, from 0. Pure.
struct PatternMistake {
  std::size_t pattern = 0;
  std::string message;
};
std::optional<PatternMistake> pattern_mistake(const config::Redact& wanted);

// What part of a text is secret: from a byte up to, but not including, another one.
struct Range {
  std::size_t begin = 0, end = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

// Finds secrets in a command line by the patterns of `redact:`. Its arguments have one NUL between two; a command line
// that is one text (`cmd` of USER_CMD) has blanks there.
//
// Patterns are RE2's, in Latin-1, so that every byte is a letter: their time grows with the length of the text alone,
// and there is no text to which they cannot be applied. In doubt the built-in ones take more than the secret, never
// less. Immutable; any thread.
class Secrets {
 public:
  // Throws base::Error for what pattern_mistake() finds.
  explicit Secrets(const config::Redact& wanted);
  ~Secrets();
  Secrets(Secrets&&) noexcept;
  Secrets& operator=(Secrets&&) noexcept;

  // Appends the ranges, in order, apart from each other and not empty.
  void find(std::string_view text, std::vector<Range>& out) const;

 private:
  void find_one(const re2::RE2& pattern, std::string_view text, std::vector<Range>& out) const;

  std::unique_ptr<const re2::RE2> any_;  // of all patterns; most texts are done with it
  std::vector<std::unique_ptr<const re2::RE2>> patterns_;
};

}  // namespace naudit::output::shape
