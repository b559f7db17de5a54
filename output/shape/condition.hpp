// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/names/scope.hpp"
#include "interpret/record/decoded_event.hpp"
#include "tables/fields.hpp"

namespace re2 {
class RE2;
}

namespace naudit::output::shape {

// What a condition is about.
enum class About : std::uint8_t {
  kKey,
  kType,
  kSyscall,
  kUser,  // uid and auid
  kUid,
  kAuid,
  kExe,
  kPath,
  kArgument,
  kCommand,
  kOutcome,
  kSession,
  kHost,
  kAction,
  kContainer,
  kField,  // any other, by its name
};

enum class Relation : std::uint8_t {
  kIs,  // one of the values
  kLike,
  kStartsWith,
  kEndsWith,
  kContains,
  kMatches,
  kBelow,
  kAtMost,
  kAbove,
  kAtLeast,
  kThere,  // the event has it
};

// A name of the language: one row gives what it is about, how it may be compared, and its line in docs/sinks.md.
struct Name {
  std::string_view name;
  About about;
  bool is_text;    // may be compared as text: startswith, contains, matches, like, …
  bool is_number;  // may be compared by size
  std::string_view help;
};
// In the order in which they are told. Any other name is a field's.
std::span<const Name> names() noexcept;

// One comparison, ready to be made. A value is equal to one of `texts` or of `numbers`.
struct Condition {
  About about = About::kField;
  Relation relation = Relation::kIs;
  std::vector<std::string> texts = {};
  std::vector<std::int64_t> numbers = {};
  // Numbers that the users named in `texts` have on this machine.
  std::vector<std::int64_t> local_users = {};
  std::shared_ptr<const re2::RE2> pattern = {};
  // kField: in which records (0: in all), of whom, and which.
  std::uint16_t record_type = 0;
  bool in_kernel = true, in_claim = true;
  tables::FieldId field = 0;
  std::string field_name = {};  // where it has no id
};

// Does any value that the event has meet the condition? `scope`: of the records whose users this machine may name.
// Any thread; nothing is allocated in the steady state of a thread.
bool holds(const Condition& condition, const interpret::DecodedEvent& event, const interpret::NamesScope& scope);

// Is `path` meant by the word: a pattern (fnmatch: `*` passes over slashes), a folder that ends in a slash, a whole
// path, or, without any slash, the name of a file? Pure.
bool is_like(const std::string& word, const std::string& path);

}  // namespace naudit::output::shape
