// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "correlate/event.hpp"

namespace naudit::formats {

// What one line of the native format was made from.
struct RebuiltEvent {
  correlate::EventId id;
  std::vector<std::string> records;  // their lines, "type=… msg=audit(…): …", byte for byte
  std::vector<std::string> told;     // beside each: what the event says that its fields mean (told_meanings.hpp)
  std::string names;                 // of users and groups in the summary (event_names.hpp)
  std::string node;                  // as the member says; empty: none
  correlate::Incomplete incomplete = correlate::Incomplete::kNo;
  bool late = false;
};

// From one line of the native format back to the records' lines, byte for byte.
//
// The rules: fields stand in the order of the members; a number is itself; a string of a field that the kernel encodes
// is quoted, or hexadecimal digits where a byte demands it; any other string is itself; null is (null); an array is a
// proctitle, joined by NUL, or argv; what a member means (see keys.hpp) is no part of the record. Where this is not how
// the record was spelled, `edits` (edits.hpp) says what to change in it; where that does not do either, `raw` has the
// lines. Pure. False, with a reason in `error`, if the line is not an event of ours.
bool rebuild_event(std::string_view line, RebuiltEvent& out, std::string& error);
// The same, of the records alone; they are appended.
bool rebuild_records(std::string_view line, std::vector<std::string>& records, std::string& error);

// The text of one record behind its header, from its object: without `edits`, which the encoder finds by this.
void rebuild_body(std::uint16_t record_type, std::string_view object, std::string& out);

}  // namespace naudit::formats
