// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/json/keys.hpp"

#include <algorithm>

namespace naudit::formats {

JsonKeys::JsonKeys() {
  for (tables::FieldId id = 1; id < tables::kFieldCount; ++id) {
    const std::string name(tables::field_info(id).name);
    keys_[id] = '"' + name + "\":";
    name_keys_[id] = ",\"" + name + "_name\":";
  }
}

const JsonKeys& json_keys() {
  static const JsonKeys kNames;
  return kNames;
}

bool is_meaning_suffix(std::string_view suffix) noexcept {
  return std::ranges::find(kMeaningSuffixes, suffix) != kMeaningSuffixes.end();
}

}  // namespace naudit::formats
