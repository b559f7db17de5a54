// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/status_json.hpp"

#include <string_view>

#include "base/json.hpp"

namespace naudit::daemon {
namespace {

// A counter that should be 0 and is not.
struct Fault {
  std::string_view group;
  base::Reading reading;
};

class StatusWriter {
 public:
  explicit StatusWriter(base::JsonWriter& out) : out_(out) {}

  void kernel(const std::optional<netlink::KernelStatus>& kernel) {
    if (!kernel) return out_.member("kernel", nullptr);
    out_.begin_object("kernel");
    read(netlink::kKernelCounters, *kernel);
    numbers("kernel");
    out_.end_object();
  }

  void troubles(const KernelTroubles& troubles) {
    out_.begin_object("troubles");
    read(kTroubleCounters, troubles);
    numbers("troubles");
    out_.end_object();
  }

  void events(const std::vector<base::Reading>& received, const std::vector<base::Reading>& events) {
    out_.begin_object("events");
    readings_ = received;
    readings_.insert(readings_.end(), events.begin(), events.end());
    numbers("events");
    out_.end_object();
  }

  void sources(const std::vector<SourceStatus>& sources) {
    out_.begin_list("sources");
    for (const SourceStatus& source : sources) {
      out_.begin_object();
      out_.member("name", source.name);
      out_.member("type", source.type);
      out_.member("listen", source.listen);
      out_.member("last_error", source.last_error);
      readings_ = source.readings;
      numbers("sources");
      out_.end_object();
    }
    out_.end_list();
  }

  void sinks(const std::vector<output::SinkStatus>& sinks) {
    out_.begin_list("sinks");
    for (const output::SinkStatus& sink : sinks) {
      out_.begin_object();
      out_.member("name", sink.name);
      out_.member("type", sink.type);
      out_.member("format", sink.format);
      out_.member("state", sink.state);
      out_.member("last_error", sink.last_error);
      if (!sink.path.empty()) out_.member("path", sink.path);
      out_.member("filtered", sink.is_filtered);
      if (!sink.warning.empty()) out_.member("warning", sink.warning);
      read(output::kQueueCounters, sink);
      read(output::kSinkCounters, sink);
      numbers("sinks");
      out_.end_object();
    }
    out_.end_list();
  }

  void rules(const std::optional<RulesKeeper::Status>& rules) {
    if (!rules) return out_.member("rules", nullptr);
    out_.begin_object("rules");
    read(kRuleCounters, *rules);
    numbers("rules");
    out_.member("locked", rules->locked);
    out_.member("error", rules->error);
    out_.member("state_error", rules->state_error);
    out_.end_object();
  }

  void faults() {
    out_.begin_list("faults");
    for (const Fault& fault : faults_) {
      out_.begin_object();
      out_.member("group", fault.group);
      out_.member("name", fault.reading.text.name);
      out_.member("value", fault.reading.value);
      out_.member("unit", fault.reading.text.unit);
      out_.member("help", fault.reading.text.help);
      out_.end_object();
    }
    out_.end_list();
  }

 private:
  template <typename Rows, typename Owner>
  void read(const Rows& rows, const Owner& owner) {
    base::read_counters(rows, owner, readings_);
  }
  void numbers(std::string_view group) {
    for (const base::Reading& reading : readings_) {
      out_.member(reading.text.name, reading.value);
      if (base::should_be_zero(reading.text.kind) && reading.value > 0) faults_.push_back({group, reading});
    }
    readings_.clear();
  }

  base::JsonWriter& out_;
  std::vector<base::Reading> readings_;
  std::vector<Fault> faults_;
};

}  // namespace

std::vector<base::Reading> receive_readings(const netlink::Counters& received) {
  std::vector<base::Reading> readings;
  base::read_counters(netlink::kReceiveCounters, received, readings);
  return readings;
}

std::vector<base::Reading> event_readings(const correlate::Correlator::Counters& correlated,
                                          const correlate::SerialGaps::Counters& gaps, const DrainCounters& drained) {
  std::vector<base::Reading> readings;
  base::read_counters(correlate::kCorrelatorCounters, correlated, readings);
  base::read_counters(correlate::kGapCounters, gaps, readings);
  base::read_counters(kDrainCounters, drained, readings);
  return readings;
}

std::string status_json(const DaemonStatus& status) {
  base::JsonWriter out;
  out.begin_object();
  out.member("version", status.version);
  out.member("pid", static_cast<std::uint64_t>(status.pid));
  out.member("node", status.node);
  out.member("config", status.config);
  out.member("uptime_s", static_cast<std::uint64_t>(status.uptime.count()));
  out.member("mode", status.mode);
  out.member("registration", status.registration);
  StatusWriter writer(out);
  writer.kernel(status.kernel);
  if (!status.kernel) out.member("kernel_error", status.kernel_error);
  writer.troubles(status.troubles);
  writer.events(status.received, status.events);
  writer.sources(status.sources);
  writer.sinks(status.sinks);
  writer.rules(status.rules);
  writer.faults();
  out.end_object();
  return out.take();
}

}  // namespace naudit::daemon
