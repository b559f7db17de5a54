// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "config/config.hpp"
#include "output/router.hpp"
#include "output/sink.hpp"
#include "output/sinks/net/network.hpp"

namespace naudit::daemon {

// The sinks of the configuration, and how they change when it does: a sink whose settings stay the same goes on
// untouched, with its queue and its connection.
//
// Main thread. A change is made in two steps, so that an error leaves everything as it was: prepare() makes what is new
// (and may throw base::Error); commit() takes it and stops what is gone, once nobody routes to it any more.
class SinkSet {
 public:
  struct Entry {
    config::Sink settings;
    std::shared_ptr<output::Sink> sink;
  };
  using Entries = std::vector<Entry>;

  explicit SinkSet(output::OnSinkLoss on_loss) : on_loss_(std::move(on_loss)) {}

  [[nodiscard]] Entries prepare(const std::vector<config::Sink>& wanted);
  static std::vector<output::Route> routes(const Entries& entries);
  void commit(Entries entries);

  [[nodiscard]] const Entries& entries() const noexcept { return entries_; }
  [[nodiscard]] std::vector<output::SinkStatus> status() const;
  void rotate();
  // All of them share this time.
  void stop(std::chrono::milliseconds at_most);

 private:
  output::OnSinkLoss on_loss_;
  output::Network network_;
  Entries entries_;
};

// What a sink may still take to deliver what it has when it is stopped.
inline constexpr std::chrono::milliseconds kStopSinks{5000};

}  // namespace naudit::daemon
