// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/top/tally.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "ctl/client/connection.hpp"

namespace naudit::ctl {
namespace {

using base::json_member;
using base::json_number;
using base::json_text;
using rapidjson::Value;

constexpr const char* kOthers = "(others)";

std::vector<std::string> program_of(const Value& event) {
  std::string_view name = json_text(event, "how");
  if (name.empty()) name = json_text(json_member(event, "subject"), "comm");
  return {name.empty() ? "(no program)" : std::string(name)};
}

// The name, else the number; empty if there is neither.
std::string account(const Value& subject, const char* name, const char* id) {
  if (const std::string_view text = json_text(subject, name); !text.empty()) return std::string(text);
  const Value& number = json_member(subject, id);
  return number.IsUint64() ? std::to_string(number.GetUint64()) : std::string();
}

// Who logged in, else the user that the process runs as.
std::vector<std::string> user_of(const Value& event) {
  const Value& subject = json_member(event, "subject");
  std::string name = account(subject, "auid_name", "auid");
  if (name.empty() || name == "unset") name = account(subject, "uid_name", "uid");
  return {name.empty() ? "(no user)" : name};
}

std::vector<std::string> keys_of(const Value& event) {
  std::vector<std::string> names;
  const Value& keys = json_member(event, "keys");
  if (keys.IsArray())
    for (const Value& key : keys.GetArray())
      if (key.IsString()) names.emplace_back(json_text(key));
  if (names.empty()) names.emplace_back("(no key)");
  return names;
}

std::vector<std::string> action_of(const Value& event) {
  const std::string_view action = json_text(event, "action");
  return {action.empty() ? "(no action)" : std::string(action)};
}

std::vector<std::string> syscall_of(const Value& event) {
  const Value& call = json_member(json_member(event, "records"), "syscall");
  if (const std::string_view name = json_text(call, "syscall_name"); !name.empty()) return {std::string(name)};
  const Value& number = json_member(call, "syscall");
  return {number.IsUint64() ? std::to_string(number.GetUint64()) : "(no system call)"};
}

// Three figures that count.
std::string rate_text(double rate) {
  if (rate == 0) return "0";
  return rate >= 100 ? fmt::format("{:.0f}", rate) : fmt::format("{:.{}f}", rate, rate >= 10 ? 1 : 2);
}

// What is too long for the terminal loses its beginning: the end of a path says more.
std::string fitted(std::string text, std::size_t width) {
  if (width == 0 || text.size() <= width) return text;
  std::size_t begin = text.size() - (width - 1);
  while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) ++begin;
  return "…" + text.substr(begin);
}

double seconds(Tally::TimePoint from, Tally::TimePoint to) {
  return std::max(std::chrono::duration<double>(to - from).count(), 0.001);
}

}  // namespace

const std::array<TallyKind, kTallyKinds> kTallies{{
    {"program", "PROGRAM", program_of},
    {"user", "USER", user_of},
    {"key", "KEY", keys_of},
    {"action", "ACTION", action_of},
    {"syscall", "SYSCALL", syscall_of},
}};

void Tally::take(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      rest_ += bytes;
      return;
    }
    if (rest_.empty()) {
      take_line(bytes.substr(0, end));
    } else {
      rest_ += bytes.substr(0, end);
      take_line(std::exchange(rest_, {}));
    }
    bytes.remove_prefix(end + 1);
  }
}

void Tally::take_line(std::string_view line) {
  rapidjson::Document event;
  if (!parse_answer(line, event)) return;
  if (json_text(event, "notice") == "left_out") {
    left_out_ += json_number(event, "events");
    return;
  }
  ++all_.total;
  for (std::size_t kind = 0; kind < kTallies.size(); ++kind) {
    Counts& counts = counts_.at(kind);
    for (std::string& name : kTallies.at(kind).names(event)) {
      const bool is_full = counts.size() >= kMostNames && !counts.contains(name);
      ++counts[is_full ? std::string(kOthers) : std::move(name)].total;
    }
  }
}

std::vector<Tally::Row> Tally::rows(std::size_t kind, std::size_t most, TimePoint now) const {
  const auto of_late = [](const Count& count) { return count.total - count.before; };
  std::vector<const Counts::value_type*> sorted;
  for (const auto& row : counts_.at(kind)) sorted.push_back(&row);
  const auto goes_before = [&of_late](const auto* a, const auto* b) {
    if (of_late(a->second) != of_late(b->second)) return of_late(a->second) > of_late(b->second);
    return a->second.total != b->second.total ? a->second.total > b->second.total : a->first < b->first;
  };
  const std::size_t count = std::min(sorted.size(), most);
  std::ranges::partial_sort(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(count), goes_before);
  std::vector<Row> rows;
  for (const auto* row : std::span(sorted).first(count))
    rows.push_back({.name = row->first,
                    .rate = static_cast<double>(of_late(row->second)) / seconds(shown_, now),
                    .mean = static_cast<double>(row->second.total) / seconds(start_, now),
                    .events = row->second.total});
  return rows;
}

Tally::Summary Tally::summary(TimePoint now) const {
  return {.events = all_.total,
          .rate = static_cast<double>(all_.total - all_.before) / seconds(shown_, now),
          .seconds = seconds(start_, now)};
}

void Tally::begin_interval(TimePoint now) {
  for (Counts& counts : counts_)
    for (auto& [name, count] : counts) count.before = count.total;
  all_.before = all_.total;
  shown_ = now;
}

std::string Tally::text(const View& view, TimePoint now) {
  const double lately = seconds(shown_, now);
  const auto of_late = [](const Count& count) { return count.total - count.before; };
  std::string out = fmt::format("{}, {} a second in the last {:.1f} s\n", base::count_text(all_.total, "event"),
                                rate_text(static_cast<double>(of_late(all_)) / lately), lately);
  if (left_out_ > 0)
    out += fmt::format("! {} came too fast to be counted here\n", base::count_text(left_out_, "event"));
  for (std::size_t kind = 0; kind < kTallies.size(); ++kind) {
    if (!view.kinds.at(kind)) continue;
    const std::size_t names = counts_.at(kind).size();
    out += fmt::format("\n{:>9} {:>9} {:>7} {:>10}  {}\n", "NOW/S", "MEAN/S", "SHARE", "EVENTS",
                       kTallies.at(kind).heading);
    constexpr std::size_t kNumbers = 40;
    for (const Row& row : rows(kind, view.most, now)) {
      const double share =
          all_.total == 0 ? 0 : static_cast<double>(row.events) * 100 / static_cast<double>(all_.total);
      const std::string name = fitted(base::shown(row.name), view.width > kNumbers ? view.width - kNumbers : 0);
      out += fmt::format("{:>9} {:>9} {:>6.1f}% {:>10}  {}\n", rate_text(row.rate), rate_text(row.mean), share,
                         row.events, name);
    }
    if (names > view.most) out += fmt::format("… and {} more; --most shows them\n", names - view.most);
  }
  begin_interval(now);
  return out;
}

}  // namespace naudit::ctl
