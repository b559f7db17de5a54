// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/metrics/exposition.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"
#include "netlink/status.hpp"

namespace naudit::daemon {
namespace {

struct Unit {
  std::string_view counted;  // as the counters' tables have it
  std::string_view told;     // Prometheus' base unit
  double scale = 1;
};

// What is counted one by one ("events", "times") is no unit.
Unit unit_of(std::string_view counted) {
  // A long time, since what one jiffy is long would be rounded to a millisecond.
  constexpr std::uint32_t kJiffies = 1'000'000;
  const std::array<Unit, 3> units = {
      {{"bytes", "bytes"},
       {"seconds", "seconds"},
       {"jiffies", "seconds", std::chrono::duration<double>(netlink::from_jiffies(kJiffies)).count() / kJiffies}}};
  const auto found = std::ranges::find(units, counted, &Unit::counted);
  return found == units.end() ? Unit{} : *found;
}

// "queue_bytes_most" and "bytes" make "queue_most_bytes".
std::string with_unit_last(std::string name, std::string_view unit) {
  if (unit.empty() || name == unit) return name;
  const std::string word = '_' + std::string(unit);
  if (const std::size_t at = (name + '_').find(word + '_'); at != std::string::npos) name.erase(at, word.size());
  return name + word;
}

bool grows(base::CounterKind kind) {
  return kind == base::CounterKind::kCounter || kind == base::CounterKind::kFault;
}

std::string_view type_text(MetricType type) {
  constexpr std::array<std::string_view, 3> kTexts = {"counter", "gauge", "histogram"};
  return kTexts.at(static_cast<std::size_t>(type));
}

void append_escaped(std::string_view text, bool is_label, std::string& out) {
  for (const char c : text)
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && is_label)
      out += "\\\"";
    else
      out += c;
}

}  // namespace

Metric metric_of(std::string_view group, const base::CounterText& text) {
  const Unit unit = unit_of(text.unit);
  std::string name(group);
  if (text.name != group) name.append("_").append(text.name);
  name = "naudit_" + with_unit_last(std::move(name), unit.told);
  if (grows(text.kind)) name += "_total";
  const std::string_view counted = unit.told.empty() ? text.unit : unit.told;
  std::string help(counted);
  help.append(counted.empty() ? "" : " ").append(text.help);
  if (!help.empty() && help[0] >= 'a' && help[0] <= 'z') help[0] = static_cast<char>(help[0] - 'a' + 'A');
  return {.name = std::move(name),
          .type = grows(text.kind) ? MetricType::kCounter : MetricType::kGauge,
          .help = help + '.',
          .scale = unit.scale};
}

Metric histogram_of(std::string_view group, const base::CounterText& text) {
  base::CounterText plain = text;
  plain.kind = base::CounterKind::kGauge;
  Metric metric = metric_of(group, plain);
  metric.type = MetricType::kHistogram;
  return metric;
}

void Exposition::family(Metric metric) {
  metric_ = std::move(metric);
  is_told_ = false;
}

void Exposition::begin_sample(Labels labels, std::string_view suffix, std::string_view bound) {
  if (!is_told_) {
    text_ += "# HELP " + metric_.name + ' ';
    append_escaped(metric_.help, false, text_);
    text_ += "\n# TYPE " + metric_.name + ' ';
    text_.append(type_text(metric_.type)).append("\n");
    is_told_ = true;
  }
  text_.append(metric_.name).append(suffix);
  char before = '{';
  for (const Label& label : labels) {
    text_ += std::exchange(before, ',');
    text_.append(label.name).append("=\"");
    append_escaped(base::shown(label.value), true, text_);
    text_ += '"';
  }
  if (!bound.empty()) {
    text_ += std::exchange(before, ',');
    text_.append("le=\"").append(bound).append("\"");
  }
  text_ += before == ',' ? "} " : " ";
}

void Exposition::sample(Labels labels, std::uint64_t value) {
  if (metric_.scale != 1) return sample(labels, static_cast<double>(value));
  begin_sample(labels);
  fmt::format_to(std::back_inserter(text_), "{}\n", value);
}

void Exposition::sample(Labels labels, double value) {
  begin_sample(labels);
  fmt::format_to(std::back_inserter(text_), "{}\n", value * metric_.scale);
}

void Exposition::samples(Labels labels, const base::Histogram& histogram) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < histogram.counts().size(); ++i) {
    sum += histogram.counts().at(i);
    const bool is_last = i == base::Histogram::kBounds.size();
    begin_sample(
        labels, "_bucket",
        is_last ? "+Inf" : fmt::format("{}", std::chrono::duration<double>(base::Histogram::kBounds.at(i)).count()));
    fmt::format_to(std::back_inserter(text_), "{}\n", sum);
  }
  begin_sample(labels, "_sum");
  fmt::format_to(std::back_inserter(text_), "{}\n", histogram.sum_seconds());
  begin_sample(labels, "_count");
  fmt::format_to(std::back_inserter(text_), "{}\n", sum);
}

std::string Exposition::take() {
  return std::exchange(text_, {});
}

}  // namespace naudit::daemon
