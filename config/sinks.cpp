// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/sinks.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <yaml-cpp/yaml.h>

#include "base/text.hpp"
#include "config/filter_lists.hpp"

namespace naudit::config {
namespace {

using YamlNode = YAML::Node;

constexpr std::uint64_t kMostQueue = 16ULL * 1024 * kMiB;
constexpr std::uint32_t kMostQueueEvents = 1'000'000'000;
constexpr std::uint32_t kMostRate = 1'000'000;
constexpr Milliseconds kLeastRateTime{100};
constexpr Milliseconds kMostRateTime = std::chrono::hours(1);
constexpr std::uint64_t kLeastSpool = 16 * kMiB;
constexpr std::uint64_t kMostSpool = 16ULL * 1024 * 1024 * kMiB;
constexpr Milliseconds kMostSpoolAge = std::chrono::hours(24 * 3650);

// Which keys may stand depends on the type, which may come last: collect first, then read.
class SinkReader {
 public:
  SinkReader(const YamlNode& node, const Kinds& kinds, Sink& out, Reading& reading)
      : node_(node), kinds_(kinds), out_(out), reading_(reading) {}

  void read() {
    collect();
    if (given_.empty()) return;
    if (!given_.contains("type")) return require("type", kinds_.sinks.front().name);
    if (!find_kind()) return;
    for (const OptionSection& section : common_options().sections())
      if (given_.contains(section.name)) read_section(section, given_.at(section.name), &out_, reading_);
    const FormatKind* format = find_format();
    read_own(format);
    read_format_maps();
  }

 private:
  void collect() {
    std::vector<std::string_view> names = {"name", "type"};
    const auto add = [&](std::string_view name) {
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    };
    for (const OptionRow& row : common_options().rows()) add(row.section());
    for (const FormatKind& format : kinds_.formats)
      if (!format.options.empty()) add(format.name);
    for (const SinkKind& kind : kinds_.sinks)
      for (const OptionRow& row : kind.options.rows()) add(row.section());
    std::vector<Key> keys;
    for (const std::string_view name : names)
      keys.push_back({name, [this, name](const YamlNode& value) { given_.emplace(name, value); }});
    const std::size_t before = reading_.problems.size();
    read_map(node_, "a sink", keys, reading_.problems);
    if (!node_.IsMap()) given_.clear();
    if (given_.empty() && reading_.problems.size() == before)
      reading_.problems.add(node_, "expected a sink here: {name: …, type: …}");
  }

  void require(std::string_view key, std::string_view example) {
    if (given_.contains(key)) return;
    reading_.problems.add(node_, "this sink has no '" + std::string(key) + "'; write one, like '" + std::string(key) +
                                     ": " + std::string(example) + "'");
  }

  bool find_kind() {
    std::vector<std::string_view> names;
    for (const SinkKind& kind : kinds_.sinks) names.push_back(kind.name);
    // YAML's null without quotes is no value, and must not become a sink that forgets everything.
    if (given_.at("type").IsNull() && kinds_.sink("null") != nullptr) {
      reading_.problems.add(given_.at("type"),
                            "expected a type here; the sink that forgets is 'type: \"null\"', in quotes");
      return false;
    }
    const int index = read_choice(given_.at("type"), names, reading_.problems);
    if (index < 0) return false;
    kind_ = &kinds_.sinks[static_cast<std::size_t>(index)];
    out_.type = kind_->name;
    return true;
  }

  const FormatKind* find_format() {
    if (!given_.contains("format") && !kind_->format.empty()) out_.format = kind_->format;
    const FormatKind* format = kinds_.format(out_.format);
    if (format == nullptr) {
      std::string names;
      for (const FormatKind& known : kinds_.formats) names.append(names.empty() ? "" : ", ").append(known.name);
      const auto at = given_.find("format");
      reading_.problems.add(at == given_.end() ? node_ : at->second,
                            "there is no format '" + out_.format + "'; the formats are " + names);
    } else if (format->binary && !kind_->takes_binary) {
      std::string others;
      for (const SinkKind& kind : kinds_.sinks)
        if (kind.takes_binary) others.append(others.empty() ? "" : ", ").append(kind.name);
      reading_.problems.add(given_.contains("format") ? given_.at("format") : node_,
                            "sinks of type " + out_.type + " send text, and the format " +
                                base::in_quotes(out_.format) + " is none; those that take it are " + others);
    }
    return format;
  }

