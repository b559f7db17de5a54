// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/counter.hpp"
#include "correlate/event.hpp"

namespace naudit::daemon {

// How many records of a type there were.
struct TypeCount {
  std::uint16_t type = 0;  // 0: of all types beyond those that Linux gives to audit
  std::uint64_t records = 0;
};

// Records by type. Costs one addition a record, and no locked instruction.
//
// Owner: the encode thread, which alone calls add(). list() is for any thread.
class TypeCounts {
 public:
  void add(const correlate::Event& event) noexcept {
    for (const correlate::RecordSpan& record : event.records()) counts_[place(record.type)].add(1);
  }
  // Those that have come, by their number; the rest last.
  [[nodiscard]] std::vector<TypeCount> list() const {
    std::vector<TypeCount> all;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (const std::uint64_t records = counts_[i].value(); records > 0)
        all.push_back({i < kTypes ? static_cast<std::uint16_t>(kFirst + i) : std::uint16_t{0}, records});
    return all;
  }

 private:
  // linux/audit.h: 1000 to 1999 are the kernel's, 2000 is a message of its own, to 2999 are programs'.
  static constexpr std::size_t kFirst = 1000;
  static constexpr std::size_t kTypes = 2000;

  [[nodiscard]] static std::size_t place(std::uint16_t type) noexcept {
    const std::size_t place = std::size_t{type} - kFirst;
    return place < kTypes ? place : kTypes;
  }

  std::array<base::Counter, kTypes + 1> counts_;
};

}  // namespace naudit::daemon
