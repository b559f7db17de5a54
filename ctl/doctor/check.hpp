// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/doctor/facts.hpp"

namespace naudit::ctl {

// How much a finding matters. A note changes no exit code.
enum class Level : std::uint8_t { kNote, kWarning, kCritical };
std::string_view level_text(Level level) noexcept;  // "note"

struct Finding {
  Level level = Level::kWarning;
  std::string what;              // a sentence without its point
  std::vector<std::string> fix;  // commands, or what to change where; one a line
};

enum class Result : std::uint8_t {
  kWell,
  kFound,      // there are findings
  kUnknown,    // it could not be looked at: why
  kUnrelated,  // it does not apply here: why
};

// What a check says of the facts.
struct Outcome {
  Result result = Result::kWell;
  std::string why;  // not looked at, or does not apply
  std::vector<Finding> findings;

  static Outcome well() { return {}; }
  static Outcome found(Level level, std::string what, std::vector<std::string> fix);
  static Outcome unknown(std::string why);
  static Outcome unrelated(std::string why);
  void add(Level level, std::string what, std::vector<std::string> fix);
};

// One thing that doctor looks at: a row. The run, --list, --explain and docs/doctor.md come from it.
struct Check {
  std::string_view id;     // one or two words, the same for ever: monitoring names it
  std::string_view title;  // what is looked at, a phrase
  Level level;             // of its gravest finding
  std::string_view why;    // why it matters, one sentence; stands below each finding
  std::string_view about;  // what is looked at, when it is told, and what to do: whole sentences
  Outcome (*look)(const Facts& facts);
};

// All of them, in the order in which they are told. Immutable; any thread.
std::span<const Check> all_checks();
// Null: there is none of that name.
const Check* find_check(std::string_view id);

}  // namespace naudit::ctl
