// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "correlate/header.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::formats {

// What a stream of events told of processes when they were executed, by machine and process id. Nothing is asked of the
// system, so a process that was executed before the stream began is not known. An entry is forgotten with the end of
// its process, and when a record shows another program under its number.
//
// Owner: LaurelEncoder; one thread. At most kPlaces processes; what shares a place takes it from the other.
class LaurelProcesses {
 public:
  static constexpr std::size_t kPlaces = 16384;

  struct Process {
    std::uint32_t pid = 0, ppid = 0;
    correlate::EventId exec;      // the event
    std::string node, comm, exe;  // comm and exe: empty where the record does not say
  };

  // Reads the event's system call; to be called once for each event, before anything is asked about it.
  void read(const interpret::DecodedEvent& event);
  // After the event was written: forgets the process if this was its end.
  void finish(const interpret::DecodedEvent& event);

  // Null if it is not known. Valid until the next read() or finish().
  [[nodiscard]] const Process* find(std::string_view node, std::string_view pid) const noexcept;
  // The parent of the caller, as it was before this event.
  [[nodiscard]] const Process* parent() const noexcept { return parent_; }

 private:
  [[nodiscard]] static std::size_t place_of(std::string_view node, std::uint32_t pid) noexcept;
  [[nodiscard]] const Process* find(std::string_view node, std::uint32_t pid) const noexcept;
  void forget(std::string_view node, std::uint32_t pid) noexcept;
  void remember(const interpret::DecodedEvent& event, const interpret::DecodedRecord& call, std::uint32_t pid,
                std::string_view exe);

  std::vector<Process> processes_;  // made with the first
  const Process* parent_ = nullptr;
  Process replaced_;  // the parent, whose place the caller took
  bool has_ended_ = false;
  std::string scratch_;
};

}  // namespace naudit::formats
