// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace naudit::base {

// A number that one thread changes and any thread may read. No locked instruction.
class Counter {
 public:
  void add(std::uint64_t n) noexcept { set(value() + n); }
  void subtract(std::uint64_t n) noexcept { set(value() - n); }
  void set(std::uint64_t n) noexcept { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

enum class CounterKind : std::uint8_t {
  kCounter,  // only grows
  kGauge,    // is what it is now
  kFault,    // a counter that should stay 0: `nauditctl status` marks it and exits with 3
  kAlarm,    // the same of a gauge: what is not so now was a moment ago
};
inline constexpr bool should_be_zero(CounterKind kind) noexcept {
  return kind == CounterKind::kFault || kind == CounterKind::kAlarm;
}

// What is told about a number that a stage shows. Unit and help are read on after the number: "3 records received".
// The name is a key of the status (docs/control-socket.md) and a part of the name of a metric (docs/metrics.md).
struct CounterText {
  std::string_view name;
  std::string_view unit;
  CounterKind kind = CounterKind::kCounter;
  std::string_view help;
};

// One row of a stage's table of counters. The table stands beside the struct that holds the numbers, and is all that
// the status, `nauditctl status`, the metrics and the tables in docs/ (checked by tests) need to know.
template <typename Owner>
struct CounterRow {
  CounterText text;
  std::variant<Counter Owner::*, std::uint64_t Owner::*, std::uint32_t Owner::*, std::optional<std::uint32_t> Owner::*>
      member;
};

struct Reading {
  CounterText text;
  std::uint64_t value = 0;
};

// Appends what the rows read from `owner` now; a row without a value is left out.
template <typename Rows, typename Owner>
void read_counters(const Rows& rows, const Owner& owner, std::vector<Reading>& out) {
  for (const auto& row : rows) {
    const std::optional<std::uint64_t> value = std::visit(
        [&owner](const auto member) -> std::optional<std::uint64_t> {
          const auto& number = owner.*member;
          if constexpr (std::is_same_v<std::decay_t<decltype(number)>, Counter>)
            return number.value();
          else
            return number;
        },
        row.member);
    if (value) out.push_back({row.text, *value});
  }
}

}  // namespace naudit::base
