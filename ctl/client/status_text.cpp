// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/status_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/units.hpp"

namespace naudit::ctl {
namespace {

using rapidjson::Value;

const Value& member(const Value& object, const char* name) {
  static const Value nothing;
  if (!object.IsObject()) return nothing;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nothing : found->value;
}

std::uint64_t number(const Value& object, const char* name) {
  const Value& value = member(object, name);
  return value.IsUint64() ? value.GetUint64() : 0;
}

std::string text(const Value& object, const char* name) {
  const Value& value = member(object, name);
  return value.IsString() ? std::string(value.GetString(), value.GetStringLength()) : std::string();
}

std::string duration(std::uint64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

// 1.5 MiB; base::size_text is exact and so gets long.
std::string rough_size(std::uint64_t bytes) {
  constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits.at(unit));
}

std::string word(std::uint64_t value, std::initializer_list<std::string_view> words) {
  return value < words.size() ? std::string(words.begin()[value]) : std::to_string(value);
}

// How many characters a terminal shows, for names in UTF-8.
std::size_t width(std::string_view shown) {
  return static_cast<std::size_t>(
      std::ranges::count_if(shown, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

class Table {
 public:
  explicit Table(bool colour) : colour_(colour) {}

  void title(std::string_view name) { report_.text += fmt::format("\n{}\n", name); }

  void line(bool is_wrong, std::string_view content) {
    if (is_wrong) report_.is_well = false;
    const bool red = is_wrong && colour_;
    report_.text +=
        fmt::format("{}{} {}{}\n", red ? "\033[1;31m" : "", is_wrong ? '!' : ' ', content, red ? "\033[0m" : "");
  }
  void pair(std::string_view name, std::string_view value, bool is_wrong = false) {
    line(is_wrong, fmt::format("{:<20} {}", name, value));
  }

  StatusReport take() { return std::move(report_); }

 private:
  bool colour_;
  StatusReport report_;
};

void add_daemon(Table& table, const Value& status) {
  const std::string registration = text(status, "registration");
  table.line(false, fmt::format("nauditd {}, pid {}, up {}", text(status, "version"), number(status, "pid"),
                                duration(number(status, "uptime_s"))));
  table.pair("mode", text(status, "mode"));
  table.pair("registration", registration, registration != "registered" && registration != "observing");
  if (const std::string node = text(status, "node"); !node.empty()) table.pair("node", node);
  if (const std::string config = text(status, "config"); !config.empty()) table.pair("configuration", config);
}

void add_kernel(Table& table, const Value& kernel) {
  table.title("Kernel");
  if (!kernel.IsObject()) return table.line(true, "the kernel does not tell its status");
  const std::uint64_t rate = number(kernel, "rate_limit");
  const std::uint64_t lost = number(kernel, "lost");
  const std::uint64_t enabled = number(kernel, "enabled");
  table.pair("auditing", word(enabled, {"off", "on", "on, locked until reboot"}), enabled == 0);
  table.pair("on failure", word(number(kernel, "failure"), {"silent", "printk", "panic"}));
  table.pair("audit daemon", fmt::format("pid {}", number(kernel, "pid")));
  table.pair("rate limit", rate == 0 ? "none" : fmt::format("{} records/s", rate));
  table.pair("backlog", fmt::format("{} of {} records", number(kernel, "backlog"), number(kernel, "backlog_limit")));
  table.pair("backlog wait time",
             fmt::format("{} (programs have waited {}), in ticks of the kernel", number(kernel, "backlog_wait_time"),
                         number(kernel, "backlog_wait_time_actual")));
  table.pair("lost", fmt::format("{} records", lost), lost > 0);
}

// A counter that should stay 0 is shown only when it does not.
void add_trouble(Table& table, const Value& events, const char* name, std::string_view shown, std::string_view what) {
  const std::uint64_t count = number(events, name);
  if (count > 0) table.pair(shown, fmt::format("{} {}", count, what), true);
}

void add_events(Table& table, const Value& events) {
  table.title("Events");
  table.pair("received", fmt::format("{} records, {}", number(events, "records"), rough_size(number(events, "bytes"))));
  table.pair("events", fmt::format("{}, and {} open", number(events, "events"), number(events, "open")));
  table.pair("incomplete", fmt::format("{}, and {} late", number(events, "incomplete"), number(events, "late")));
  table.pair("overruns", fmt::format("{} of the socket, {} of the hand-off", number(events, "overruns"),
                                     number(events, "handoff_full")));
  add_trouble(table, events, "evicted", "evicted", "events were cut short: too many were open");
  add_trouble(table, events, "malformed", "malformed", "records without a readable header");
  add_trouble(table, events, "truncated", "truncated", "records were longer than any may be");
  add_trouble(table, events, "too_short", "too short", "messages without a whole header");
  add_trouble(table, events, "foreign", "foreign", "messages that are not from the kernel");
  add_trouble(table, events, "errors", "errors", "of the socket");
}

struct Row {
  std::vector<std::string> cells;
  bool is_wrong = false;
  std::string last_error;
};

Row row_of(const Value& sink) {
  // A slow terminal at the other end of a `tail` is no trouble of the daemon's.
  const bool is_tail = text(sink, "type") == "tail";
  const std::uint64_t dropped = number(sink, "events_dropped");
  Row row;
  row.cells = {text(sink, "name"),
               text(sink, "type"),
               text(sink, "format"),
               text(sink, "state"),
               std::to_string(number(sink, "events_in")),
               std::to_string(number(sink, "events_out")),
               std::to_string(dropped),
               std::to_string(number(sink, "retries")),
               rough_size(number(sink, "queue_bytes"))};
  row.is_wrong = !is_tail && (text(sink, "state") != "ok" || dropped > 0);
  row.last_error = text(sink, "last_error");
  return row;
}

void add_sinks(Table& table, const Value& sinks) {
  table.title("Sinks");
  std::vector<Row> rows = {
      {{"NAME", "TYPE", "FORMAT", "STATE", "IN", "OUT", "DROPPED", "RETRIES", "QUEUED"}, false, {}}};
  if (sinks.IsArray())
    for (const Value& sink : sinks.GetArray()) rows.push_back(row_of(sink));
  std::vector<std::size_t> widths(rows[0].cells.size(), 0);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], width(row.cells[i]));
  constexpr std::size_t kFirstNumber = 4;  // numbers stand to the right
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string space(widths[i] - width(row.cells[i]), ' ');
      if (i > 0) line += "  ";
      line += i < kFirstNumber ? row.cells[i] + space : space + row.cells[i];
    }
    table.line(row.is_wrong, line);
    if (!row.last_error.empty()) table.line(row.is_wrong, "    last error: " + row.last_error);
  }
}

void add_rules(Table& table, const Value& rules) {
  if (!rules.IsObject()) return;
  table.title("Rules");
  table.pair("wanted", std::to_string(number(rules, "wanted")));
  table.pair("of others", std::to_string(number(rules, "foreign")));
  const std::uint64_t missing = number(rules, "missing");
  if (missing > 0) table.pair("missing", fmt::format("{}; see nauditctl rules diff", missing), true);
  if (const std::uint64_t drifts = number(rules, "drifts"); drifts > 0)
    table.pair("changed by others", fmt::format("{} times", drifts));
  if (const std::string error = text(rules, "error"); !error.empty()) table.pair("not loaded", error, true);
}

}  // namespace

StatusReport status_report(const Value& status, bool colour) {
  Table table(colour);
  add_daemon(table, status);
  add_kernel(table, member(status, "kernel"));
  add_events(table, member(status, "events"));
  add_sinks(table, member(status, "sinks"));
  add_rules(table, member(status, "rules"));
  return table.take();
}

}  // namespace naudit::ctl
