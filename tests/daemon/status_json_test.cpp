// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/status_json.hpp"

#include <rapidjson/document.h>

#include "tests/support/catch.hpp"

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
  CHECK(json["rules"].IsNull());
  CHECK(json["sinks"].Empty());
  CHECK(json["events"]["records"].GetUint64() == 0);
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
  sink.events_in = 1;
  sink.events_out = 2;
  sink.bytes_out = 3;
  sink.events_dropped = 4;
  sink.retries = 5;
  sink.queue_bytes = 6;
  sink.queue_bytes_most = std::uint64_t{1} << 63U;
  status.sinks = {sink};
  status.rules = naudit::daemon::RuleStatus{.wanted = 10, .foreign = 11, .missing = 12, .drifts = 13, .error = "no"};

  const auto json = parsed(status);
  CHECK(text_of(json["version"]) == "0.1.0");
  CHECK(json["pid"].GetUint64() == 12);
  CHECK(text_of(json["node"]) == "host\xef\xbf\xbd");
  CHECK(text_of(json["config"]) == "/etc/naudit/nauditd.yaml");
  CHECK(json["uptime_s"].GetUint64() == 61);
  CHECK(text_of(json["mode"]) == "own");
  CHECK(text_of(json["registration"]) == "registered");
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
}

TEST_CASE("an older kernel has no backlog_wait_time_actual, and then neither has the status") {
  DaemonStatus status;
  status.kernel = naudit::netlink::KernelStatus{};
  CHECK_FALSE(parsed(status)["kernel"].HasMember("backlog_wait_time_actual"));
}

TEST_CASE("the counters of both threads come into one list") {
  naudit::netlink::Counters received;
  received.records.add(1);
  received.bytes.add(2);
  received.overruns.add(3);
  received.truncated.add(4);
  received.too_short.add(5);
  received.foreign.add(6);
  received.errors.add(7);
  received.replace_probes.add(8);
  naudit::daemon::DrainCounters drained;
  drained.events = 9;
  drained.incomplete = 10;
  drained.evicted = 11;
  drained.late = 12;
  drained.malformed = 13;
  drained.open = 14;
  drained.full = 15;

  DaemonStatus status;
  status.events = naudit::daemon::event_status(received, drained);
  const auto json = parsed(status);
  const auto& events = json["events"];
  std::uint64_t expected = 0;
  for (const char* const name :
       {"records", "bytes", "overruns", "truncated", "too_short", "foreign", "errors", "replace_probes", "events",
        "incomplete", "evicted", "late", "malformed", "open", "handoff_full"}) {
    CAPTURE(name);
    CHECK(events[name].GetUint64() == ++expected);
  }
}
