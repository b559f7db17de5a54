// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/metrics/exposition.hpp"

#include <chrono>

#include "netlink/status.hpp"
#include "tests/support/catch.hpp"

using naudit::base::CounterKind;
using naudit::daemon::Exposition;
using naudit::daemon::metric_of;
using naudit::daemon::MetricType;

TEST_CASE("a counter's metric is named by its group, its name, its unit, and whether it only grows") {
  CHECK(metric_of("receive", {"records", "records", CounterKind::kCounter, "received"}).name ==
        "naudit_receive_records_total");
  CHECK(metric_of("receive", {"bytes", "bytes", CounterKind::kCounter, "of text"}).name ==
        "naudit_receive_bytes_total");
  CHECK(metric_of("events", {"events", "events", CounterKind::kCounter, "put together"}).name == "naudit_events_total");
  CHECK(metric_of("events", {"open_bytes", "bytes", CounterKind::kGauge, "held"}).name == "naudit_events_open_bytes");
  CHECK(metric_of("sink", {"queue_bytes_most", "bytes", CounterKind::kGauge, "ever"}).name ==
        "naudit_sink_queue_most_bytes");
  CHECK(metric_of("sink", {"queue_age_seconds", "seconds", CounterKind::kGauge, "old"}).name ==
        "naudit_sink_queue_age_seconds");
  CHECK(metric_of("sink", {"megabytes_most", "", CounterKind::kGauge, "x"}).name == "naudit_sink_megabytes_most");
}

TEST_CASE("a fault is a counter, an alarm a gauge") {
  CHECK(metric_of("kernel", {"lost", "records", CounterKind::kFault, "dropped"}).type == MetricType::kCounter);
  CHECK(metric_of("kernel", {"lost", "records", CounterKind::kFault, "dropped"}).name == "naudit_kernel_lost_total");
  CHECK(metric_of("trouble", {"stalled", "", CounterKind::kAlarm, "1: it is"}).type == MetricType::kGauge);
  CHECK(metric_of("trouble", {"stalled", "", CounterKind::kAlarm, "1: it is"}).name == "naudit_trouble_stalled");
  CHECK(metric_of("trouble", {"stalled", "", CounterKind::kAlarm, "1: it is"}).help == "1: it is.");
}

TEST_CASE("the kernel's jiffies are told in seconds") {
  Exposition out;
  out.family(metric_of("kernel", {"wait", "jiffies", CounterKind::kGauge, "that a program waits"}));
  out.sample({}, std::uint64_t{naudit::netlink::to_jiffies(std::chrono::seconds{60})});
  CHECK(out.take() ==
        "# HELP naudit_kernel_wait_seconds Seconds that a program waits.\n"
        "# TYPE naudit_kernel_wait_seconds gauge\n"
        "naudit_kernel_wait_seconds 60\n");
}

TEST_CASE("help and labels are escaped as the format wants it, and nothing invisible comes through") {
  Exposition out;
  out.family({.name = "a", .type = MetricType::kCounter, .help = "one\\two\n\"three\""});
  out.sample({{"cause", "said \"no\\\"\n\x1b[2J\xff"}, {"sink", "größe"}}, std::uint64_t{1});
  CHECK(out.take() ==
        "# HELP a one\\\\two\\n\"three\"\n"
        "# TYPE a counter\n"
        "a{cause=\"said \\\"no\\\\\\\"\\\\x0a\\\\x1b[2J\\\\xff\",sink=\"größe\"} 1\n");
}

TEST_CASE("numbers are exact up to 64 bits, and a family without a sample does not appear") {
  Exposition out;
  out.family({.name = "none", .type = MetricType::kGauge, .help = "x"});
  out.family({.name = "much", .type = MetricType::kGauge, .help = "x"});
  out.sample({}, ~std::uint64_t{0});
  out.sample({{"a", ""}}, 0.001);
  CHECK(out.take() == "# HELP much x\n# TYPE much gauge\nmuch 18446744073709551615\nmuch{a=\"\"} 0.001\n");
  CHECK(out.take().empty());
}
