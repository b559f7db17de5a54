// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/rotated_name.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace naudit::output {
namespace {

// 0: a digit; all else: itself.
constexpr std::string_view kStamp = "0000-00-00T000000Z";
constexpr std::string_view kCount = "-000";

constexpr std::array<std::string_view, kPackings.size()> kEndings{"", ".gz", ".zst"};

bool has_form(std::string_view text, std::string_view form) {
  return std::ranges::equal(text, form, [](char c, char f) { return f == '0' ? c >= '0' && c <= '9' : c == f; });
}

}  // namespace

RotatedName RotatedName::numbered(std::uint32_t number) {
  return {RotateNames::kNumbered, number, {}, Packing::kNone};
}

RotatedName RotatedName::dated(std::chrono::sys_seconds time, std::uint32_t count) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  RotatedName name{RotateNames::kDated, 0, {}, Packing::kNone};
  name.stamp = fmt::format("{:04}-{:02}-{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                           clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  if (count > 0) name.stamp += fmt::format("-{:03}", count);
  return name;
}

std::optional<RotatedName> RotatedName::of(std::string_view suffix) {
  Packing packing = Packing::kNone;
  for (std::size_t i = 1; i < kEndings.size(); ++i) {
    if (!suffix.ends_with(kEndings.at(i))) continue;
    packing = static_cast<Packing>(i);
    suffix.remove_suffix(kEndings.at(i).size());
    break;
  }
  if (has_form(suffix.substr(0, kStamp.size()), kStamp) &&
      (suffix.size() == kStamp.size() || has_form(suffix.substr(kStamp.size()), kCount)))
    return RotatedName{RotateNames::kDated, 0, std::string(suffix), packing};
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(suffix.data(), suffix.data() + suffix.size(), number);
  if (error != std::errc{} || end != suffix.data() + suffix.size() || suffix.starts_with('0')) return std::nullopt;
  if (number > kMostNumber) return std::nullopt;
  return numbered(number).packed(packing);
}

std::string_view RotatedName::ending(Packing packing) noexcept {
  return kEndings.at(static_cast<std::size_t>(packing));
}

std::string RotatedName::suffix() const {
  std::string suffix = names == RotateNames::kDated ? stamp : std::to_string(number);
  return suffix.append(ending(packing));
}

RotatedName RotatedName::packed(Packing how) const {
  RotatedName name = *this;
  name.packing = how;
  return name;
}

bool RotatedName::is_same_log(const RotatedName& other) const noexcept {
  return names == other.names && number == other.number && stamp == other.stamp;
}

bool RotatedName::is_older_than(const RotatedName& other, RotateNames now) const noexcept {
  if (names != other.names) return names != now;
  return names == RotateNames::kDated ? stamp < other.stamp : number > other.number;
}

}  // namespace naudit::output
