// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"
#include "ctl/client/absence.hpp"
#include "ctl/client/connection.hpp"
#include "ctl/doctor/gather.hpp"
#include "ctl/doctor/readings.hpp"

namespace naudit::ctl {
namespace {

constexpr std::chrono::seconds kPatience{5};

Reach reach_of(std::string_view failure) {
  if (failure.starts_with("no permission")) return Reach::kNoRight;
  return failure.starts_with("nauditd is not running") ? Reach::kAbsent : Reach::kSilent;
}

void take_stats(Facts& facts, ControlClient& client) {
  const rapidjson::Document answer = client.ask(R"({"command":"rule_stats"})");
  const rapidjson::Value& stats = base::json_member(answer, "rule_stats");
  facts.keys = read_keys(stats);
  const auto latest = latest_event(stats);
  if (!latest || !facts.clock) return;
  Clock clock = *facts.clock;
  clock.events_ahead = std::chrono::milliseconds(*latest) - std::chrono::duration_cast<std::chrono::milliseconds>(
                                                                std::chrono::system_clock::now().time_since_epoch());
  facts.clock = clock;
}

}  // namespace

void gather_daemon(Facts& facts, bool first) {
  if (!first && facts.reach != Reach::kAnswers) return;
  try {
    ControlClient client(facts.socket, kPatience);
    const rapidjson::Document answer = client.ask(R"({"command":"status"})");
    facts.daemon = read_daemon(base::json_member(answer, "status"));
    facts.reach = Reach::kAnswers;
    if (first) facts.daemon_before = facts.daemon;
    try {
      take_stats(facts, client);
    } catch (const base::Error& failure) {
      facts.keys.set_unknown(failure.what());
    }
  } catch (const base::Error& failure) {
    facts.reach = reach_of(failure.what());
    if (facts.reach == Reach::kAbsent && first) facts.unit_failure = look_for_absence().unit_result;
    const std::string why = facts.reach == Reach::kAbsent    ? "nauditd does not run"
                            : facts.reach == Reach::kNoRight ? "only root can ask nauditd"
                                                             : failure.what();
    facts.daemon.set_unknown(why);
    facts.daemon_before = facts.daemon;
    facts.keys.set_unknown(why);
  }
}

}  // namespace naudit::ctl
