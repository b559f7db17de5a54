// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/units.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace naudit::base {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::uint64_t kMostBytes = std::numeric_limits<std::int64_t>::max();
constexpr std::array<Unit, 9> kSizes{{{"", 1},
                                      {"B", 1},
                                      {"KiB", 1ULL << 10U},
                                      {"MiB", 1ULL << 20U},
                                      {"GiB", 1ULL << 30U},
                                      {"TiB", 1ULL << 40U},
                                      {"kB", 1'000},
                                      {"MB", 1'000'000},
                                      {"GB", 1'000'000'000}}};
constexpr std::array<Unit, 4> kBinarySizes{
    {{"TiB", 1ULL << 40U}, {"GiB", 1ULL << 30U}, {"MiB", 1ULL << 20U}, {"KiB", 1ULL << 10U}}};

constexpr std::uint64_t kMostMilliseconds = 100ULL * 366 * 24 * 3'600'000;
constexpr std::array<Unit, 5> kDurations{{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

std::optional<std::uint64_t> parse_amount(std::string_view text, std::span<const Unit> units, std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  for (const Unit& unit : units) {
    if (unit.name != text) continue;
    if (number > most / unit.factor) return std::nullopt;
    return number * unit.factor;
  }
  return std::nullopt;
}

std::string amount_text(std::uint64_t amount, std::span<const Unit> largest_first) {
  for (const Unit& unit : largest_first)
    if (amount % unit.factor == 0) return std::to_string(amount / unit.factor) + std::string(unit.name);
  return std::to_string(amount);
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_amount(text, kSizes, kMostBytes);
}

std::string size_text(std::uint64_t bytes) {
  return bytes == 0 ? "0" : amount_text(bytes, kBinarySizes);
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds{0};
  const auto amount = parse_amount(text, kDurations, kMostMilliseconds);
  if (!amount) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(*amount)};
}

std::string duration_text(std::chrono::milliseconds duration) {
  return duration.count() == 0 ? "0s" : amount_text(static_cast<std::uint64_t>(duration.count()), kDurations);
}

}  // namespace naudit::base
