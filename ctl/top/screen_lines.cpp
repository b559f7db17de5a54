// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/top/screen_lines.hpp"

#include <wchar.h>

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "ctl/client/columns.hpp"
#include "ctl/client/sinks_text.hpp"

namespace naudit::ctl {
namespace {

using base::json_member;
using base::json_number;
using base::json_text;
using rapidjson::Value;
using Look = ScreenLine::Look;

constexpr std::size_t kLeastTable = 36;  // columns: two numbers and a name that says something
constexpr std::size_t kNumbers = 17;     // columns of the two numbers, with what stands between

constexpr std::size_t kMostName = 16;  // columns of a sink's name

// Columns of a character; the width of what this C library does not know is 1.
std::size_t columns_of(char32_t character) {
  return static_cast<std::size_t>(std::max(::wcwidth(static_cast<wchar_t>(character)), 1));
}

std::size_t columns_of(std::string_view shown) {
  std::size_t columns = 0;
  while (!shown.empty()) {
    const base::Utf8Character first = base::first_character(shown);
    columns += columns_of(first.value);
    shown.remove_prefix(std::max<std::size_t>(first.size, 1));
  }
  return columns;
}

// The beginning stays.
std::string cut(std::string_view shown, std::size_t columns) {
  std::string out;
  for (std::size_t used = 0; !shown.empty();) {
    const base::Utf8Character first = base::first_character(shown);
    const std::size_t bytes = std::max<std::size_t>(first.size, 1);
    used += columns_of(first.value);
    if (used > columns) break;
    out += shown.substr(0, bytes);
    shown.remove_prefix(bytes);
  }
  return out;
}

std::string rate_text(double rate) {
  if (rate == 0) return "0";
  return rate >= 100 ? fmt::format("{:.0f}", rate) : fmt::format("{:.{}f}", rate, rate >= 10 ? 1 : 2);
}

std::string short_number(std::uint64_t number) {
  if (number < 1'000'000) return std::to_string(number);
  const auto value = static_cast<double>(number);
  return number < 1'000'000'000 ? fmt::format("{:.1f}M", value / 1e6) : fmt::format("{:.1f}G", value / 1e9);
}

class Screen {
 public:
  explicit Screen(ScreenSize size) : size_(size) {}

  [[nodiscard]] std::size_t left() const noexcept { return size_.rows - std::min(size_.rows, lines_.size()); }
  [[nodiscard]] std::size_t columns() const noexcept { return size_.columns; }
  void add(std::string_view text, Look look = Look::kPlain) {
    if (left() > 0) lines_.push_back({cut(base::shown(text), size_.columns), look});
  }
  std::vector<ScreenLine> take() { return std::move(lines_); }

