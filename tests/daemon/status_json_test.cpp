// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/status_json.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <rapidjson/document.h>

#include "tests/support/catch.hpp"
#include "tests/support/difference.hpp"

using naudit::daemon::DaemonStatus;

namespace {

rapidjson::Document parsed(const DaemonStatus& status) {
  const std::string json = naudit::daemon::status_json(status);
  CHECK(json.find('\n') == std::string::npos);
  rapidjson::Document document;
  document.Parse<rapidjson::kParseValidateEncodingFlag>(json.c_str());
  REQUIRE_FALSE(document.HasParseError());
  return document;
}

std::string text_of(const rapidjson::Value& value) {
  return value.GetString();
}

}  // namespace

TEST_CASE("a status that knows nothing is whole JSON") {
  const auto json = parsed({});
  CHECK(json["kernel"].IsNull());
  CHECK(json["kernel_error"] == "");
  CHECK(json["rules"].IsNull());
  CHECK(json["sinks"].Empty());
  CHECK(json["events"].ObjectEmpty());
  CHECK(json["faults"].Empty());
}

TEST_CASE("every number of a status stands under its name") {
  DaemonStatus status;
  status.version = "0.1.0";
  status.pid = 12;
  status.node = "host\xff";
  status.config = "/etc/naudit/nauditd.yaml";
  status.uptime = std::chrono::seconds{61};
  status.mode = "own";
  status.registration = "registered";
  status.kernel = naudit::netlink::KernelStatus{.enabled = 1,
                                                .failure = 2,
                                                .pid = 3,
                                                .rate_limit = 4,
                                                .backlog_limit = 5,
                                                .lost = 6,
                                                .backlog = 7,
                                                .feature_bitmap = 0,
                                                .backlog_wait_time = 8,
                                                .backlog_wait_time_actual = 9};
  naudit::output::SinkStatus sink;
  sink.name = "log";
  sink.type = "file";
  sink.format = "json";
  sink.state = "disk full";
  sink.last_error = "No space left on device";
  sink.path = "/var/log/naudit/events.json";
  sink.is_filtered = true;
  sink.events_in = 1;
  sink.events_out = 2;
  sink.bytes_out = 3;
  sink.events_dropped = 4;
  sink.retries = 5;
  sink.queue_bytes = 6;
  sink.queue_bytes_most = std::uint64_t{1} << 63U;
  status.sinks = {sink};
  status.rules = naudit::daemon::RulesKeeper::Status{
      .wanted = 10, .foreign = 11, .missing = 12, .drifts = 13, .locked = false, .error = "no", .state_error = "full"};

  const auto json = parsed(status);
  CHECK(text_of(json["version"]) == "0.1.0");
  CHECK(json["pid"].GetUint64() == 12);
  CHECK(text_of(json["node"]) == "host\xef\xbf\xbd");
  CHECK(text_of(json["config"]) == "/etc/naudit/nauditd.yaml");
  CHECK(json["uptime_s"].GetUint64() == 61);
  CHECK(text_of(json["mode"]) == "own");
  CHECK(text_of(json["registration"]) == "registered");
  CHECK_FALSE(json.HasMember("kernel_error"));
  const auto& kernel = json["kernel"];
  CHECK(kernel["enabled"].GetUint64() == 1);
  CHECK(kernel["failure"].GetUint64() == 2);
  CHECK(kernel["pid"].GetUint64() == 3);
  CHECK(kernel["rate_limit"].GetUint64() == 4);
  CHECK(kernel["backlog_limit"].GetUint64() == 5);
  CHECK(kernel["lost"].GetUint64() == 6);
  CHECK(kernel["backlog"].GetUint64() == 7);
  CHECK(kernel["backlog_wait_time"].GetUint64() == 8);
  CHECK(kernel["backlog_wait_time_actual"].GetUint64() == 9);
  const auto& first = json["sinks"][0];
  CHECK(text_of(first["name"]) == "log");
  CHECK(text_of(first["type"]) == "file");
  CHECK(text_of(first["format"]) == "json");
  CHECK(text_of(first["state"]) == "disk full");
  CHECK(text_of(first["last_error"]) == "No space left on device");
  CHECK(text_of(first["path"]) == "/var/log/naudit/events.json");
  CHECK(first["filtered"].GetBool());
  CHECK(first["events_in"].GetUint64() == 1);
  CHECK(first["events_out"].GetUint64() == 2);
  CHECK(first["bytes_out"].GetUint64() == 3);
  CHECK(first["events_dropped"].GetUint64() == 4);
  CHECK(first["retries"].GetUint64() == 5);
  CHECK(first["queue_bytes"].GetUint64() == 6);
  CHECK(first["queue_bytes_most"].GetUint64() == std::uint64_t{1} << 63U);
  CHECK(json["rules"]["wanted"].GetUint64() == 10);
  CHECK(json["rules"]["foreign"].GetUint64() == 11);
  CHECK(json["rules"]["missing"].GetUint64() == 12);
  CHECK(json["rules"]["drifts"].GetUint64() == 13);
  CHECK(json["rules"]["error"] == "no");
  CHECK(json["rules"]["state_error"] == "full");
  CHECK_FALSE(json["rules"]["locked"].GetBool());
}

