// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/client/status_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/utf8.hpp"
#include "ctl/client/columns.hpp"
#include "netlink/status.hpp"
#include "rules/advice/report.hpp"
#include "rules/kernel/transaction.hpp"

namespace naudit::ctl {
namespace {

using base::json_member;
using base::json_number;
using base::json_text;
using rapidjson::Value;

std::string duration(std::uint64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

// The kernel counts in its jiffies, and it is this machine's.
std::string time_of(std::uint64_t jiffies) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return base::duration_text(netlink::from_jiffies(static_cast<std::uint32_t>(std::min(jiffies, kMost))));
}

std::string word(std::uint64_t value, std::initializer_list<std::string_view> words) {
  return value < words.size() ? std::string(words.begin()[value]) : std::to_string(value);
}

class Table {
 public:
  explicit Table(const base::Layout& layout) : layout_(layout) {}

  void title(std::string_view name) { report_.text += fmt::format("\n{}\n", name); }

  // What is wrong is said once more at the end, in a sentence of its own.
  void line(bool is_wrong, std::string_view content, std::string sentence = {}) {
    add(is_wrong, base::shown(content), sentence.empty() ? std::string(content) : std::move(sentence));
  }
  // A text of several words, which goes on in the next line behind so many blanks.
  void text(bool is_wrong, std::string_view content, std::size_t indent, std::string sentence = {}) {
    add(is_wrong, rules::wrapped(base::shown(content), indent, layout_.width, kMark),
        sentence.empty() ? std::string(content) : std::move(sentence));
  }
  void pair(std::string_view name, std::string_view value, bool is_wrong = false, std::string sentence = {}) {
    const std::string label = fmt::format("{:<20} ", base::shown(name));
    add(is_wrong, label + rules::wrapped(base::shown(value), kMark + label.size(), layout_.width, kMark + label.size()),
        sentence.empty() ? fmt::format("{}: {}", name, value) : std::move(sentence));
  }

  StatusReport take() {
    if (report_.is_well) {
      report_.text += "\nNothing needs attention.\n";
    } else {
      title("Needs attention");
      for (const std::string& sentence : std::exchange(attention_, {})) text(true, sentence, kMark);
    }
    return std::move(report_);
  }

 private:
  static constexpr std::size_t kMark = 2;  // "! "

  void add(bool is_wrong, std::string_view shown, std::string sentence) {
    if (is_wrong) {
      report_.is_well = false;
      attention_.push_back(std::move(sentence));
    }
    const std::string line = fmt::format("{} {}", is_wrong ? '!' : ' ', shown);
    report_.text += base::styled(line, base::Style::kWrong, layout_.colour && is_wrong) + '\n';
  }

