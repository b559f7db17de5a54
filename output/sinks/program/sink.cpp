// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/program/sink.hpp"

#include <algorithm>
#include <utility>

namespace naudit::output {
namespace {

constexpr std::chrono::milliseconds kToEnd{1500};  // of a process that was killed

}  // namespace

ProgramSink::ProgramSink(const config::Sink& sink, ProgramContract contract, ProgramRights rights, const char* thread,
                         SinkHost host, std::uint64_t seed)
    : grace_(contract.kill_after + kToEnd),
      worker_(std::make_shared<ProgramWorker>(sink, std::move(contract), host, seed)),
      thread_(
          thread, [worker = worker_] { worker->run(); },
          rights == ProgramRights::kAll ? host.start_thread : StartThread()) {}

ProgramSink::~ProgramSink() {
  ProgramSink::stop(std::chrono::milliseconds{0});
}

void ProgramSink::push(BatchPtr batch) {
  worker_->core().queue().push(std::move(batch));
}

void ProgramSink::end_blocking() {
  worker_->core().queue().end_blocking();
}

void ProgramSink::let_pass(bool pass) {
  worker_->core().queue().let_pass(pass);
}

void ProgramSink::end_by(std::chrono::steady_clock::time_point deadline) {
  end_by_ = std::min(end_by_, deadline);
  worker_->stop_at(end_by_);
}

void ProgramSink::stop(std::chrono::milliseconds at_most) {
  if (!thread_.is_running()) return;
  end_by(ProgramWorker::Clock::now() + at_most);
  if (!thread_.end_by(end_by_ + grace_)) worker_->core().abandon("left behind: the command does not end");
}

void ProgramSink::reload() {
  worker_->reload();
}

SinkStatus ProgramSink::status() const {
  return worker_->core().status();
}

Losses ProgramSink::untold() const {
  return worker_->core().untold();
}

void ProgramSink::carry(const Losses& losses) {
  worker_->core().queue().carry(losses);
}

}  // namespace naudit::output
