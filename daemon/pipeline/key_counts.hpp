// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "interpret/record/decoded_event.hpp"

namespace naudit::daemon {

// What one key, or one kind of events, has brought.
struct KeyCount {
  std::uint64_t total = 0;                // since the start
  std::uint64_t last_ms = 0;              // the record time of the latest, ms since 1970; 0 = none yet
  std::array<std::uint64_t, 3> recent{};  // in the windows of KeyReport
  friend bool operator==(const KeyCount&, const KeyCount&) = default;
};

struct KeyReport {
  static constexpr std::array<std::chrono::minutes, 3> kWindows{std::chrono::minutes{1}, std::chrono::minutes{5},
                                                                std::chrono::minutes{15}};
  struct Key {
    std::string name;
    KeyCount count;
  };
  // How long each window really is: up to a slice longer, or as long as we have counted.
  std::array<std::chrono::milliseconds, 3> covered{};
  std::vector<Key> keys;  // in the order in which they were first seen
  KeyCount all;           // every event of the kernel's; one with several keys counts for each of them, and here once
  KeyCount no_key;        // of system calls and io_uring operations, without a key
  KeyCount no_call;       // of no system call: logins, messages of programs, changes of the configuration
  KeyCount more_keys;     // of keys beyond the bound, together
};

// Events by the key of the rule that made them, over the last minutes. Costs a comparison or a hash of the key's text
// and some increments an event: no lock, no clock, no allocation except for a key that was never seen. Only who may
// load rules can bring new keys, yet they are bounded.
//
// Owner: the encode thread; its alone. Pure: time is an argument.
class KeyCounts {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostKeys = 512;
  static constexpr std::chrono::seconds kSlice{10};

  explicit KeyCounts(TimePoint start);

  // What comes from now on belongs to this moment. Once a batch of events is often enough.
  void advance(TimePoint now);
  void add(const interpret::DecodedEvent& event);
  // `now` is as for advance(), which it includes.
  KeyReport report(TimePoint now);

 private:
  // The longest window, and the slice under way.
  static constexpr std::size_t kSlices = KeyReport::kWindows.back() / kSlice + 1;

  struct Counter {
    std::uint64_t total = 0, last_ms = 0;
    std::array<std::uint32_t, kSlices> slices{};
  };
  struct Named {
    std::string name;
    Counter counter;
  };
  // Several keys stand in one value, so a value stands for several counters.
  using Slots = std::vector<std::uint16_t>;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  using Values = std::unordered_map<std::string, Slots, Hash, std::equal_to<>>;

  void count(Counter& counter, std::uint64_t now_ms) noexcept;
  void count_key(const interpret::Field& key, std::uint64_t now_ms);
  Slots slots_of(const interpret::Field& key);
  std::uint16_t slot(std::string_view name);
  [[nodiscard]] KeyCount sum(const Counter& counter) const noexcept;

  TimePoint start_, now_;
  std::size_t slice_ = 0;  // since the start, not yet modulo
  std::vector<Named> keys_;
  Counter all_, no_key_, no_call_, more_keys_;
  Values quoted_, bare_;                      // as the value is spelled in the record
  const Values::value_type* last_ = nullptr;  // a rule that fires, fires again
  bool last_quoted_ = false;
};

}  // namespace naudit::daemon