  // The options of its type; a key that only others have is told so.
  void read_own(const FormatKind* format) {
    const auto options = kind_->options.make();
    for (const OptionSection& section : kind_->options.sections())
      if (given_.contains(section.name)) read_section(section, given_.at(section.name), options.get(), reading_);
    for (const auto& [name, value] : given_) {
      if (kind_->options.has(name) || common_options().has(name)) continue;
      std::vector<std::string_view> kinds;
      for (const SinkKind& kind : kinds_.sinks)
        if (kind.options.has(name)) kinds.push_back(kind.name);
      if (kinds.empty()) continue;
      std::string others(kinds.front());
      for (std::size_t i = 1; i < kinds.size(); ++i)
        others.append(i + 1 < kinds.size() ? ", " : " and ").append(kinds[i]);
      reading_.problems.add(
          value, "'" + std::string(name) + "' has no meaning for a " + out_.type + " sink, only for " + others);
    }
    require("name", "log");
    for (const OptionRow& row : kind_->options.rows())
      if (!row.notes.example.empty()) require(row.key, row.notes.example);
    const Written written{out_, format != nullptr && format->one_event_a_request,
                          [this](std::string_view key) { return given_.contains(key); }};
    kind_->options.complete(options.get(), written);
    out_.options = kind_->options.seal(options);
  }

  void read_format_maps() {
    for (const FormatKind& format : kinds_.formats) {
      const bool chosen = format.name == out_.format;
      const auto map = given_.find(format.name);
      const auto options = format.options.make();
      if (map != given_.end()) {
        read_options(format.options, map->second, format.name, options.get(), reading_);
        if (!chosen) {
          reading_.problems.add(map->second, base::in_quotes(format.name) + " has no meaning with the format " +
                                                 base::in_quotes(out_.format) +
                                                 "; write 'format: " + std::string(format.name) + "' or remove it");
        }
      }
      if (chosen) out_.format_options = format.options.seal(options);
    }
  }

