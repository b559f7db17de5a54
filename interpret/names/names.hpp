// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "interpret/names/resolver.hpp"
#include "interpret/names/scope.hpp"

namespace naudit::interpret {

struct NamesOptions {
  std::size_t entries = 8192;          // rounded up to a power of two; the least recently used one goes first
  std::chrono::milliseconds wait{50};  // for the name of an id that is new
  unsigned wait_percent = 10;          // of the time, at most, goes into such waiting; 100: no such limit
  std::chrono::seconds lifetime{600};  // after that a name is asked for again, and used until the answer is there
  std::chrono::seconds absence{60};    // the same for an id that has no name
  NamesScope scope = {};               // whose numbers they are
};

struct NamesCounters {
  std::uint64_t asked = 0;    // questions to the system
  std::uint64_t waits = 0;    // how often the owner waited for an answer
  std::uint64_t late = 0;     // of those asked: an event went on without the answer
  std::uint64_t skipped = 0;  // events went on without a name, as too many questions were open
};

// The names of users and groups. A name that is known costs a look into an array: no lock, no system call. A new id is
// asked for on the resolver's thread and waited for a moment; when the system is slow, events go on without a name
// until it answers. That there is no such id is remembered as well.
//
// One thread owns it. Time is monotonic and comes from the caller; a name that is returned is valid until the next
// call.
class Names {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Names(NamesOptions options = {}, Resolver::Lookup lookup = system_name);

  // "root"; "unset" for 4294967295 (-1); empty if there is no such id or no answer yet.
  std::string_view user(std::uint32_t uid, Time now) { return name({NameId::Kind::kUser, uid}, now); }
  std::string_view group(std::uint32_t gid, Time now) { return name({NameId::Kind::kGroup, gid}, now); }

  // The system has answered that there is no such id, by the last that user() or group() heard of it.
  [[nodiscard]] bool is_nameless(NameId id) const noexcept;

  // Forgets everything: a record told that users or groups were changed.
  void flush();

  // Which records may be asked about; told_name() keeps to it.
  [[nodiscard]] const NamesScope& scope() const noexcept { return options_.scope; }

  [[nodiscard]] const NamesCounters& counters() const noexcept { return counters_; }

 private:
  enum class State : std::uint8_t { kAsked, kKnown, kAskedAgain };

  struct Entry {
    Time expires;
    std::uint64_t used = 0;
    State state = State::kAsked;
    std::string name;
  };

  static constexpr std::size_t kWays = 8;  // an id has this many places

  std::string_view name(NameId id, Time now);
  std::string_view slow_name(NameId id, Time now);
  [[nodiscard]] std::size_t first_place(std::uint64_t key) const noexcept;
  [[nodiscard]] std::optional<std::size_t> place_of(std::uint64_t key) const noexcept;
  std::size_t make_place(std::uint64_t key);
  void take_answers(Time now);
  void wait_for(Resolver::Ticket ticket, Time now);

  NamesOptions options_;
  NamesCounters counters_;
  std::vector<std::uint64_t> keys_;  // 0: free
  std::vector<Entry> entries_;       // beside keys_
  std::uint64_t clock_ = 0;          // counts look-ups, to tell which entry was used last
  std::vector<Resolver::Answer> answers_;

  Resolver::Ticket overdue_ = 0;  // the last question that was not answered in time, 0 once it was
  std::chrono::nanoseconds may_wait_;
  Time may_wait_since_;

  Resolver resolver_;
};

}  // namespace naudit::interpret