TEST_CASE("an older kernel has no backlog_wait_time_actual, and then neither has the status") {
  DaemonStatus status;
  status.kernel = naudit::netlink::KernelStatus{};
  CHECK_FALSE(parsed(status)["kernel"].HasMember("backlog_wait_time_actual"));
}

TEST_CASE("the counters of every stage come into one list") {
  naudit::netlink::Counters received;
  received.records.add(1);
  received.bytes.add(2);
  received.overruns.add(3);
  received.truncated.add(4);
  received.too_short.add(5);
  received.foreign.add(6);
  received.errors.add(7);
  received.replace_probes.add(8);
  naudit::correlate::Correlator::Counters correlated;
  correlated.events.add(9);
  correlated.incomplete.add(10);
  correlated.evicted.add(11);
  correlated.late.add(12);
  correlated.malformed.add(13);
  correlated.open.add(14);
  correlated.open_bytes.add(15);
  naudit::correlate::SerialGaps::Counters gaps;
  gaps.events.add(16);
  gaps.gaps.add(17);
  gaps.late.add(18);
  gaps.out_of_order.add(19);
  gaps.worst_lag.set(20);
  naudit::daemon::DrainCounters drained;
  drained.handoff_full.add(21);

  DaemonStatus status;
  status.received = naudit::daemon::receive_readings(received);
  status.events = naudit::daemon::event_readings(correlated, gaps, drained);
  const auto json = parsed(status);
  const auto& events = json["events"];
  std::uint64_t expected = 0;
  for (const char* const name :
       {"records",        "bytes",      "overruns",   "truncated", "too_short",    "foreign",   "errors",
        "replace_probes", "events",     "incomplete", "evicted",   "late",         "malformed", "open",
        "open_bytes",     "gap_events", "gaps",       "gap_late",  "out_of_order", "worst_lag", "handoff_full"}) {
    CAPTURE(name);
    CHECK(events[name].GetUint64() == ++expected);
  }
}

TEST_CASE("a counter that should be 0 and is not is a fault, with words for a person") {
  DaemonStatus status;
  status.kernel = naudit::netlink::KernelStatus{};
  status.kernel->backlog = 1;
  naudit::netlink::Counters received;
  received.records.add(1);
  received.truncated.add(2);
  status.received = naudit::daemon::receive_readings(received);
  auto json = parsed(status);
  REQUIRE(json["faults"].Size() == 1);
  const auto& fault = json["faults"][0];
  CHECK(text_of(fault["group"]) == "events");
  CHECK(text_of(fault["name"]) == "truncated");
  CHECK(fault["value"].GetUint64() == 2);
  CHECK(text_of(fault["unit"]) == "messages");
  CHECK(text_of(fault["help"]) == "that were longer than a record may be");

  status.kernel->lost = 3;
  json = parsed(status);
  REQUIRE(json["faults"].Size() == 2);
  CHECK(text_of(json["faults"][0]["name"]) == "lost");
}

