// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/counter.hpp"
#include "base/histogram.hpp"

namespace naudit::daemon {

enum class MetricType : std::uint8_t { kCounter, kGauge, kHistogram };

// A family of samples, as Prometheus names it.
struct Metric {
  std::string name;  // "naudit_sink_queue_bytes"
  MetricType type = MetricType::kGauge;
  std::string help;
  double scale = 1;  // of what is counted, in what is told
};
// Of a stage's counter: naudit_<group>_<name>, the unit behind it where Prometheus has one (seconds, bytes; the
// kernel's jiffies are told as seconds), and "_total" behind that if it only grows
// (https://prometheus.io/docs/practices/naming/). A name that is its group's stands there once. Pure.
Metric metric_of(std::string_view group, const base::CounterText& text);
Metric histogram_of(std::string_view group, const base::CounterText& text);

struct Label {
  std::string_view name;
  std::string_view value;  // any bytes: what is not UTF-8 or cannot be seen is told as \xNN (base/utf8.hpp)
};
using Labels = std::initializer_list<Label>;

// Writes Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/): HELP
// and TYPE of a family, then its samples. A family without a sample does not appear.
//
// Owner: whoever writes; one thread. Pure; nothing fails.
class Exposition {
 public:
  static constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8";

  // All of its samples come before the next family.
  void family(Metric metric);
  void sample(Labels labels, std::uint64_t value);
  void sample(Labels labels, double value);
  // The buckets, the sum and the number of what was counted.
  void samples(Labels labels, const base::Histogram& histogram);
  // The text; begins anew.
  std::string take();

 private:
  void begin_sample(Labels labels, std::string_view suffix = {}, std::string_view bound = {});

  Metric metric_;
  bool is_told_ = false;  // its HELP and TYPE
  std::string text_;
};

}  // namespace naudit::daemon
