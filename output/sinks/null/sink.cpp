// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/null/sink.hpp"

namespace naudit::output {
namespace {

struct NullOptions {
  friend bool operator==(const NullOptions&, const NullOptions&) = default;
};

void check(const NullOptions&, const config::Sink& sink, const config::Report& report) {
  if (sink.spool.enabled) report("spool", "a sink of type 'null' takes everything at once and has none; leave it out");
}

}  // namespace

NullSink::NullSink(const config::Sink& sink) : core_(sink, {}) {
  core_.set_ok();
}

void NullSink::push(BatchPtr batch) {
  events_in_.fetch_add(batch->events(), std::memory_order_relaxed);
  core_.count_delivered(batch->events(), batch->bytes.size());
}

void NullSink::stop(std::chrono::milliseconds) {}

SinkStatus NullSink::status() const {
  SinkStatus status = core_.status();
  status.events_in = events_in_.load(std::memory_order_relaxed);
  return status;
}

config::OptionTable null_options() {
  return config::OptionSpec<NullOptions>{.rows = {}, .check = &check};
}

std::vector<std::string> null_warnings(const config::Sink&, bool) {
  return {};
}

std::unique_ptr<Sink> make_null_sink(const config::Sink& sink, Network&, SinkHost, std::uint64_t) {
  return std::make_unique<NullSink>(sink);
}

}  // namespace naudit::output
