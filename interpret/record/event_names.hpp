// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace naudit::interpret {

class DecodedEvent;

// The names of users and groups that the input of an event tells, by their numbers: an event happened on one machine,
// so a number that has a name in one place has it in all. They are taken from what stands beside the kernel's own
// fields, and from the summary of a native event.
//
// Owner: DecodedEvent, which fills it when it is asked for the first time; nothing is allocated in the steady state.
class EventNames {
 public:
  // Replaces what there was. Time is linear in the event, except for a sort of the names.
  void read(const DecodedEvent& event);
  // Nothing if the input does not say; empty if it says that the machine did not know it. Points into this object.
  [[nodiscard]] std::optional<std::string_view> find(bool is_group, std::uint32_t number) const noexcept;

 private:
  struct Entry {
    std::uint64_t key = 0;  // group or not, number
    std::uint32_t begin = 0, size = 0;
  };
  void add(bool is_group, std::uint32_t number, std::string_view name);

  std::vector<Entry> entries_;  // by key
  std::string text_;
};

// Appends one name to correlate::Event::names, which EventNames reads.
void append_event_name(bool is_group, std::uint32_t number, std::string_view name, std::string& out);

// What an auditd wrote for a number that its machine had no name for: "unknown(1000)".
inline bool is_unknown_name(std::string_view name) noexcept {
  return name.starts_with("unknown(");
}

}  // namespace naudit::interpret
