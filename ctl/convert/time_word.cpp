// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/time_word.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace naudit::ctl {
namespace {

constexpr std::int64_t kSecond = 1000;

// Takes what it reads off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // Exactly so many digits.
  std::optional<int> digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char letter) {
    if (!rest_.starts_with(letter)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // ".123456": milliseconds; more digits are cut.
  std::optional<int> fraction() {
    if (!take('.')) return 0;
    int value = 0;
    std::size_t count = 0;
    for (; !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; rest_.remove_prefix(1), ++count)
      if (count < 3) value = value * 10 + (rest_[0] - '0');
    if (count == 0) return std::nullopt;
    for (; count < 3; ++count) value *= 10;
    return value;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

struct Date {
  int year = 0, month = 0, day = 0;
};
struct Clock {
  int hour = 0, minute = 0, second = 0, millis = 0;
};

std::optional<Date> date_of(Scanner& scan) {
  const auto year = scan.digits(4);
  if (!year || !scan.take('-')) return std::nullopt;
  const auto month = scan.digits(2);
  if (!month || !scan.take('-')) return std::nullopt;
  const auto day = scan.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Date{*year, *month, *day};
}

std::optional<Clock> clock_of(Scanner& scan) {
  Clock clock;
  const auto hour = scan.digits(2);
  if (!hour || !scan.take(':')) return std::nullopt;
  const auto minute = scan.digits(2);
  if (!minute) return std::nullopt;
  clock.hour = *hour;
  clock.minute = *minute;
  if (scan.take(':')) {
    const auto second = scan.digits(2);
    const auto millis = second ? scan.fraction() : std::nullopt;
    if (!millis) return std::nullopt;
    clock.second = *second;
    clock.millis = *millis;
  }
  if (clock.hour > 23 || clock.minute > 59 || clock.second > 60) return std::nullopt;
  return clock;
}

// Seconds east of UTC: "Z", "+01:00", "+0100".
std::optional<int> zone_of(Scanner& scan) {
  if (scan.take('Z')) return 0;
  const bool is_west = scan.rest().starts_with('-');
  if (!scan.take(is_west ? '-' : '+')) return std::nullopt;
  const auto hours = scan.digits(2);
  scan.take(':');
  const auto minutes = scan.digits(2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (is_west ? -60 : 60) * (*hours * 60 + *minutes);
}

std::tm broken_down(const Date& date, const Clock& clock) {
  std::tm tm{};
  tm.tm_year = date.year - 1900;
  tm.tm_mon = date.month - 1;
  tm.tm_mday = date.day;
  tm.tm_hour = clock.hour;
  tm.tm_min = clock.minute;
  tm.tm_sec = clock.second;
  tm.tm_isdst = -1;
  return tm;
}

std::int64_t local_moment(const Date& date, const Clock& clock) {
  std::tm tm = broken_down(date, clock);
  return std::int64_t{std::mktime(&tm)} * kSecond + clock.millis;
}

std::optional<std::int64_t> local_day(std::int64_t now, int days_before, const Clock& clock) {
  const auto seconds = static_cast<std::time_t>(now / kSecond);
  std::tm tm{};
  if (localtime_r(&seconds, &tm) == nullptr) return std::nullopt;
  // mktime() knows what the day before the first of a month is.
  return local_moment({tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday - days_before}, clock);
}

std::optional<std::int64_t> so_long_ago(std::string_view word, std::int64_t now) {
  constexpr std::string_view kAgo = " ago";
  if (word.ends_with(kAgo)) word.remove_suffix(kAgo.size());
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
  constexpr std::int64_t kMost = 100'000'000;
  if (error != std::errc{} || count < 0 || count > kMost || end + 1 != word.data() + word.size()) return std::nullopt;
  constexpr std::array<std::pair<char, std::int64_t>, 5> kUnits = {
      {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}}};
  for (const auto& [letter, seconds] : kUnits)
    if (*end == letter) return now - count * seconds * kSecond;
  return std::nullopt;
}

std::optional<std::int64_t> written_out(std::string_view word, std::int64_t now) {
  Scanner time(word);
  if (const auto clock = clock_of(time); clock && time.at_end()) return local_day(now, 0, *clock);

  Scanner scan(word);
  const auto date = date_of(scan);
  if (!date) return std::nullopt;
  if (scan.at_end()) return local_moment(*date, {});
  if (!scan.take('T') && !scan.take(' ')) return std::nullopt;
  const auto clock = clock_of(scan);
  if (!clock) return std::nullopt;
  if (scan.at_end()) return local_moment(*date, *clock);
  const auto east = zone_of(scan);
  if (!east || !scan.at_end()) return std::nullopt;
  std::tm tm = broken_down(*date, *clock);
  return (std::int64_t{timegm(&tm)} - *east) * kSecond + clock->millis;
}

// "@1700000000.123", as date(1) takes it.
std::optional<std::int64_t> since_1970(std::string_view word) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(word.data() + 1, word.data() + word.size(), seconds);
  constexpr std::int64_t kMost = 253'402'300'799;
  if (error != std::errc{} || seconds < 0 || seconds > kMost) return std::nullopt;
  Scanner scan(word.substr(static_cast<std::size_t>(end - word.data())));
  const auto millis = scan.fraction();
  if (!millis || !scan.at_end()) return std::nullopt;
  return seconds * kSecond + *millis;
}

}  // namespace

const char* const kTimeForms =
    "a time such as '2026-11-29 21:05', '2026-11-29T21:05:00Z', '21:05', 'today', 'yesterday', '2h ago'";

std::optional<std::int64_t> time_of_word(std::string_view word, std::int64_t now) {
  if (word == "now") return now;
  if (word == "today") return local_day(now, 0, {});
  if (word == "yesterday") return local_day(now, 1, {});
  if (word.starts_with('@')) return since_1970(word);
  const auto ago = so_long_ago(word, now);
  return ago ? ago : written_out(word, now);
}

}  // namespace naudit::ctl
