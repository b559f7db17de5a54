// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/rule_stats.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>
#include <unordered_map>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/utf8.hpp"
#include "rules/auditctl/listing.hpp"

namespace naudit::daemon {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

// A key may stand on thousands of rules; a person looks at some.
constexpr std::size_t kMostRules = 20;
constexpr std::array<const char*, 3> kRateNames{"rate_1m", "rate_5m", "rate_15m"};

struct KeyRules {
  std::vector<const rules::Rule*> rules;  // kMostRules at most
  std::size_t count = 0;
};

void write_text(Writer& writer, std::string_view text) {
  const std::string clean = base::valid_utf8(text);
  writer.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
}

// Three digits behind the point tell one event in a quarter of an hour.
double rate(std::uint64_t events, std::chrono::milliseconds time) {
  const double seconds = std::max(1.0, std::chrono::duration<double>(time).count());
  return std::round(static_cast<double>(events) / seconds * 1000) / 1000;
}

double share(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? 0 : std::round(static_cast<double>(part) / static_cast<double>(all) * 1000) / 1000;
}

std::string time_text(std::uint64_t ms) {
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
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
    writer_.StartObject();
    write_windows();
    write_keys();
    write_group("all", report_.all);
    write_group("no_key", report_.no_key);
    write_group("no_call", report_.no_call);
    write_group("more_keys", report_.more_keys);
    write_quiet();
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  void write_windows() {
    writer_.Key("windows_s");
    writer_.StartArray();
    for (const auto covered : report_.covered)
      writer_.Double(std::round(std::chrono::duration<double>(covered).count() * 10) / 10);
    writer_.EndArray();
  }

  void write_count(const KeyCount& count) {
    for (std::size_t i = 0; i < kRateNames.size(); ++i) {
      writer_.Key(kRateNames[i]);
      writer_.Double(rate(count.recent[i], report_.covered[i]));
    }
    writer_.Key("share");
    writer_.Double(share(count.recent[0], report_.all.recent[0]));
    writer_.Key("total");
    writer_.Uint64(count.total);
    writer_.Key("last_seen");
    if (count.last_ms == 0)
      writer_.Null();
    else
      write_text(writer_, time_text(count.last_ms));
  }

  void write_group(const char* name, const KeyCount& count) {
    writer_.Key(name);
    writer_.StartObject();
    write_count(count);
    writer_.EndObject();
  }

  void write_keys() {
    std::vector<const KeyReport::Key*> sorted;
    for (const KeyReport::Key& key : report_.keys) sorted.push_back(&key);
    std::ranges::sort(sorted, [](const KeyReport::Key* a, const KeyReport::Key* b) {
      if (a->count.recent != b->count.recent) return a->count.recent > b->count.recent;
      return a->count.total != b->count.total ? a->count.total > b->count.total : a->name < b->name;
    });
    writer_.Key("keys");
    writer_.StartArray();
    for (const KeyReport::Key* key : sorted) {
      writer_.StartObject();
      writer_.Key("key");
      write_text(writer_, key->name);
      write_count(key->count);
      write_rules(key->name);
      writer_.EndObject();
    }
    writer_.EndArray();
  }

  void write_rules(const std::string& key) {
    writer_.Key("rules");
    if (!is_listed_) {
      writer_.Null();
      return;
    }
    const auto found = by_key_.find(key);
    writer_.StartArray();
    if (found != by_key_.end())
      for (const rules::Rule* rule : found->second.rules) write_rule(*rule);
    writer_.EndArray();
    writer_.Key("rules_count");
    writer_.Uint64(found == by_key_.end() ? 0 : found->second.count);
  }

  void write_rule(const rules::Rule& rule) {
    writer_.StartObject();
    writer_.Key("rule");
    write_text(writer_, rules::rule_line(rule, native_));
    writer_.Key("place");
    if (const auto place = places_.find(rules::identity(rule)); place != places_.end())
      write_text(writer_, place->second->text());
    else
      writer_.Null();
    writer_.EndObject();
  }

  // Keys of loaded rules that no event has come with.
  void write_quiet() {
    writer_.Key("quiet_keys");
    if (!is_listed_) {
      writer_.Null();
      return;
    }
    writer_.StartArray();
    for (const auto& [name, rules] : by_key_) {
      const std::string& key = name;
      if (std::ranges::none_of(report_.keys, [&key](const KeyReport::Key& seen) { return seen.name == key; }))
        write_text(writer_, key);
    }
    writer_.EndArray();
  }

  const KeyReport& report_;
  tables::ArchWord native_;
  bool is_listed_;
  std::unordered_map<std::string, const base::Place*> places_;
  std::map<std::string, KeyRules> by_key_;
  rapidjson::StringBuffer buffer_;
  Writer writer_{buffer_};
};

}  // namespace

std::string rule_stats_json(const KeyReport& report, const std::optional<std::vector<rules::Rule>>& loaded,
                            std::span<const rules::WantedRule> wanted, tables::ArchWord native) {
  return Answer(report, loaded, wanted, native).text();
}

}  // namespace naudit::daemon
