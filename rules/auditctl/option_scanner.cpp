// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/option_scanner.hpp"

namespace naudit::rules {
namespace {

constexpr std::string_view kPlain = "hicslDvt";
constexpr std::string_view kWithArgument = "CefrbaAdSFmRwWkpq";

struct LongOption {
  std::string_view name;
  bool argument;
};
constexpr LongOption kLong[] = {
    {"help", false},       {"loginuid-immutable", false},
    {"signal", true},      {"backlog_wait_time", true},
    {"reset-lost", false}, {"reset_backlog_wait_time_actual", false},
};

// By its whole name, or by a beginning that fits one only.
const LongOption* find_long(std::string_view name) {
  const LongOption* found = nullptr;
  for (const LongOption& option : kLong) {
    if (option.name == name) return &option;
    if (!option.name.starts_with(name)) continue;
    if (found != nullptr) return nullptr;
    found = &option;
  }
  return found;
}

}  // namespace

std::optional<OptionScanner::Option> OptionScanner::next() {
  if (in_cluster_ != 0) return short_option();
  while (position_ < words_.size()) {
    const std::string_view word = words_[position_];
    if (word == "--") {
      ++position_;
      operands_ += words_.size() - position_;
      position_ = words_.size();
      return std::nullopt;
    }
    if (word.size() < 2 || word[0] != '-') {
      ++operands_;
      ++position_;
      continue;
    }
    if (word[1] == '-') return long_option(word);
    in_cluster_ = 1;
    return short_option();
  }
  return std::nullopt;
}

OptionScanner::Option OptionScanner::long_option(std::string_view word) {
  ++position_;
  const std::size_t equals = word.find('=');
  const LongOption* option = find_long(word.substr(2, equals == std::string_view::npos ? equals : equals - 2));
  if (option == nullptr) return {{}, {}, word};
  if (!option->argument)
    return equals == std::string_view::npos ? Option{option->name, {}, word} : Option{{}, {}, word};
  if (equals != std::string_view::npos) return {option->name, word.substr(equals + 1), word};
  if (position_ == words_.size()) return {{}, {}, word};
  return {option->name, words_[position_++], word};
}

OptionScanner::Option OptionScanner::short_option() {
  const std::string_view word = words_[position_];
  const std::string_view name = word.substr(in_cluster_, 1);
  const std::string_view rest = word.substr(in_cluster_ + 1);
  if (kWithArgument.find(name[0]) != std::string_view::npos) {
    in_cluster_ = 0;
    ++position_;
    if (!rest.empty()) return {name, rest, word};
    if (position_ == words_.size()) return {{}, {}, word};
    return {name, words_[position_++], word};
  }
  if (rest.empty()) {
    in_cluster_ = 0;
    ++position_;
  } else {
    ++in_cluster_;
  }
  if (kPlain.find(name[0]) == std::string_view::npos) return {{}, {}, word};
  return {name, {}, word};
}

}  // namespace naudit::rules
