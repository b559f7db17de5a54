// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/status_json.hpp"

#include <string_view>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "base/utf8.hpp"

namespace naudit::daemon {
namespace {

// A member at a time: name and value.
class Members {
 public:
  explicit Members(rapidjson::StringBuffer& buffer) : writer_(buffer) { writer_.StartObject(); }

  void text(std::string_view name, std::string_view value) {
    const std::string clean = base::valid_utf8(value);
    key(name);
    writer_.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    writer_.Uint64(value);
  }
  void null(std::string_view name) {
    key(name);
    writer_.Null();
  }
  void begin(std::string_view name) {
    key(name);
    writer_.StartObject();
  }
  void begin() { writer_.StartObject(); }
  void end() { writer_.EndObject(); }
  void begin_list(std::string_view name) {
    key(name);
    writer_.StartArray();
  }
  void end_list() { writer_.EndArray(); }

 private:
  void key(std::string_view name) { writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }

  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

void write_kernel(Members& out, const std::optional<netlink::KernelStatus>& kernel) {
  if (!kernel) return out.null("kernel");
  out.begin("kernel");
  out.number("enabled", kernel->enabled);
  out.number("failure", kernel->failure);
  out.number("pid", kernel->pid);
  out.number("rate_limit", kernel->rate_limit);
  out.number("backlog_limit", kernel->backlog_limit);
  out.number("lost", kernel->lost);
  out.number("backlog", kernel->backlog);
  out.number("backlog_wait_time", kernel->backlog_wait_time);
  if (kernel->backlog_wait_time_actual) out.number("backlog_wait_time_actual", *kernel->backlog_wait_time_actual);
  out.end();
}

void write_events(Members& out, const EventStatus& events) {
  out.begin("events");
  out.number("records", events.records);
  out.number("bytes", events.bytes);
  out.number("overruns", events.overruns);
  out.number("truncated", events.truncated);
  out.number("too_short", events.too_short);
  out.number("foreign", events.foreign);
  out.number("errors", events.errors);
  out.number("replace_probes", events.replace_probes);
  out.number("events", events.events);
  out.number("incomplete", events.incomplete);
  out.number("evicted", events.evicted);
  out.number("late", events.late);
  out.number("malformed", events.malformed);
  out.number("open", events.open);
  out.number("handoff_full", events.handoff_full);
  out.end();
}

void write_sink(Members& out, const output::SinkStatus& sink) {
  out.begin();
  out.text("name", sink.name);
  out.text("type", sink.type);
  out.text("format", sink.format);
  out.text("state", sink.state);
  out.text("last_error", sink.last_error);
  out.number("events_in", sink.events_in);
  out.number("events_out", sink.events_out);
  out.number("bytes_out", sink.bytes_out);
  out.number("events_dropped", sink.events_dropped);
  out.number("retries", sink.retries);
  out.number("queue_bytes", sink.queue_bytes);
  out.number("queue_bytes_most", sink.queue_bytes_most);
  out.end();
}

void write_rules(Members& out, const std::optional<RuleStatus>& rules) {
  if (!rules) return out.null("rules");
  out.begin("rules");
  out.number("wanted", rules->wanted);
  out.number("foreign", rules->foreign);
  out.number("missing", rules->missing);
  out.number("drifts", rules->drifts);
  out.text("error", rules->error);
  out.end();
}

}  // namespace

EventStatus event_status(const netlink::Counters& received, const DrainCounters& drained) {
  constexpr auto kRelaxed = std::memory_order_relaxed;
  return {.records = received.records.value(),
          .bytes = received.bytes.value(),
          .overruns = received.overruns.value(),
          .truncated = received.truncated.value(),
          .too_short = received.too_short.value(),
          .foreign = received.foreign.value(),
          .errors = received.errors.value(),
          .replace_probes = received.replace_probes.value(),
          .events = drained.events.load(kRelaxed),
          .incomplete = drained.incomplete.load(kRelaxed),
          .evicted = drained.evicted.load(kRelaxed),
          .late = drained.late.load(kRelaxed),
          .malformed = drained.malformed.load(kRelaxed),
          .open = drained.open.load(kRelaxed),
          .handoff_full = drained.full.load(kRelaxed)};
}

std::string status_json(const DaemonStatus& status) {
  rapidjson::StringBuffer buffer;
  Members out(buffer);
  out.text("version", status.version);
  out.number("pid", static_cast<std::uint64_t>(status.pid));
  out.text("node", status.node);
  out.text("config", status.config);
  out.number("uptime_s", static_cast<std::uint64_t>(status.uptime.count()));
  out.text("mode", status.mode);
  out.text("registration", status.registration);
  write_kernel(out, status.kernel);
  write_events(out, status.events);
  out.begin_list("sinks");
  for (const output::SinkStatus& sink : status.sinks) write_sink(out, sink);
  out.end_list();
  write_rules(out, status.rules);
  out.end();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace naudit::daemon
