// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <string_view>

namespace naudit::tables {

// Between the keys of a rule that has several: they are one field of the rule, and one of its events' records. auditctl
// puts it there (libaudit.h, AUDIT_KEY_SEPARATOR); the kernel passes it on.
inline constexpr char kKeySeparator = '\x01';

// Calls `visit` with each key of such a value, in order. What stands between two separators, or before the first and
// behind the last, is a key, be it empty; so an empty value has one. Pure.
template <typename Visit>
void for_each_key(std::string_view value, Visit visit) {
  for (;;) {
    const std::size_t end = value.find(kKeySeparator);
    visit(value.substr(0, end));
    if (end == std::string_view::npos) return;
    value.remove_prefix(end + 1);
  }
}

// The same for showing an event's keys: an empty value shows none, and a separator at the end begins none.
template <typename Visit>
void for_each_shown_key(std::string_view value, Visit visit) {
  if (value.empty()) return;
  if (value.ends_with(kKeySeparator)) value.remove_suffix(1);
  for_each_key(value, visit);
}

}  // namespace naudit::tables
