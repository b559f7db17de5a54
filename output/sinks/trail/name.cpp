// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/trail/name.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace naudit::output {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

constexpr sys_seconds kLast = sys_days(std::chrono::year{9999} / 12 / 31) + 24h - 1s;

bool is_stamp(std::string_view text) {
  return text.size() == TrailName::kStampLength &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number_at(std::string_view stamp, std::size_t at, std::size_t digits) {
  int number = 0;
  std::from_chars(stamp.data() + at, stamp.data() + at + digits, number);
  return number;
}

void append_number(std::string& out, unsigned number, std::size_t digits) {
  const std::string text = std::to_string(number);
  out.append(digits - std::min(digits, text.size()), '0').append(text);
}

}  // namespace

std::optional<TrailName> TrailName::of(std::string_view text) {
  if (text.size() != kLength || text[kStampLength] != '.') return std::nullopt;
  const std::string_view begin = text.substr(0, kStampLength), end = text.substr(kStampLength + 1);
  if (!is_stamp(begin) || (!is_stamp(end) && end != kOpen && end != kCrashed)) return std::nullopt;
  return TrailName{std::string(begin), std::string(end)};
}

std::string trail_stamp(sys_seconds time) {
  time = std::clamp(time, sys_seconds(sys_days(std::chrono::year{0} / 1 / 1)), kLast);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::string stamp;
  append_number(stamp, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  append_number(stamp, static_cast<unsigned>(date.month()), 2);
  append_number(stamp, static_cast<unsigned>(date.day()), 2);
  append_number(stamp, static_cast<unsigned>(clock.hours().count()), 2);
  append_number(stamp, static_cast<unsigned>(clock.minutes().count()), 2);
  append_number(stamp, static_cast<unsigned>(clock.seconds().count()), 2);
  return stamp;
}

std::optional<sys_seconds> trail_time(std::string_view stamp) {
  if (!is_stamp(stamp)) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year{number_at(stamp, 0, 4)},
                                         std::chrono::month{static_cast<unsigned>(number_at(stamp, 4, 2))},
                                         std::chrono::day{static_cast<unsigned>(number_at(stamp, 6, 2))});
  const int hours = number_at(stamp, 8, 2), minutes = number_at(stamp, 10, 2), seconds = number_at(stamp, 12, 2);
  if (!date.ok() || hours > 23 || minutes > 59 || seconds > 59) return std::nullopt;
  return sys_days(date) + std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
}

std::string next_stamp(sys_seconds now, std::string_view newest) {
  std::string stamp = trail_stamp(now);
  if (stamp > newest) return stamp;
  const auto time = trail_time(newest);
  // Digits that are no moment sort where they are written: what follows is the next moment behind them, at worst the
  // next year's first.
  if (time) return trail_stamp(*time + 1s);
  return trail_stamp(sys_days(std::chrono::year{number_at(newest, 0, 4) + 1} / 1 / 1));
}

}  // namespace naudit::output
