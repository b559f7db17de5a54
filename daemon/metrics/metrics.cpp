// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/metrics/metrics.hpp"

#include <span>
#include <string_view>
#include <utility>

#include "daemon/metrics/exposition.hpp"
#include "tables/record_types.hpp"

namespace naudit::daemon {
namespace {

Metric gauge(std::string name, std::string help) {
  return {.name = std::move(name), .type = MetricType::kGauge, .help = std::move(help)};
}
Metric counter(std::string name, std::string help) {
  return {.name = std::move(name), .type = MetricType::kCounter, .help = std::move(help)};
}
std::uint64_t one_if(bool is_so) {
  return is_so ? 1 : 0;
}

class Writer {
 public:
  std::string take() { return out_.take(); }

  void one(Metric metric, std::uint64_t value) {
    out_.family(std::move(metric));
    out_.sample({}, value);
  }
  void readings(std::string_view group, std::span<const base::Reading> readings) {
    for (const base::Reading& reading : readings) one(metric_of(group, reading.text), reading.value);
  }
  template <typename Rows, typename Owner>
  void table(std::string_view group, const Rows& rows, const Owner& owner) {
    std::vector<base::Reading> read;
    base::read_counters(rows, owner, read);
    readings(group, read);
  }

  void daemon(const MetricsInput& input) {
    const DaemonStatus& status = input.status;
    out_.family(gauge("naudit_build_info", "1; the version of nauditd is its label."));
    out_.sample({{"version", status.version}}, std::uint64_t{1});
    out_.family(gauge("naudit_mode_info", "1; what nauditd does is its label: own or observe."));
    out_.sample({{"mode", status.mode}}, std::uint64_t{1});
    one(gauge("naudit_registered", "1: events come from the kernel, 0: the registration is lost or another's."),
        one_if(status.registration == "registered" || status.registration == "observing" ||
               status.registration == "collecting"));
    one(gauge("naudit_kernel_answers", "1: the kernel has told its state in time; if not, naudit_kernel_* is missing."),
        one_if(status.kernel.has_value()));
  }

  void process(const MetricsInput& input) {
    const ProcessUse& use = input.process;
    out_.family(counter("process_cpu_seconds_total", "Seconds of CPU time of all threads, user and system."));
    out_.sample({}, use.cpu_seconds);
    if (use.resident_bytes) one(gauge("process_resident_memory_bytes", "Bytes in memory."), *use.resident_bytes);
    if (use.virtual_bytes) one(gauge("process_virtual_memory_bytes", "Bytes of address space."), *use.virtual_bytes);
    if (use.open_descriptors) one(gauge("process_open_fds", "Open file descriptors."), *use.open_descriptors);
    out_.family(gauge("process_start_time_seconds", "When nauditd was started, in seconds since 1970."));
    out_.sample({}, input.start_seconds);
  }

  void types(const std::vector<TypeCount>& types) {
    out_.family(counter("naudit_records_total",
                        "Records by type, of the events that went to the sinks. The end of an event (EOE) is none."));
    for (const TypeCount& one : types)
      out_.sample({{"type", one.type == 0 ? std::string("other") : tables::record_type_text(one.type)}}, one.records);
  }

  void rules(const std::optional<RulesKeeper::Status>& rules) {
    if (!rules) return;
    table("rules", kRuleCounters, *rules);
    one(gauge("naudit_rules_locked", "1: the kernel's rules are locked until a reboot."), one_if(rules->locked));
    one(gauge("naudit_rules_failed", "1: not every rule of the files could be loaded."), one_if(!rules->error.empty()));
  }

  void sources(const std::vector<SourceStatus>& sources) {
    if (sources.empty()) return;
    for (std::size_t row = 0; row < sources.front().readings.size(); ++row) {
      out_.family(metric_of("source", sources.front().readings[row].text));
      for (const SourceStatus& source : sources)
        out_.sample({{"source", source.name}, {"type", source.type}}, source.readings[row].value);
    }
  }

  void sinks(const std::vector<output::SinkStatus>& sinks, const DropCounts& drops) {
    out_.family(gauge("naudit_sink_info", "1; type and format of the sink are its labels."));
    for (const output::SinkStatus& sink : sinks)
      out_.sample({{"sink", sink.name}, {"type", sink.type}, {"format", sink.format}}, std::uint64_t{1});
    out_.family(gauge("naudit_sink_ok", "1: the sink is in order, 0: it is not, or has not yet begun."));
    for (const output::SinkStatus& sink : sinks) out_.sample({{"sink", sink.name}}, one_if(sink.state == "ok"));
    rows(output::kQueueCounters, sinks);
    rows(output::kSinkCounters, sinks);
    for (const auto& row : output::kQueueHistograms) {
      out_.family(histogram_of("sink", row.text));
      for (const output::SinkStatus& sink : sinks) out_.samples({{"sink", sink.name}}, sink.*row.member);
    }
    out_.family(counter("naudit_sink_dropped_by_cause_total",
                        "Events lost, by cause; told some seconds after naudit_sink_events_dropped_total."));
    for (const output::SinkStatus& sink : sinks)
      for (const DropCounts::Cause& cause : drops.of(sink.name))
        out_.sample({{"sink", sink.name}, {"cause", cause.text}}, cause.events);
  }

 private:
  // All samples of a family stand together.
  template <typename Rows>
  void rows(const Rows& rows, const std::vector<output::SinkStatus>& sinks) {
    for (const auto& row : rows) {
      out_.family(metric_of("sink", row.text));
      for (const output::SinkStatus& sink : sinks) {
        std::vector<base::Reading> read;
        base::read_counters(std::span(&row, 1), sink, read);
        for (const base::Reading& reading : read) out_.sample({{"sink", sink.name}}, reading.value);
      }
    }
  }

  Exposition out_;
};

}  // namespace

std::string metrics_text(const MetricsInput& input) {
  Writer out;
  out.daemon(input);
  if (input.status.kernel) out.table("kernel", netlink::kKernelCounters, *input.status.kernel);
  out.table("trouble", kTroubleCounters, input.status.troubles);
  out.readings("receive", input.status.received);
  out.types(input.types);
  out.readings("events", input.status.events);
  out.sources(input.status.sources);
  out.sinks(input.status.sinks, input.drops);
  out.rules(input.status.rules);
  out.process(input);
  return out.take();
}

}  // namespace naudit::daemon