  const YamlNode& node_;
  const Kinds& kinds_;
  Sink& out_;
  Reading& reading_;
  std::map<std::string_view, YamlNode> given_;
  const SinkKind* kind_ = nullptr;
};

}  // namespace

namespace {

std::vector<Option<Sink>> common_rows() {
  std::vector<Option<Sink>> rows = {
      {"name", text(&Sink::name), "Letters, digits, `-`, `_`, `.`; each sink its own.", {.example = "log"}},
      {"format", text(&Sink::format),
       "The form of an event: [formats.md](formats.md). Sinks of audit trails have another default: "
       "[sinks.md](sinks.md#trail)."},
  };
  rows.push_back({"filter",
                  text(nested(&Sink::filter, &Filter::expression)),
                  "An [expression](sinks.md#filters), like `key in (exec, priv) and not user == backup`, or in its "
                  "place a map with these keys:",
                  {.otherwise = "everything"}});
  for (const FilterList& one : kFilterLists)
    rows.push_back({one.name, list(nested(&Sink::filter, one.words)), one.help, {.otherwise = "all"}});
  const std::vector<Option<Sink>> others = {
      {"filter.outcome",
       choice(nested(&Sink::filter, &Filter::outcome), kOutcomes),
       "`success` or `failure`. An event passes a filter when every given list matches.",
       {.otherwise = "all"}},
      {"redact", flag(nested(&Sink::redact, &Redact::enabled)),
       "Hides [secrets in command lines](sinks.md#redaction); `true`, or a map with these keys:"},
      {"redact.builtin", flag(nested(&Sink::redact, &Redact::builtin)),
       "The patterns that nauditd brings along: options and variables called password, token and the like, headers, "
       "user:password in URLs, known forms of keys."},
      {"redact.patterns",
       list(nested(&Sink::redact, &Redact::patterns)),
       "Regular expressions (RE2) of your own: what their groups match is hidden, without a group all of it. One NUL "
       "(`\\x00`) stands between two arguments.",
       {.otherwise = "none"}},
      {"rate_limit", flag(nested(&Sink::rate_limit, &RateLimit::enabled)),
       "[Withholds](sinks.md#rate-limits) what comes too often, and says how much it was; `true`, or a map with these "
       "keys:"},
      {"rate_limit.events", number(nested(&Sink::rate_limit, &RateLimit::events), 1, kMostRate),
       "So many events of each value of `by` …"},
      {"rate_limit.per", duration(nested(&Sink::rate_limit, &RateLimit::per), kLeastRateTime, kMostRateTime),
       "… in this time."},
      {"rate_limit.burst", number(nested(&Sink::rate_limit, &RateLimit::burst), 0, kMostRate),
       "So many may come at once; `0`: as many as `events`."},
      {"rate_limit.by", choices(nested(&Sink::rate_limit, &RateLimit::by), kTraits),
       "What has a limit of its own: one or several of `key`, `type`, `syscall`, `user` (who logged in), `uid`, `exe`, "
       "`session`, `outcome`, `host`, `path`, `address`, `command`; or `none`."},
      {"aggregate", flag(nested(&Sink::aggregate, &Aggregate::enabled)),
       "[Counts events](sinks.md#aggregation) that are like one before them, and says how many they were; `true`, or a "
       "map with these keys:"},
      {"aggregate.window", duration(nested(&Sink::aggregate, &Aggregate::window), kLeastRateTime, kMostRateTime),
       "Those that come so long after the first."},
      {"aggregate.by", choices(nested(&Sink::aggregate, &Aggregate::by), kTraits),
       "What has to be the same: as for `rate_limit.by`."},
      {"queue.size", size(nested(&Sink::queue, &Queue::size), 64 * kKiB, kMostQueue), "What may wait in memory."},
      {"queue.events", number(nested(&Sink::queue, &Queue::events), 0, kMostQueueEvents),
       "No more events than this; `0`: as many as there is room for."},
      {"queue.when_full", choice(nested(&Sink::queue, &Queue::when_full), kWhenFulls),
       "`drop-oldest`, `drop-newest`: counted, and told as an event. `block`: everything waits for this sink, "
       "until the kernel's queue is full."},
      {"spool", flag(nested(&Sink::spool, &Spool::enabled)),
       "What is not yet delivered is on the disk, below the state directory: an outage, a restart or a kill costs no "
       "event."},
      {"spool.size", size(nested(&Sink::spool, &Spool::size), kLeastSpool, kMostSpool), "What its files may hold."},
      {"spool.age", duration(nested(&Sink::spool, &Spool::age), Milliseconds{0}, kMostSpoolAge),
       "What is older is dropped. `0s`: whatever the age."},
      {"spool.keep_free",
       pattern(nested(&Sink::spool, &Spool::keep_free), "^[0-9]+%$", read_percent,
               [](std::uint32_t percent) -> Printed { return std::to_string(percent) + "%"; }),
       "The share of the file system that it leaves free, 0% to 90%."},
      {"spool.sync",
       pattern(nested(&Sink::spool, &Spool::sync), kSyncPattern, read_sync,
               [](const Sync& sync) -> Printed { return sync_text(sync); }),
       "When what was written is forced to the disk: an interval of 10ms to 1h, `batch` (after each write), `none`. A "
       "power cut loses what came since; the end of the process loses nothing."},
      {"spool.when_full", choice(nested(&Sink::spool, &Spool::when_full), kWhenFulls),
       "`drop-oldest`, `drop-newest`, `block`, as for the queue; logins, accounts and the like are dropped last."},
      {"spool.compress", flag(nested(&Sink::spool, &Spool::compress)), "With zstd."},
  };
  rows.insert(rows.end(), others.begin(), others.end());
  return rows;
}

}  // namespace

const OptionTable& common_options() {
  static const OptionTable kTable = OptionSpec<Sink>{.rows = common_rows()};
  return kTable;
}

void read_sinks(const YamlNode& node, const Kinds& kinds, std::vector<Sink>& out, Reading& reading) {
  if (!node.IsSequence())
    return reading.problems.add(node, "expected a list of sinks: '- name: log' and below it the sink's other keys");
  std::vector<Sink> sinks;
  for (const auto& item : node) SinkReader(item, kinds, sinks.emplace_back(), reading).read();
  out = std::move(sinks);
}

void check_sinks(const std::vector<Sink>& sinks, const Kinds& kinds, const Places& places, Problems& problems) {
  std::set<std::string> names;
  std::set<std::pair<std::string_view, std::string>> taken;  // what only one sink may have: key and value
  for (std::size_t i = 0; i < sinks.size(); ++i) {
    const Sink& sink = sinks[i];
    const Report report = [&](std::string_view key, std::string message) {
      problems.add(places.of("sinks[" + std::to_string(i) + "]." + std::string(key)), std::move(message));
    };
    if (!is_name(sink.name)) {
      report("name",
             "expected a name of at most 64 letters, digits, '-', '_' and '.', not " + base::in_quotes(sink.name));
    } else if (!names.insert(sink.name).second) {
      report("name", "two sinks have the name " + base::in_quotes(sink.name) + "; each needs its own");
    }
    if (sink.spool.enabled && sink.queue.when_full != WhenFull::kDropOldest)
      report("queue.when_full", "a sink with a spool waits there; write 'spool: {when_full: …}' instead");
    if (sink.aggregate.by.empty())
      report("aggregate.by", "with 'none' all events would be alike; name what has to be the same, like [key, exe]");
    if (const FormatKind* format = kinds.format(sink.format); format != nullptr)
      format->options.check(sink.format_options, sink, [&](std::string_view key, std::string message) {
        report(sink.format + '.' + std::string(key), std::move(message));
      });
    const SinkKind* kind = kinds.sink(sink.type);
    if (kind == nullptr) continue;
    kind->options.check(sink.options, sink, report);
    for (const OptionRow& row : kind->options.rows()) {
      if (!row.notes.exclusive || sink.options.get() == nullptr) continue;
      const Printed value = row.print(sink.options.get());
      const auto* text = std::get_if<std::string>(&value);
      if (text != nullptr && !taken.emplace(row.key, *text).second)
        report(row.key, "two sinks write to " + base::in_quotes(*text) + "; each needs a file of its own");
    }
  }
}

}  // namespace naudit::config