namespace {

using Groups = std::map<std::string, std::vector<naudit::base::CounterText>>;

template <typename Rows>
void add_rows(Groups& groups, const std::string& group, const Rows& rows) {
  for (const auto& row : rows) groups[group].push_back(row.text);
}

Groups tables_of_counters() {
  Groups groups;
  add_rows(groups, "kernel", naudit::netlink::kKernelCounters);
  add_rows(groups, "troubles", naudit::daemon::kTroubleCounters);
  add_rows(groups, "events", naudit::netlink::kReceiveCounters);
  add_rows(groups, "events", naudit::correlate::kCorrelatorCounters);
  add_rows(groups, "events", naudit::correlate::kGapCounters);
  add_rows(groups, "events", naudit::daemon::kDrainCounters);
  add_rows(groups, "sources", naudit::daemon::kSourceCounters);
  add_rows(groups, "sinks", naudit::output::kQueueCounters);
  add_rows(groups, "sinks", naudit::output::kSinkCounters);
  add_rows(groups, "rules", naudit::daemon::kRuleCounters);
  return groups;
}

std::string kind_text(naudit::base::CounterKind kind) {
  switch (kind) {
    case naudit::base::CounterKind::kCounter:
      return "counter";
    case naudit::base::CounterKind::kGauge:
      return "gauge";
    case naudit::base::CounterKind::kFault:
      return "fault";
    case naudit::base::CounterKind::kAlarm:
      return "alarm";
  }
  return {};
}

std::string documentation() {
  const Groups groups = tables_of_counters();
  std::string text = "\n| member | kind | meaning |\n|---|---|---|\n";
  for (const char* const group : {"kernel", "troubles", "events", "sources", "sinks", "rules"})
    for (const auto& row : groups.at(group)) {
      const bool is_list = std::string_view(group) == "sinks" || std::string_view(group) == "sources";
      const std::string place = std::string(group) + (is_list ? "[]." : ".");
      const std::string unit = row.unit.empty() ? "" : std::string(row.unit) + ' ';
      text += "| `" + place + std::string(row.name) + "` | " + kind_text(row.kind) + " | " + unit +
              std::string(row.help) + " |\n";
    }
  return text + '\n';
}

}  // namespace

TEST_CASE("docs/control-socket.md lists the counters as the stages' tables have them") {
  // UPDATE_GOLDEN=1 writes the table anew.
  const std::string path = NAUDIT_SOURCE_DIR "/docs/control-socket.md";
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  std::string page = content.str();
  const std::string begin = "<!-- counters: begin -->\n";
  const std::size_t from = page.find(begin) + begin.size();
  const std::size_t to = page.find("<!-- counters: end -->");
  REQUIRE(to != std::string::npos);
  REQUIRE(from <= to);
  const std::string wanted = documentation();
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
    page.replace(from, to - from, wanted);
    std::ofstream(path) << page;
    return;
  }
  INFO("UPDATE_GOLDEN=1 build/dev/tests/daemon_test \"docs/*\" writes it");
  CHECK(naudit::tests::difference(wanted, page.substr(from, to - from)) == "");
}

TEST_CASE("every number of the status is a row of a table, and every row a number of the status") {
  DaemonStatus status;
  status.kernel = naudit::netlink::KernelStatus{};
  status.kernel->backlog_wait_time_actual = 0;
  status.received = naudit::daemon::receive_readings({});
  status.events = naudit::daemon::event_readings({}, {}, {});
  status.sources.resize(1);
  naudit::base::read_counters(naudit::daemon::kSourceCounters, naudit::daemon::SourceCounters(),
                              status.sources[0].readings);
  status.sinks.resize(1);
  status.rules.emplace();
  const auto json = parsed(status);
  for (const auto& [group, rows] : tables_of_counters()) {
    CAPTURE(group);
    std::multiset<std::string> of_rows;
    for (const auto& row : rows) of_rows.emplace(row.name);
    std::multiset<std::string> of_status;
    const auto& member = json[group.c_str()];
    const auto& object = member.IsArray() ? member[0] : member;
    for (const auto& [name, value] : object.GetObject())
      if (value.IsNumber()) of_status.emplace(name.GetString());
    CHECK(of_status == of_rows);
    CHECK(std::set<std::string>(of_rows.begin(), of_rows.end()).size() == of_rows.size());
  }
}

TEST_CASE("the names of counters are fit for Prometheus, and each has its meaning") {
  for (const auto& [group, rows] : tables_of_counters())
    for (const auto& row : rows) {
      CAPTURE(group, row.name);
      CHECK(row.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
      CHECK_FALSE(row.name.ends_with("_total"));
      CHECK_FALSE(row.help.empty());
      CHECK(row.help.find('|') == std::string_view::npos);
    }
}
