// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "output/sinks/file/options.hpp"

namespace naudit::output {

// What stands behind the name of the log and a dot in the name of a file that was rotated: "3" (a larger one is older),
// or "2026-11-30T120000Z", when it was rotated, in UTC, with "-002" and so on for others of the same second; and ".gz"
// or
// ".zst" if it is compressed. A value.
struct RotatedName {
  static constexpr std::uint32_t kMostNumber = 100'000;
  static constexpr std::uint32_t kMostOfOneSecond = 999;

  RotateNames names = RotateNames::kNumbered;
  std::uint32_t number = 0;
  std::string stamp;
  Packing packing = Packing::kNone;

  static RotatedName numbered(std::uint32_t number);
  // `count`: how many there are of that second already.
  static RotatedName dated(std::chrono::sys_seconds time, std::uint32_t count);
  // Nothing: no name that we give.
  static std::optional<RotatedName> of(std::string_view suffix);

  // ".gz", ".zst"; empty for none.
  static std::string_view ending(Packing packing) noexcept;

  [[nodiscard]] std::string suffix() const;
  [[nodiscard]] RotatedName packed(Packing how) const;
  // The same log, whatever it is compressed with.
  [[nodiscard]] bool is_same_log(const RotatedName& other) const noexcept;
  // With names of both ways those of the other way are from before the configuration was changed.
  [[nodiscard]] bool is_older_than(const RotatedName& other, RotateNames now) const noexcept;
};

}  // namespace naudit::output
