// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "formats/zoned_time.hpp"

#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

namespace naudit::formats {
namespace {

// Seconds east of UTC, whole minutes: text has no more, and the instant has to stay the same.
std::int64_t local_offset(std::uint64_t seconds) {
  constexpr std::uint64_t kLastSecond = 253402300799;  // of the year 9999
  constexpr std::int64_t kDay = 86400;
  constexpr std::int64_t kMost = std::int64_t{14} * 3600;  // of a xsd:dateTime
  const auto time = static_cast<std::time_t>(seconds);
  std::tm local{};
  if (seconds < std::uint64_t{kDay} || seconds > kLastSecond - kDay || localtime_r(&time, &local) == nullptr) return 0;
  const std::int64_t offset = local.tm_gmtoff / 60 * 60;
  return std::abs(offset) > kMost ? 0 : offset;
}

}  // namespace

// Zones change at quarters of an hour only.
void ZonedTime::append(const correlate::EventId& id, bool local, std::string& out) {
  constexpr std::uint64_t kSlot = 900;
  if (local && id.seconds / kSlot != slot_) {
    slot_ = id.seconds / kSlot;
    offset_ = local_offset(id.seconds);
    const std::int64_t minutes = std::abs(offset_) / 60;
    zone_ = offset_ == 0 ? std::string(utc_)
                         : fmt::format("{}{:02}:{:02}", offset_ < 0 ? '-' : '+', minutes / 60, minutes % 60);
  }
  out += time_.text(id.seconds + static_cast<std::uint64_t>(local ? offset_ : 0), id.millis);
  out += local ? std::string_view(zone_) : utc_;
}

}  // namespace naudit::formats
