// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "config/config.hpp"
#include "output/sink.hpp"
#include "output/sinks/own_thread.hpp"
#include "output/sinks/spooled/worker.hpp"

namespace naudit::output {

// Any sink with a spool before it (`spool:`).
class SpooledSink final : public Sink {
 public:
  using MakeInner = std::function<std::unique_ptr<Sink>(SinkHost host)>;

  // Throws base::Error where the inner sink cannot be made, or is of a type that keeps nothing for a peer. A folder
  // that cannot be used is no error: the sink waits for it.
  SpooledSink(const config::Sink& sink, const SinkHost& host, Disk& disk, const MakeInner& make_inner);
  ~SpooledSink() override;

  void push(BatchPtr batch) override;
  void keep(const Receipt& receipt) override;
  void end_blocking() override;
  void let_pass(bool pass) override;
  void end_by(std::chrono::steady_clock::time_point deadline) override;
  void stop(std::chrono::milliseconds at_most) override;
  void reload() override;
  void rotate() override;
  [[nodiscard]] SinkStatus status() const override;
  [[nodiscard]] Losses untold() const override;
  void carry(const Losses& losses) override;

 private:
  std::shared_ptr<SpoolWorker> worker_;
  std::unique_ptr<OwnThread> thread_;
  std::chrono::steady_clock::time_point end_by_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace naudit::output
