// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "interpret/names/scope.hpp"
#include "interpret/record/decoded_event.hpp"
#include "output/shape/expression.hpp"

namespace naudit::output {

// The same filter with this machine's numbers of the users that it names, for a Filter to be made of it: that asks no
// name service itself. Asks it, on any thread. A user whom this machine does not know has none.
config::Filter with_numbers(config::Filter filter);
// What is to be said of such a filter: users whom this machine does not know. Pure.
std::vector<std::string> filter_warnings(const config::Filter& filter);

// The rule keys that it names. Pure.
std::vector<std::string> filter_keys(const config::Filter& filter);
// What is wrong with its expression. Pure.
std::optional<shape::Mistake> expression_mistake(const config::Filter& filter);
// "line 1, column 9: …", for an expression that stands in no file. Pure.
std::string told_in(std::string_view expression, const shape::Mistake& mistake);

// `filter:` of a sink, ready to be asked. An event passes when each list that was given matches: one of its keys, one
// of its records' types, its system call, its uid or auid, its program (exe, or what a program says of itself), a path
// in one of its records, its session, its node or an address or host that a program tells, its outcome; and the
// expression, if there is one. Both are the same thing underneath: conditions of shape::Program.
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
  // Throws base::Error for a record type or system call that does not exist, and for what expression_mistake() finds;
  // `sink` names it in the message. Users' names have the numbers that with_numbers() found; `scope`: of the records
  // whose input tells no name.
  Filter(const config::Filter& filter, const std::string& sink, interpret::NamesScope scope = {});

  [[nodiscard]] bool passes(const interpret::DecodedEvent& event) const { return program_.passes(event); }
  [[nodiscard]] bool passes_all() const noexcept { return program_.passes_all(); }

 private:
  shape::Program program_;
};

}  // namespace naudit::output
