// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/sinks/event_window.hpp"
#include "output/sinks/kafka/client.hpp"
#include "output/sinks/kafka/options.hpp"
#include "output/sinks/sink_core.hpp"

namespace naudit::output {

// What the thread of a sink `kafka` does. Shared by the sink and its thread: librdkafka may hold that at its end for as
// long as a name takes to be resolved.
//
// A message that is refused stops everything behind it: the producer is taken down, and a new one sends from there on,
// so that the order stays. What a broker refuses for its content is sent by itself once, since a broker refuses whole
// batches; what is refused then is lost, and nothing else.
class KafkaWorker {
 public:
  using Clock = SinkCore::Clock;

  // Throws base::Error, as the registry does: settings that librdkafka refuses, files that cannot be read.
  KafkaWorker(const config::Sink& sink, SinkHost host, std::uint64_t seed);

  // The thread's whole life.
  void run();
  // Any thread.
  void stop_at(Clock::time_point deadline);
  [[nodiscard]] SinkCore& core() noexcept { return core_; }
  [[nodiscard]] const SinkCore& core() const noexcept { return core_; }

 private:
  void wake() const;
  void sleep_until(Clock::time_point deadline);
  void make_client();
  void fill();
  void produce(Clock::time_point now);
  void on_report(std::uint64_t number, KafkaFault fault, const std::string& why);
  void on_error(KafkaFault fault, const std::string& why);
  void lose(std::uint64_t number, const std::string& why);
  void settle(Clock::time_point now);
  void restart(KafkaFault fault, const std::string& why);
  void finish_restart(Clock::time_point now);
  [[nodiscard]] bool is_single_over();
  void end();

  const std::string sink_, schema_, host_name_;
  const KafkaOptions options_;
  const KafkaSettings settings_;
  const std::size_t window_most_;
  const base::Descriptor wake_;  // eventfd: the queue, a stop, or librdkafka has something
  SinkCore core_;
  std::atomic<Clock::rep> stop_at_{Clock::time_point::max().time_since_epoch().count()};

  // The thread's own.
  Backoff backoff_;
  std::string password_;
  EventWindow window_;
  std::vector<BatchPtr> taken_;
  std::unique_ptr<KafkaClient> client_;
  Clock::time_point retry_at_ = Clock::time_point::min();
  std::uint64_t single_until_ = 0;  // events up to this one are sent each by itself
  std::uint64_t batch_bytes_ = 1'000'000;
  KafkaFault fault_ = KafkaFault::kNone;  // why the producer is taken down
  std::string fault_text_;
  bool single_ = false;  // the producer sends each event by itself
  bool restarting_ = false;
  bool healthy_ = false;
};

}  // namespace naudit::output
