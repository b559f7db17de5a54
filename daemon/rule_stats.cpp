// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/rule_stats.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/json.hpp"
#include "correlate/event_time.hpp"
#include "rules/auditctl/listing.hpp"

namespace naudit::daemon {
namespace {

// A key may stand on thousands of rules; a person looks at some.
constexpr std::size_t kMostRules = 20;
constexpr std::array<const char*, 3> kRateNames{"rate_1m", "rate_5m", "rate_15m"};

struct KeyRules {
  std::vector<const rules::Rule*> rules;  // kMostRules at most
  std::size_t count = 0;
};

// Three digits behind the point tell one event in a quarter of an hour.
double rate(std::uint64_t events, std::chrono::milliseconds time) {
  const double seconds = std::max(1.0, std::chrono::duration<double>(time).count());
  return std::round(static_cast<double>(events) / seconds * 1000) / 1000;
}

double share(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : std::round(static_cast<double>(part) / static_cast<double>(all) * 1000) / 1000;
}

std::string time_text(std::uint64_t ms) {
  correlate::EventTime time;
  return std::string(time.text(ms / 1000, static_cast<std::uint32_t>(ms % 1000))) + 'Z';
}

class Answer {
 public:
  Answer(const KeyReport& report, const std::optional<std::vector<rules::Rule>>& loaded,
         std::span<const rules::WantedRule> wanted, tables::ArchWord native)
      : report_(report), native_(native), is_listed_(loaded.has_value()) {
    for (const rules::WantedRule& rule : wanted) {
      places_.try_emplace(rules::identity(rule.rule), &rule.place);
      for (const rules::Rule& older : rules::older_forms(rule))
        places_.try_emplace(rules::identity(older), &rule.place);
    }
    if (!loaded) return;
    for (const rules::Rule& rule : *loaded) {
      for (const std::string& key : rule.keys()) {
        KeyRules& of_key = by_key_[key];
        if (++of_key.count <= kMostRules) of_key.rules.push_back(&rule);
      }
    }
  }

  std::string text() {
    out_.begin_object();
    write_windows();
    write_keys();
    write_group("all", report_.all);
    write_group("no_key", report_.no_key);
    write_group("no_call", report_.no_call);
    write_group("more_keys", report_.more_keys);
    write_quiet();
    out_.end_object();
    return out_.take();
  }

 private:
  void write_windows() {
    out_.begin_list("windows_s");
    for (const auto covered : report_.covered)
      out_.value(std::round(std::chrono::duration<double>(covered).count() * 10) / 10);
    out_.end_list();
  }

  void write_count(const KeyCount& count) {
    for (std::size_t i = 0; i < kRateNames.size(); ++i)
      out_.member(kRateNames[i], rate(count.recent[i], report_.covered[i]));
    out_.member("share", share(count.recent[0], report_.all.recent[0]));
    out_.member("total", count.total);
    out_.key("last_seen");
    if (count.last_ms == 0)
      out_.value(nullptr);
    else
      out_.value(time_text(count.last_ms));
  }

  void write_group(const char* name, const KeyCount& count) {
    out_.begin_object(name);
    write_count(count);
    out_.end_object();
  }

  void write_keys() {
    std::vector<const KeyReport::Key*> sorted;
    for (const KeyReport::Key& key : report_.keys) sorted.push_back(&key);
    std::ranges::sort(sorted, [](const KeyReport::Key* a, const KeyReport::Key* b) {
      if (a->count.recent != b->count.recent) return a->count.recent > b->count.recent;
      return a->count.total != b->count.total ? a->count.total > b->count.total : a->name < b->name;
    });
    out_.begin_list("keys");
    for (const KeyReport::Key* key : sorted) {
      out_.begin_object();
      out_.member("key", key->name);
      write_count(key->count);
      write_rules(key->name);
      out_.end_object();
    }
    out_.end_list();
  }

  void write_rules(const std::string& key) {
    out_.key("rules");
    if (!is_listed_) {
      out_.value(nullptr);
      return;
    }
    const auto found = by_key_.find(key);
    out_.begin_list();
    if (found != by_key_.end())
      for (const rules::Rule* rule : found->second.rules) write_rule(*rule);
    out_.end_list();
    out_.member("rules_count", found == by_key_.end() ? 0 : found->second.count);
  }

  void write_rule(const rules::Rule& rule) {
    out_.begin_object();
    out_.member("rule", rules::rule_line(rule, native_));
    out_.key("place");
    if (const auto place = places_.find(rules::identity(rule)); place != places_.end())
      out_.value(place->second->text());
    else
      out_.value(nullptr);
    out_.end_object();
  }

  // Keys of loaded rules that no event has come with.
  void write_quiet() {
    out_.key("quiet_keys");
    if (!is_listed_) {
      out_.value(nullptr);
      return;
    }
    out_.begin_list();
    for (const auto& [name, rules] : by_key_) {
      const std::string& key = name;
      if (std::ranges::none_of(report_.keys, [&key](const KeyReport::Key& seen) { return seen.name == key; }))
        out_.value(key);
    }
    out_.end_list();
  }

  const KeyReport& report_;
  tables::ArchWord native_;
  bool is_listed_;
  std::unordered_map<std::string, const base::Place*> places_;
  std::map<std::string, KeyRules> by_key_;
  base::JsonWriter out_;
};

}  // namespace

std::string rule_stats_json(const KeyReport& report, const std::optional<std::vector<rules::Rule>>& loaded,
                            std::span<const rules::WantedRule> wanted, tables::ArchWord native) {
  return Answer(report, loaded, wanted, native).text();
}

}  // namespace naudit::daemon
