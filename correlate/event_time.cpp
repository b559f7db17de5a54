// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "correlate/event_time.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace naudit::correlate {
namespace {

constexpr std::uint64_t kLastSecond = 253402300799;
constexpr std::string_view kForm = "0000-00-00T00:00:00.000";
constexpr std::size_t kMonth = 5, kDay = 8, kBetween = 10, kHour = 11, kMinute = 14, kSecond = 17, kMillis = 20;

// So many digits of the number.
void put(std::string& text, std::size_t at, std::size_t digits, std::uint64_t number) noexcept {
  for (std::size_t i = digits; i-- > 0; number /= 10) text[at + i] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string_view EventTime::text(std::uint64_t seconds, std::uint32_t millis) {
  if (seconds != second_) write_second(seconds);
  put(text_, kMillis, 3, millis);
  return text_;
}

void EventTime::write_second(std::uint64_t seconds) {
  second_ = seconds;
  const std::chrono::sys_seconds time{std::chrono::seconds(std::min(seconds, kLastSecond))};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  text_ = kForm;
  put(text_, 0, 4, static_cast<std::uint64_t>(static_cast<int>(date.year())));
  put(text_, kMonth, 2, static_cast<unsigned>(date.month()));
  put(text_, kDay, 2, static_cast<unsigned>(date.day()));
  text_[kBetween] = between_;
  put(text_, kHour, 2, static_cast<std::uint64_t>(clock.hours().count()));
  put(text_, kMinute, 2, static_cast<std::uint64_t>(clock.minutes().count()));
  put(text_, kSecond, 2, static_cast<std::uint64_t>(clock.seconds().count()));
}

}  // namespace naudit::correlate
