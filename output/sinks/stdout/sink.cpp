// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/stdout/sink.hpp"

#include <algorithm>
#include <utility>

#include "output/sinks/stdout/worker.hpp"

namespace naudit::output {
namespace {

// Beyond the time that a stop was given: for the last write to come back.
constexpr std::chrono::seconds kGrace{2};

}  // namespace

StdoutSink::StdoutSink(const config::Sink& sink, SinkHost host, std::uint64_t seed, int fd)
    : worker_(std::make_shared<StdoutWorker>(sink, std::move(host), seed, fd)),
      thread_("naudit-stdout", [worker = worker_] { worker->run(); }) {}

StdoutSink::~StdoutSink() {
  StdoutSink::stop(std::chrono::milliseconds{0});
}

void StdoutSink::push(BatchPtr batch) {
  worker_->core().queue().push(std::move(batch));
}

void StdoutSink::end_blocking() {
  worker_->core().queue().end_blocking();
}

void StdoutSink::let_pass(bool pass) {
  worker_->core().queue().let_pass(pass);
}

void StdoutSink::end_by(std::chrono::steady_clock::time_point deadline) {
  end_by_ = std::min(end_by_, deadline);
  worker_->stop_at(end_by_);
}

void StdoutSink::stop(std::chrono::milliseconds at_most) {
  if (!thread_.is_running()) return;
  end_by(StdoutWorker::Clock::now() + at_most);
  if (!thread_.end_by(end_by_ + kGrace)) worker_->core().abandon("left behind: standard output does not answer");
}

SinkStatus StdoutSink::status() const {
  return worker_->core().status();
}

Losses StdoutSink::untold() const {
  return worker_->core().untold();
}

void StdoutSink::carry(const Losses& losses) {
  worker_->core().queue().carry(losses);
}

config::OptionTable stdout_options() {
  return {};
}

std::vector<std::string> stdout_warnings(const config::Sink&, bool) {
  return {};
}

std::unique_ptr<Sink> make_stdout_sink(const config::Sink& sink, Network&, SinkHost host, std::uint64_t seed) {
  return std::make_unique<StdoutSink>(sink, std::move(host), seed);
}

}  // namespace naudit::output
