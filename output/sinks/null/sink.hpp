// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/kinds.hpp"
#include "output/sink.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

class Network;

// Counts and forgets: what everything before the sinks costs. It takes each batch at once, so nothing ever waits or is
// lost. No thread of its own.
class NullSink final : public Sink {
 public:
  explicit NullSink(const config::Sink& sink);

  void push(BatchPtr batch) override;
  void stop(std::chrono::milliseconds at_most) override;
  [[nodiscard]] SinkStatus status() const override;

 private:
  SinkCore core_;
  std::atomic<std::uint64_t> events_in_ = 0;
};

// For the registry: it has nothing to choose, and no spool.
config::OptionTable null_options();
std::vector<std::string> null_warnings(const config::Sink& sink, bool look_at_disk);
std::unique_ptr<Sink> make_null_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
