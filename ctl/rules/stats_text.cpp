// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/stats_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/utf8.hpp"
#include "rules/advice/report.hpp"

namespace naudit::ctl {
namespace {

using base::json_member;
using base::json_number;
using base::json_real;
using base::json_text;
using rapidjson::Value;

constexpr std::array<const char*, 3> kRates{"rate_1m", "rate_5m", "rate_15m"};
constexpr std::array<const char*, 3> kTitles{"1 MIN", "5 MIN", "15 MIN"};
constexpr std::size_t kMostRules = 4;  // a key
constexpr std::size_t kMostQuiet = 10;

// Three figures that count, so that 0.004 and 12345 are both to be read.
std::string rate_text(double rate) {
  if (rate == 0) return "0";
  if (rate >= 100) return fmt::format("{:.0f}", rate);
  return fmt::format("{:.{}f}", rate, rate >= 10 ? 1 : rate >= 0.1 ? 2 : 3);
}

struct Line {
  std::string name;
  const Value* counts;
  const Value* rules;
};

class Table {
 public:
  Table(const Value& stats, const RuleStatsView& view) : stats_(stats), view_(view) {}

  std::string text() {
    std::vector<Line> lines = keys();
    const std::size_t hidden = lines.size() - std::min(lines.size(), view_.most);
    lines.resize(lines.size() - hidden);
    for (const auto& [name, shown] : kGroups) {
      const Value& group = json_member(stats_, name);
      if (json_number(group, "total") > 0) lines.push_back({shown, &group, nullptr});
    }
    for (const Line& line : lines) width_ = std::max(width_, base::shown(line.name).size());
    if (view_.before != nullptr) {
      if (view_.width > 0)
        width_ = std::min(width_, std::max(kLeastName, view_.width - std::min(view_.width, kNumbersNow)));
    } else if (short_ = view_.width > 0 && width_ + kNumbers + kStamp.size() > view_.width; short_) {
      const std::size_t rest = kNumbers + kShortStamp.size();
      width_ = std::min(width_, std::max(kLeastName, view_.width - std::min(view_.width, rest)));
    }
    out_ = fmt::format("{:<{}}  {}{:>8} {:>8} {:>8}  {:>6}  {:>10}{}\n", "KEY", width_,
                       view_.before != nullptr ? "     NOW " : "", kTitles[0], kTitles[1], kTitles[2], "SHARE", "TOTAL",
                       view_.before != nullptr ? ""
                       : short_                ? "  SEEN (UTC)"
                                               : "  LAST SEEN (UTC)");
    for (const Line& line : lines) add(line);
    if (hidden > 0) out_ += fmt::format("… and {} more keys; --most shows them\n", hidden);
    add({"all events", &json_member(stats_, "all"), nullptr});
    add_note();
    add_quiet();
    return std::move(out_);
  }

 private:
  static constexpr std::array<std::pair<const char*, const char*>, 3> kGroups{
      {{"no_key", "(no key)"}, {"no_call", "(no system call)"}, {"more_keys", "(more keys)"}}};

  [[nodiscard]] double rate(const Value& counts) const { return json_real(counts, kRates.at(view_.window)); }

  // Events a second since the look before.
  [[nodiscard]] double now_rate(const std::string& name, const Value& counts) const {
    const auto found = view_.before->totals.find(name);
    const std::uint64_t total = json_number(counts, "total"),
                        had = found == view_.before->totals.end() ? 0 : found->second;
    // A daemon that was restarted meanwhile counts anew.
    return static_cast<double>(total >= had ? total - had : total) / std::max(view_.before->seconds, 0.001);
  }
  [[nodiscard]] double order(const Line& line) const {
    return view_.before != nullptr ? now_rate(line.name, *line.counts) : rate(*line.counts);
  }

  std::vector<Line> keys() const {
    std::vector<Line> lines;
    const Value& keys = json_member(stats_, "keys");
    if (!keys.IsArray()) return lines;
    for (const Value& key : keys.GetArray())
      lines.push_back({std::string(json_text(key, "key")), &key, &json_member(key, "rules")});
    std::ranges::stable_sort(lines, [this](const Line& a, const Line& b) { return order(a) > order(b); });
    return lines;
  }

  // A name that is too long for the terminal loses its end.
  [[nodiscard]] std::string name_text(const std::string& key) const {
    constexpr std::string_view kCut = "…";
    std::string name = base::shown(key);
    if (name.size() <= width_) return name;
    std::size_t end = width_ - 1;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
    return name.substr(0, end) + std::string(kCut);
  }

