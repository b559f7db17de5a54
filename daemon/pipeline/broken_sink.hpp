// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "config/config.hpp"
#include "output/sink.hpp"

namespace naudit::daemon {

// In the place of a sink that could not be made at start, because a file that it needs is missing or wrong: the others
// go on without it. It counts as dropped what was for it, and its state says why, until a reload makes the real one.
//
// Owner: the sink set. Any thread.
class BrokenSink final : public output::Sink {
 public:
  BrokenSink(const config::Sink& sink, std::string why) : name_(sink.name), type_(sink.type), why_(std::move(why)) {}

  void push(output::BatchPtr batch) override { dropped_.fetch_add(batch->events(), std::memory_order_relaxed); }
  void stop(std::chrono::milliseconds /*at_most*/) override {}
  [[nodiscard]] output::SinkStatus status() const override;

 private:
  std::string name_, type_, why_;
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace naudit::daemon
