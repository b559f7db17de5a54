// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace naudit::output {

// The name of an audit trail, as auditd of FreeBSD and macOS gives it (audit.log(5), auditd(8)): when it was begun and
// when it was ended, in UTC, "20260102030405.20260102040000". While it is written its end is "not_terminated", and
// "crash_recovery" if whoever wrote it did not end it. Such names sort as the trails were begun. A value; pure.
struct TrailName {
  static constexpr std::size_t kStampLength = 14;
  static constexpr std::size_t kLength = 2 * kStampLength + 1;
  static constexpr std::string_view kOpen = "not_terminated";
  static constexpr std::string_view kCrashed = "crash_recovery";

  std::string begin;  // 14 digits
  std::string end;    // 14 digits, or one of the words

  // Nothing: no name of a trail.
  static std::optional<TrailName> of(std::string_view text);
  static TrailName open(std::string begin) { return {std::move(begin), std::string(kOpen)}; }

  [[nodiscard]] std::string text() const { return begin + '.' + end; }
  [[nodiscard]] bool is_open() const noexcept { return end == kOpen; }
  friend bool operator==(const TrailName&, const TrailName&) = default;
};

// "20260102030405". Before the year 0 and after 9999: the first and the last second of them.
std::string trail_stamp(std::chrono::sys_seconds time);
// Nothing: not such a moment ("20260231…").
std::optional<std::chrono::sys_seconds> trail_time(std::string_view stamp);
// The first second that is neither before `now` nor has a trail of its own, `newest` being the youngest one's stamp;
// empty: there is none.
std::string next_stamp(std::chrono::sys_seconds now, std::string_view newest);

}  // namespace naudit::output
