// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tables/fields.hpp"

namespace naudit::formats {

// The keys of the native event, ready to be copied: made once from the field table, constant afterwards.
class JsonKeys {
 public:
  JsonKeys();
  // "\"auid\":"
  [[nodiscard]] std::string_view key(tables::FieldId id) const noexcept { return keys_[id]; }
  // ",\"auid_name\":"; empty for id 0
  [[nodiscard]] std::string_view name_key(tables::FieldId id) const noexcept { return name_keys_[id]; }

 private:
  std::array<std::string, tables::kFieldCount> keys_;
  std::array<std::string, tables::kFieldCount> name_keys_;
};
const JsonKeys& json_keys();

// A member whose name is that of a field before it plus one of these suffixes is not a field of the record but what the
// field means (docs/event-format.md). For `saddr` every "saddr_…" is.
inline constexpr std::array<std::string_view, 3> kMeaningSuffixes = {"_name", "_text", "_list"};
// A field whose values are numbers, with a value that is none: `pid=?` is "pid_other":"?".
inline constexpr std::string_view kOtherSuffix = "_other";
bool is_meaning_suffix(std::string_view suffix) noexcept;

// What stands between the names of a list in the text of a meaning (interpret::Form::kList), which is an array here.
constexpr char list_separator(tables::FieldClass kind) noexcept {
  return kind == tables::FieldClass::kCapabilities || kind == tables::FieldClass::kPermission ? ',' : '|';
}
// And what that text is for a set with nothing in it.
inline constexpr std::string_view kNoCapabilities = "none";

}  // namespace naudit::formats
