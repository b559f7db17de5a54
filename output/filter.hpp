// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "interpret/names/scope.hpp"
#include "interpret/record/decoded_event.hpp"

namespace naudit::output {

// The same filter with this machine's numbers of the users that it names, for a Filter to be made of it: that asks no
// name service itself. Asks it, on any thread. A user whom this machine does not know has none.
config::Filter with_numbers(config::Filter filter);
// What is to be said of such a filter: users whom this machine does not know. Pure.
std::vector<std::string> filter_warnings(const config::Filter& filter);

// `filter:` of a sink, ready to be asked. An event passes when each list that was given matches: one of its keys, one
// of its records' types, its system call, its uid or auid, its program (exe, or what a program says of itself), a path
// in one of its records, its session, its node or an address or host that a program tells, its outcome.
//
// A user given by his name is meant by the name that the input tells beside a number; where it tells none, by the
// number that he has on this machine, if the record is one of those that it may speak for (NamesScope). A number is
// meant by that number on every machine.
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
  // Throws base::Error for a record type or system call that does not exist; `sink` names it in the message. Users'
  // names have the numbers that with_numbers() found; `scope`: of the records whose input tells no name.
  Filter(const config::Filter& filter, const std::string& sink, interpret::NamesScope scope = {});

  [[nodiscard]] bool passes(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool passes_all() const noexcept { return passes_all_; }

 private:
  [[nodiscard]] bool has_key(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_type(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_syscall(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool has_uid(const interpret::DecodedEvent& event) const;
  [[nodiscard]] bool is_user(const interpret::DecodedEvent& event, const interpret::DecodedRecord& record,
                             const interpret::Field& field, std::uint32_t uid) const;
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
  std::vector<std::string> users_;               // by name
  std::vector<std::uint32_t> numbers_of_users_;  // on this machine, of those that it knows
  interpret::NamesScope scope_;
  std::vector<std::string> exes_, paths_, hosts_;
  std::vector<std::uint32_t> sessions_;
  std::optional<bool> success_;
};

}  // namespace naudit::output
