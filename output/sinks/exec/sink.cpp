// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/exec/sink.hpp"

#include <algorithm>
#include <utility>

#include "output/sinks/exec/options.hpp"

namespace naudit::output {
namespace {

// Beyond the time that a stop was given: for the signals that end the command.
constexpr std::chrono::seconds kGrace{2};

}  // namespace

ExecSink::ExecSink(const config::Sink& sink, SinkHost host, std::uint64_t seed)
    : worker_(std::make_shared<ExecWorker>(sink, std::move(host), seed)),
      thread_("naudit-exec", [worker = worker_] { worker->run(); }) {}

ExecSink::~ExecSink() {
  ExecSink::stop(std::chrono::milliseconds{0});
}

void ExecSink::push(BatchPtr batch) {
  worker_->core().queue().push(std::move(batch));
}

void ExecSink::end_blocking() {
  worker_->core().queue().end_blocking();
}

void ExecSink::let_pass(bool pass) {
  worker_->core().queue().let_pass(pass);
}

void ExecSink::end_by(std::chrono::steady_clock::time_point deadline) {
  end_by_ = std::min(end_by_, deadline);
  worker_->stop_at(end_by_);
}

void ExecSink::stop(std::chrono::milliseconds at_most) {
  if (!thread_.is_running()) return;
  end_by(ExecWorker::Clock::now() + at_most);
  if (!thread_.end_by(end_by_ + kGrace)) worker_->core().abandon("left behind: the command does not end");
}

SinkStatus ExecSink::status() const {
  return worker_->core().status();
}

Losses ExecSink::untold() const {
  return worker_->core().untold();
}

void ExecSink::carry(const Losses& losses) {
  worker_->core().queue().carry(losses);
}

std::unique_ptr<Sink> make_exec_sink(const config::Sink& sink, Network&, SinkHost host, std::uint64_t seed) {
  check_program(sink);
  return std::make_unique<ExecSink>(sink, std::move(host), seed);
}

}  // namespace naudit::output