  base::Layout layout_;
  std::vector<std::string> attention_;
  StatusReport report_;
};

template <typename Names>
bool is_in(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// A counter that should be 0 and is not, in the daemon's words; null if the daemon tells of no such thing.
const Value* fault(const Value& status, std::string_view group, std::string_view name) {
  const Value& faults = json_member(status, "faults");
  if (!faults.IsArray()) return nullptr;
  for (const Value& one : faults.GetArray())
    if (json_text(one, "group") == group && json_text(one, "name") == name) return &one;
  return nullptr;
}

// The numbers of a group that its own lines do not show, as far as they are not 0: counters that should be 0, and
// those of a newer daemon.
template <typename Names>
void add_others(Table& table, const Value& status, const char* group, const Names& shown) {
  const Value& numbers = json_member(status, group);
  if (!numbers.IsObject()) return;
  for (const auto& [key, value] : numbers.GetObject()) {
    const std::string_view name = json_text(key);
    if (!value.IsUint64() || value.GetUint64() == 0 || is_in(shown, name)) continue;
    std::string label(name);
    std::ranges::replace(label, '_', ' ');
    if (const Value* const found = fault(status, group, name))
      table.pair(label,
                 fmt::format("{} {} {}", value.GetUint64(), json_text(*found, "unit"), json_text(*found, "help")), true,
                 fmt::format("{}: {} {} {}, which should be none", label, value.GetUint64(), json_text(*found, "unit"),
                             json_text(*found, "help")));
    else
      table.pair(label, std::to_string(value.GetUint64()));
  }
}

void add_daemon(Table& table, const Value& status) {
  const std::string_view registration = json_text(status, "registration");
  table.line(false, fmt::format("nauditd {}, pid {}, up {}", json_text(status, "version"), json_number(status, "pid"),
                                duration(json_number(status, "uptime_s"))));
  table.pair("mode", json_text(status, "mode"));
  const bool is_well = registration == "registered" || registration == "observing" || registration == "collecting";
  table.pair("registration", registration, !is_well,
             fmt::format("nauditd gets no events from the kernel: its registration is {}",
                         registration.empty() ? "not known" : registration));
  if (const std::string_view node = json_text(status, "node"); !node.empty()) table.pair("node", node);
  if (const std::string_view config = json_text(status, "config"); !config.empty()) table.pair("configuration", config);
}

void add_kernel(Table& table, const Value& status) {
  constexpr std::array<std::string_view, 9> kShown = {"enabled",    "failure",           "pid",
                                                      "rate_limit", "backlog_limit",     "lost",
                                                      "backlog",    "backlog_wait_time", "backlog_wait_time_actual"};
  const Value& kernel = json_member(status, "kernel");
  table.title("Kernel");
  if (!kernel.IsObject()) {
    const std::string_view error = json_text(status, "kernel_error");
    return table.line(true, error.empty() ? "the kernel does not tell its status" : error);
  }
  const std::uint64_t rate = json_number(kernel, "rate_limit");
  const std::uint64_t lost = json_number(kernel, "lost");
  const std::uint64_t enabled = json_number(kernel, "enabled");
  table.pair("auditing", word(enabled, {"off", "on", "on, locked until reboot"}), enabled == 0,
             "auditing is switched off; switch it on with: nauditctl -e 1");
  table.pair("on failure", word(json_number(kernel, "failure"), {"silent", "printk", "panic"}));
  table.pair("audit daemon", fmt::format("pid {}", json_number(kernel, "pid")));
  table.pair("rate limit", rate == 0 ? "none" : fmt::format("{} records/s", rate));
  table.pair("backlog",
             fmt::format("{} of {} records", json_number(kernel, "backlog"), json_number(kernel, "backlog_limit")));
  table.pair("backlog wait time",
             fmt::format("{} (programs have waited for {})", time_of(json_number(kernel, "backlog_wait_time")),
                         time_of(json_number(kernel, "backlog_wait_time_actual"))));
  table.pair("lost", base::count_text(lost, "record"), lost > 0,
             fmt::format("the kernel has lost {} since it was booted: let rules match less, or set a larger "
                         "kernel.backlog_limit; 'nauditctl --reset-lost' begins to count anew",
                         base::count_text(lost, "record")));
  add_others(table, status, "kernel", kShown);
}

void add_events(Table& table, const Value& status) {
  // replace_probes and open_bytes are left out: they say nothing to a person.
  constexpr std::array<std::string_view, 10> kShown = {"records",    "bytes",       "overruns", "replace_probes",
                                                       "events",     "incomplete",  "late",     "open",
                                                       "open_bytes", "handoff_full"};
  const Value& events = json_member(status, "events");
  table.title("Events");
  table.pair("received", fmt::format("{}, {}", base::count_text(json_number(events, "records"), "record"),
                                     rough_size(json_number(events, "bytes"))));
  table.pair("events", fmt::format("{}, and {} open", json_number(events, "events"), json_number(events, "open")));
  table.pair("incomplete",
             fmt::format("{}, and {} late", json_number(events, "incomplete"), json_number(events, "late")));
  table.pair("overruns",
             fmt::format("{} of the socket's buffer; reading was put off {}", json_number(events, "overruns"),
                         base::count_text(json_number(events, "handoff_full"), "time")));
  add_others(table, status, "events", kShown);
}

void add_sources(Table& table, const Value& status) {
  const Value& sources = json_member(status, "sources");
  if (!sources.IsArray() || sources.Empty()) return;
  table.title("Sources");
  for (const Value& source : sources.GetArray()) {
    const std::string name(json_text(source, "name"));
    table.pair(
        name,
        fmt::format("{} at {}: {}, {} of {} answered, {}", json_text(source, "type"), json_text(source, "listen"),
                    base::count_text(json_number(source, "clients"), "client"), json_number(source, "acknowledged"),
                    base::count_text(json_number(source, "messages"), "message"),
                    base::count_text(json_number(source, "events"), "event")));
    const std::uint64_t refused = json_number(source, "refused"), broken = json_number(source, "broken");
    const std::uint64_t left_out = json_number(source, "rejected"), foreign = json_number(source, "foreign");
    if (refused + broken > 0)
      table.pair("", fmt::format("{} refused, {} ended by us", base::count_text(refused, "connection"), broken));
    if (left_out + foreign > 0)
      table.pair(
          "", fmt::format("{} left out, {} in another machine's name", base::count_text(left_out, "message"), foreign),
          true,
          fmt::format("source {}: {} without a record, and {} in another machine's name; the last: {}", name,
                      base::count_text(left_out, "message"), foreign, json_text(source, "last_error")));
  }
}

struct Row {
  std::vector<std::string> cells;
  bool is_wrong = false;
  std::string last_error, warning;
  std::string sentence = {};
};

// Names of numbers that no column shows and that are not 0 for some sink: counters of a newer daemon.
std::vector<std::string> other_columns(const Value& sinks) {
  // bytes_out, queue_events and queue_bytes_most are left out: the table is wide enough.
  constexpr std::array<std::string_view, 8> kShown = {"events_in",   "events_out", "events_dropped",   "retries",
                                                      "queue_bytes", "bytes_out",  "queue_bytes_most", "queue_events"};
  std::vector<std::string> names;
  if (!sinks.IsArray()) return names;
  for (const Value& sink : sinks.GetArray()) {
    if (!sink.IsObject()) continue;
    for (const auto& [key, value] : sink.GetObject()) {
      const std::string_view name = json_text(key);
      if (value.IsUint64() && value.GetUint64() > 0 && !is_in(kShown, name) && !is_in(names, name))
        names.emplace_back(name);
    }
  }
  return names;
}

std::string heading(std::string_view name) {
  std::string shown(name);
  std::ranges::transform(shown, shown.begin(), [](char c) {
    if (c == '_') return ' ';
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return shown;
}

Row row_of(const Value& sink, const std::vector<std::string>& others) {
  // A slow terminal at the other end of a `tail` is no trouble of the daemon's.
  const bool is_tail = json_text(sink, "type") == "tail";
  const std::uint64_t dropped = json_number(sink, "events_dropped");
  Row row;
  for (const char* const name : {"name", "type", "format", "state"})
    row.cells.push_back(base::shown(json_text(sink, name)));
  for (const char* const name : {"events_in", "events_out", "events_dropped", "retries"})
    row.cells.push_back(std::to_string(json_number(sink, name)));
  row.cells.push_back(rough_size(json_number(sink, "queue_bytes")));
  for (const std::string& name : others) row.cells.push_back(std::to_string(json_number(sink, name)));
  row.is_wrong = !is_tail && (json_text(sink, "state") != "ok" || dropped > 0);
  row.last_error = json_text(sink, "last_error");
  row.warning = json_text(sink, "warning");
  row.sentence = fmt::format("sink '{}'", json_text(sink, "name"));
  if (json_text(sink, "state") != "ok") {
    row.sentence += fmt::format(" is not in order: {}", json_text(sink, "state"));
    if (!row.last_error.empty()) row.sentence += fmt::format(" ({})", row.last_error);
  }
  if (dropped > 0)
    row.sentence +=
        fmt::format("{} {} since it was started", row.sentence.ends_with('\'') ? " has lost" : "; it has lost",
                    base::count_text(dropped, "event"));
  return row;
}

void add_sinks(Table& table, const Value& sinks) {
  table.title("Sinks");
  std::vector<Row> rows = {
      {{"NAME", "TYPE", "FORMAT", "STATE", "IN", "OUT", "DROPPED", "RETRIES", "QUEUED"}, false, {}, {}}};
  const std::vector<std::string> others = other_columns(sinks);
  for (const std::string& name : others) rows[0].cells.push_back(base::shown(heading(name)));
  if (sinks.IsArray())
    for (const Value& sink : sinks.GetArray()) rows.push_back(row_of(sink, others));
  constexpr std::size_t kDeep = 8;         // blanks before the rest of an error
  constexpr std::size_t kFirstNumber = 4;  // numbers stand to the right
  std::vector<std::vector<std::string>> cells;
  for (const Row& row : rows) cells.push_back(row.cells);
  const std::vector<std::string> lines = in_columns(cells, kFirstNumber);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    table.line(row.is_wrong, lines[i], row.sentence);
    if (!row.last_error.empty()) table.text(false, "    last error: " + row.last_error, kDeep);
    if (!row.warning.empty()) table.text(false, "    warning: " + row.warning, kDeep);
  }
}

bool json_bool(const Value& object, std::string_view name) {
  const Value& value = json_member(object, name);
  return value.IsBool() && value.GetBool();
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

void add_rules(Table& table, const Value& status) {
  constexpr std::array<std::string_view, 4> kShown = {"wanted", "foreign", "missing", "drifts"};
  const Value& rules = json_member(status, "rules");
  if (!rules.IsObject()) return;
  table.title("Rules");
  table.pair("wanted", std::to_string(json_number(rules, "wanted")));
  table.pair("of others", std::to_string(json_number(rules, "foreign")));
  const std::uint64_t missing = json_number(rules, "missing");
  if (missing > 0 && json_bool(rules, "locked"))
    table.pair("locked", rules::locked_text(missing).substr(std::string_view("locked: ").size()), true,
               rules::locked_text(missing));
  else if (missing > 0)
    table.pair("missing", fmt::format("{}; see nauditctl rules diff", missing), true,
               fmt::format("{} not as the files want them; see: nauditctl rules diff",
                           missing == 1 ? "1 rule is" : fmt::format("{} rules are", missing)));
  if (const std::uint64_t drifts = json_number(rules, "drifts"); drifts > 0)
    table.pair("changed by others", base::count_text(drifts, "time"));
  add_others(table, status, "rules", kShown);
  for (const std::string_view line : lines_of(json_text(rules, "error")))
    table.pair("not loaded", line, true, fmt::format("not loaded: {}", line));
  if (const std::string_view error = json_text(rules, "state_error"); !error.empty())
    table.pair("state", error, true, std::string(error));
}

}  // namespace

StatusReport status_report(const Value& status, const base::Layout& layout) {
  Table table(layout);
  add_daemon(table, status);
  if (json_text(status, "mode") != "none") {
    add_kernel(table, status);
    add_events(table, status);
  }
  add_sources(table, status);
  add_sinks(table, json_member(status, "sinks"));
  add_rules(table, status);
  return table.take();
}

}  // namespace naudit::ctl
