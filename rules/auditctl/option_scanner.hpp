// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace naudit::rules {

// Walks over command-line words as GNU getopt_long does for auditctl: clusters (-si), attached arguments (-kfoo), long
// names that may be cut short, words that are no option left for the end. Without getopt's global state, so that any
// thread may read rule files. The words must outlive the scanner.
class OptionScanner {
 public:
  explicit OptionScanner(std::span<const std::string> words) : words_(words) {}

  struct Option {
    std::string_view name;      // "a", "reset-lost"; empty: not an option of auditctl, or without its argument
    std::string_view argument;  // of an option that takes one
    std::string_view word;      // what was written, for the message
  };
  // Nothing when only words that are no option are left.
  std::optional<Option> next();

  // The word that would be read next; getopt's optind less one, since the program's name is not among the words.
  [[nodiscard]] std::size_t position() const noexcept { return position_; }
  [[nodiscard]] std::size_t operands() const noexcept { return operands_; }

 private:
  Option long_option(std::string_view word);
  Option short_option();

  std::span<const std::string> words_;
  std::size_t position_ = 0;
  std::size_t in_cluster_ = 0;  // the next letter of the word at position_; 0 = not within one
  std::size_t operands_ = 0;
};

}  // namespace naudit::rules
