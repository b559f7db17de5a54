// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::output {

// The same filter with its users as numbers, for those who must not ask a name service when they make a Filter of it.
// Asks it, on any thread. Throws base::Error for a user that does not exist; `sink` names it in the message, and is
// empty for the filter of a command.
config::Filter with_numbers(config::Filter filter, const std::string& sink);

// `filter:` of a sink, ready to be asked. An event passes when each list that was given matches: one of its keys, one
// of its records' types, its system call, its uid or auid, its program (exe, or what a program says of itself), a path
// in one of its records, its session, its node or an address or host that a program tells, its outcome.
//
// A program or path is meant by a pattern (fnmatch: `*` passes over slashes), by a folder that ends in a slash, by a
// whole path, or, without any slash, by the name of the file. Relative paths are compared as the event's CWD makes them
// absolute.
//
// Immutable; the encode thread asks.
class Filter {
 public:
  // Lets everything pass.
  Filter() = default;
  // Throws base::Error for a record type, system call or user that does not exist; `sink` names it in the message.
  Filter(const config::Filter& filter, const std::string& sink);

  [[nodiscard]] bool passes(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool passes_all() const noexcept { return passes_all_; }

 private:
  [[nodiscard]] bool has_key(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_type(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_syscall(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_uid(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_exe(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_path(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_session(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_host(const interpret::DecodedEvent& event) const;

  bool passes_all_ = true;
  std::vector<std::string> keys_;
  std::vector<std::uint16_t> types_;
  std::vector<std::string> syscalls_;  // by name: the numbers differ from arch to arch
  std::vector<std::uint32_t> syscall_numbers_;
  std::vector<std::uint32_t> uids_;
  std::vector<std::string> exes_, paths_, hosts_;
  std::vector<std::uint32_t> sessions_;
  std::optional<bool> success_;
};

}  // namespace naudit::output