  // Of "2026-01-02 03:04:05" the time, or the date if that is another one than the last event's.
  [[nodiscard]] std::string stamp_text(const std::string& seen) const {
    if (!short_ || seen.size() < kStamp.size()) return seen;
    const std::string_view last = json_text(json_member(stats_, "all"), "last_seen");
    return last.starts_with(std::string_view(seen).substr(0, 10)) ? seen.substr(11) : seen.substr(0, 10);
  }

  void add(const Line& line) {
    const double all = rate(json_member(stats_, "all"));
    const double share = all > 0 ? std::min(rate(*line.counts) / all, 1.0) : 0;
    std::string seen = base::shown(json_text(*line.counts, "last_seen"));
    std::ranges::replace(seen, 'T', ' ');
    const std::string now =
        view_.before != nullptr ? fmt::format("{:>8} ", rate_text(now_rate(line.name, *line.counts))) : "";
    const std::string stamp = view_.before != nullptr ? "" : "  " + stamp_text(seen.substr(0, seen.find('.')));
    out_ += fmt::format("{:<{}}  {}{:>8} {:>8} {:>8}  {:>5.1f}%  {:>10}{}\n", name_text(line.name), width_, now,
                        rate_text(json_real(*line.counts, kRates[0])), rate_text(json_real(*line.counts, kRates[1])),
                        rate_text(json_real(*line.counts, kRates[2])), share * 100, json_number(*line.counts, "total"),
                        stamp);
    if (view_.rules && line.rules != nullptr && line.rules->IsArray()) add_rules(*line.rules, *line.counts);
  }

  void add_rules(const Value& rules, const Value& key) {
    std::size_t shown = 0;
    for (const Value& rule : rules.GetArray()) {
      if (shown == kMostRules) break;
      ++shown;
      const std::string_view place = json_text(rule, "place");
      const std::string text =
          base::shown(fmt::format("{}{}{}", json_text(rule, "rule"), place.empty() ? "" : "    # ", place));
      out_ += "    " + rules::wrapped(text, 8, view_.width, 4) + '\n';
    }
    const std::uint64_t count = json_number(key, "rules_count");
    if (count == 0) out_ += "    (no loaded rule has this key any more)\n";
    if (count > shown) out_ += fmt::format("    … and {} more rules\n", count - shown);
  }

  void add_note() {
    const Value& windows = json_member(stats_, "windows_s");
    if (windows.IsArray() && !windows.Empty() && windows[windows.Size() - 1].IsNumber() &&
        windows[windows.Size() - 1].GetDouble() < 900)
      out_ += fmt::format("counting since {:.0f} s\n", windows[windows.Size() - 1].GetDouble());
  }

  void add_quiet() {
    const Value& quiet = json_member(stats_, "quiet_keys");
    if (!view_.rules || !quiet.IsArray() || quiet.Empty()) return;
    out_ += "no event yet: ";
    for (rapidjson::SizeType i = 0; i < quiet.Size() && i < kMostQuiet; ++i)
      out_ += fmt::format("{}{}", i > 0 ? ", " : "", base::shown(json_text(quiet[i])));
    if (quiet.Size() > kMostQuiet) out_ += fmt::format(" and {} more keys", quiet.Size() - kMostQuiet);
    out_ += '\n';
  }

  const Value& stats_;
  const RuleStatsView& view_;
  static constexpr std::string_view kStamp = "2026-01-02 03:04:05", kShortStamp = "2026-01-02";
  static constexpr std::size_t kNumbersNow = 57;  // the columns behind the name, with NOW and without a stamp
  static constexpr std::size_t kNumbers = 50;     // the columns between name and stamp, with their blanks
  static constexpr std::size_t kLeastName = 12;
  std::size_t width_ = std::string_view("all events").size();
  bool short_ = false;
  std::string out_;
};

}  // namespace

RuleStatsLook rule_stats_look(const rapidjson::Value& stats) {
  RuleStatsLook look;
  const Value& keys = json_member(stats, "keys");
  if (keys.IsArray())
    for (const Value& key : keys.GetArray())
      look.totals[std::string(json_text(key, "key"))] = json_number(key, "total");
  for (const auto& [name, shown] : {std::pair("no_key", "(no key)"), std::pair("no_call", "(no system call)"),
                                    std::pair("more_keys", "(more keys)"), std::pair("all", "all events")})
    look.totals[shown] = json_number(json_member(stats, name), "total");
  return look;
}

std::string rule_stats_text(const rapidjson::Value& stats, const RuleStatsView& view) {
  return Table(stats, view).text();
}

}  // namespace naudit::ctl
