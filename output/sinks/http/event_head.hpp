// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace naudit::output {

// What a receiver wants to know of an event beside its text. Views into that text; of JSON they are what stands between
// the quotes, escapes and all, so that they can stand between quotes again. Empty: not told.
struct EventHead {
  std::string_view id;  // "seconds.milliseconds:serial"
  std::string_view time;
  std::string_view node, action, kind, outcome;
  std::string_view exe;                   // `how`
  std::string_view auid, uid, ppid, pid;  // numbers, of `subject`
  std::string_view uid_name;
  std::string_view path, address;      // of `object`
  std::string_view keys;               // of JSON: the array's inside: "\"exec\",\"root\""
  std::optional<std::int64_t> millis;  // since the epoch
  bool whole = true;                   // neither `late` nor incomplete: no other event has this id and action
  bool has_timestamp = false;          // it has a member `@timestamp`
  bool is_object = false;              // it is a JSON object
};

// Reads the head of an event in any of our formats: the members of a JSON object up to `records`, with those of
// `subject` and `object`; of lines of records the first one's `node=` and `audit(…)`; of a sentence its date. Never
// looks further than it must, and at no byte twice. Pure; allocates nothing; any bytes will do.
EventHead read_event_head(std::string_view text) noexcept;

// "2023-11-14T22:13:21.001Z", or with a blank for the T, in UTC, fraction optional. Nothing: not that.
std::optional<std::int64_t> parse_utc_millis(std::string_view text) noexcept;

}  // namespace naudit::output
