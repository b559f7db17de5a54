// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include <rapidjson/document.h>

namespace naudit::ctl {

// The totals at one look, to tell at the next what came in between.
struct RuleStatsLook {
  std::map<std::string, std::uint64_t> totals;  // by what the first column shows
  double seconds = 0;                           // that have passed since
};
RuleStatsLook rule_stats_look(const rapidjson::Value& stats);

struct RuleStatsView {
  std::size_t window = 0;  // to sort by and to take shares of: 0, 1, 2 = the last minute, 5, 15 minutes
  std::size_t most = 20;   // keys
  bool rules = true;       // the rules that carry each key, below it
  std::size_t width = 0;   // of the terminal, which no line of the table exceeds; 0: as wide as it gets
  const RuleStatsLook* before =
      nullptr;  // NOW, events a second since then, by which it is sorted, in place of LAST SEEN
};

// The daemon's rule_stats (docs/control-socket.md) as a table for a person, the noisiest key first. What a daemon of
// another version does not say is left out or shown as 0. Pure.
std::string rule_stats_text(const rapidjson::Value& stats, const RuleStatsView& view);

}  // namespace naudit::ctl
