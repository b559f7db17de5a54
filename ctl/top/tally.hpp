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

#include <rapidjson/document.h>

namespace naudit::ctl {

// What the events of a stream can be told apart by.
struct TallyKind {
  const char* name;     // "program": a word for --by
  const char* heading;  // "PROGRAM"
  // What an event of the format json counts for; several for several keys.
  std::vector<std::string> (*names)(const rapidjson::Value& event);
};
inline constexpr std::size_t kTallyKinds = 5;
extern const std::array<TallyKind, kTallyKinds> kTallies;

// Counts the events of a stream in the format json by program, user, rule key, action and system call. Rates are of the
// time that has really passed, which the caller gives.
//
// Memory is bounded: what is beyond the first 4,096 names of a kind is counted together. Owner: one command. Pure.
class Tally {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::size_t kMostNames = 4096;

  explicit Tally(TimePoint start) : start_(start), shown_(start) {}

  // Bytes of the stream as they come.
  void take(std::string_view bytes);
  struct View {
    std::array<bool, kTallyKinds> kinds{};  // which tables
    std::size_t most = 10;                  // rows of each
    std::size_t width = 0;                  // of the terminal; 0 = as wide as it gets
  };
  // A table for each kind: the events a second since the last call, the same since the start, the share, the number,
  // and the name, the noisiest of late first. Begins a new interval.
  std::string text(const View& view, TimePoint now);
  // The same as values, for who lays them out by himself and then calls begin_interval().
  struct Row {
    std::string name;
    double rate = 0, mean = 0;  // a second: since the interval began, and since the start
    std::uint64_t events = 0;
  };
  [[nodiscard]] std::vector<Row> rows(std::size_t kind, std::size_t most, TimePoint now) const;
  struct Summary {
    std::uint64_t events = 0;
    double rate = 0, seconds = 0;  // since the start
  };
  [[nodiscard]] Summary summary(TimePoint now) const;
  void begin_interval(TimePoint now);
  // Events that came too fast to be counted.
  [[nodiscard]] std::uint64_t left_out() const noexcept { return left_out_; }
  [[nodiscard]] std::uint64_t events() const noexcept { return all_.total; }

 private:
  struct Count {
    std::uint64_t total = 0, before = 0;  // at the last look
  };
  using Counts = std::unordered_map<std::string, Count>;

  void take_line(std::string_view line);

  TimePoint start_, shown_;
  std::string rest_;  // a line whose end has not come
  std::array<Counts, kTallyKinds> counts_;
  Count all_;
  std::uint64_t left_out_ = 0;
};

}  // namespace naudit::ctl