 private:
  ScreenSize size_;
  std::vector<ScreenLine> lines_;
};

void add_daemon(Screen& screen, const Tally& tally, const Tally::Summary& all, const Value& status,
                std::string_view trouble) {
  const std::string rate = fmt::format("{} events/s, {} since {:.0f} s", rate_text(all.rate),
                                       base::count_text(all.events, "event"), all.seconds);
  if (!status.IsObject()) {
    screen.add("nauditctl top: " + rate, Look::kHeading);
    return screen.add("! " + std::string(trouble.empty() ? "the daemon's status has not come yet" : trouble),
                      trouble.empty() ? Look::kPlain : Look::kWrong);
  }
  const std::string_view node = json_text(status, "node");
  screen.add(fmt::format("{}{}nauditd {}: {}", node, node.empty() ? "" : ", ", json_text(status, "version"), rate),
             Look::kHeading);
  const Value& kernel = json_member(status, "kernel");
  const std::uint64_t lost = json_number(kernel, "lost");
  const std::string_view registration = json_text(status, "registration");
  const bool is_registered =
      registration == "registered" || registration == "observing" || registration == "collecting";
  const bool is_wrong = lost > 0 || !is_registered;
  std::string line = fmt::format("{} {}; backlog {} of {}, lost {}", is_wrong ? '!' : ' ', registration,
                                 json_number(kernel, "backlog"), json_number(kernel, "backlog_limit"), lost);
  if (!kernel.IsObject()) line = fmt::format("! {}; the kernel does not tell its status", registration);
  const std::uint64_t left_out = tally.left_out();
  if (left_out > 0) line += fmt::format("; {} came too fast to be counted here", short_number(left_out));
  screen.add(line, is_wrong || !kernel.IsObject() ? Look::kWrong : Look::kPlain);
}

void add_sinks(Screen& screen, const Value& sinks, std::size_t most) {
  if (!sinks.IsArray() || most < 2) return;
  std::vector<std::vector<std::string>> rows = {{"SINK", "TYPE", "WAITING", "SENT", "DROPPED"}};
  std::vector<std::string> states = {"STATE"};  // may be long, and so stand last
  std::vector<bool> wrong = {false};
  // Those that are not in order first.
  for (const bool wants_wrong : {true, false})
    for (const Value& sink : sinks.GetArray()) {
      if (is_in_order(sink) == wants_wrong) continue;
      std::string state(json_text(sink, "state"));
      if (const std::string_view error = json_text(sink, "last_error"); wants_wrong && !error.empty())
        state.append(": ").append(error);
      std::string name = fitted_to(json_text(sink, "name"), kMostName);
      name.erase(name.find_last_not_of(' ') + 1);
      rows.push_back({name, base::shown(json_text(sink, "type")), waiting_text(sink),
                      short_number(json_number(sink, "events_out")),
                      short_number(json_number(sink, "events_dropped"))});
      states.push_back(base::shown(state));
      wrong.push_back(wants_wrong);
    }
  const std::size_t shown = std::min(rows.size(), most);
  const std::size_t more = rows.size() - shown;
  rows.resize(shown);
  const std::vector<std::string> lines = in_columns(rows, 2);
  screen.add({});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool is_last = i + 1 == lines.size() && more > 0;
    screen.add(fmt::format("{} {}  {}{}", wrong[i] ? '!' : ' ', lines[i], states[i],
                           is_last ? fmt::format("  … and {} more", more) : ""),
               i == 0     ? Look::kHeading
               : wrong[i] ? Look::kWrong
                          : Look::kPlain);
  }
}

// Lines of one table, each as wide as that.
std::vector<std::string> table(const Tally& tally, std::size_t kind, Tally::TimePoint now, std::size_t rows,
                               std::size_t columns) {
  const std::size_t name = columns - std::min(columns, kNumbers + 1);
  std::vector<std::string> lines = {
      fmt::format("{:>7} {:>8}  {}", "NOW/S", "EVENTS", fitted_to(kTallies.at(kind).heading, name))};
  for (const Tally::Row& row : tally.rows(kind, rows - 1, now))
    lines.push_back(
        fmt::format("{:>7} {:>8}  {}", rate_text(row.rate), short_number(row.events), fitted_to(row.name, name)));
  lines.resize(rows, std::string(columns, ' '));
  return lines;
}

void add_tables(Screen& screen, const Tally& tally, const std::array<bool, kTallyKinds>& kinds, Tally::TimePoint now,
                std::size_t room) {
  std::vector<std::size_t> wanted;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind)
    if (kinds.at(kind)) wanted.push_back(kind);
  if (wanted.empty()) return;
  constexpr std::size_t kGap = 2, kLeastRows = 3;  // a blank line, a heading, and something below it
  const std::size_t beside = std::clamp<std::size_t>((screen.columns() + kGap) / (kLeastTable + kGap), 1,
                                                     std::min<std::size_t>(wanted.size(), 2));
  const std::size_t columns = (screen.columns() - kGap * (beside - 1)) / beside;
  std::size_t levels = (wanted.size() + beside - 1) / beside;
  levels = std::min(levels, std::max<std::size_t>(room / kLeastRows, 1));
  for (std::size_t level = 0; level < levels; ++level) {
    const std::size_t height = room / levels;
    if (height < kLeastRows || columns <= kNumbers) return;
    std::vector<std::string> lines(height - 1);
    for (std::size_t place = 0; place < beside && level * beside + place < wanted.size(); ++place) {
      const auto one = table(tally, wanted[level * beside + place], now, height - 1, columns);
      for (std::size_t i = 0; i < lines.size(); ++i) lines[i] += (place > 0 ? "  " : "") + one[i];
    }
    screen.add({});
    for (std::size_t i = 0; i < lines.size(); ++i) screen.add(lines[i], i == 0 ? Look::kHeading : Look::kPlain);
  }
}

}  // namespace

std::string fitted_to(std::string_view text, std::size_t columns) {
  std::string shown = base::shown(text);
  std::size_t used = columns_of(shown);
  if (used > columns) {
    std::string_view rest = shown;
    while (!rest.empty() && used + 1 > columns) {
      const base::Utf8Character first = base::first_character(rest);
      used -= columns_of(first.value);
      rest.remove_prefix(std::max<std::size_t>(first.size, 1));
    }
    shown = columns == 0 ? std::string() : "…" + std::string(rest);
    used = columns == 0 ? 0 : used + 1;
  }
  return shown + std::string(columns - std::min(columns, used), ' ');
}

std::vector<ScreenLine> top_screen(Tally& tally, const std::array<bool, kTallyKinds>& kinds, Tally::TimePoint now,
                                   const Value& status, std::string_view trouble, ScreenSize size) {
  constexpr std::size_t kLastLine = 1;
  Screen screen(size);
  add_daemon(screen, tally, tally.summary(now), status, trouble);
  const std::size_t room = screen.left() - std::min(screen.left(), kLastLine);
  add_sinks(screen, json_member(status, "sinks"), room / 3);
  add_tables(screen, tally, kinds, now, screen.left() - std::min(screen.left(), kLastLine));
  if (screen.left() > kLastLine) {
    const std::size_t blank = screen.left() - kLastLine;
    for (std::size_t i = 0; i < blank; ++i) screen.add({});
  }
  screen.add("q quits");
  tally.begin_interval(now);
  return screen.take();
}

}  // namespace naudit::ctl
