// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/spooled/sink.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/written_file.hpp"
#include "output/spool/clock.hpp"

namespace naudit::output {
namespace {

// Beyond the time that a stop was given: for the last write or sync to come back.
constexpr std::chrono::seconds kGrace{2};

SpoolOptions options_of(const config::Sink& sink, const SinkHost& host) {
  if (host.spool_folder.empty())
    throw base::Error("sink '" + sink.name + "': spool: there is no folder for spools here");
  return {
      .folder = host.spool_folder + '/' + sink.name, .sink = sink.name, .limits = sink.spool, .boot_id = this_boot()};
}

}  // namespace

SpooledSink::SpooledSink(const config::Sink& sink, const SinkHost& host, Disk& disk, const MakeInner& make_inner)
    : worker_(std::make_shared<SpoolWorker>(sink, host, disk, options_of(sink, host))) {
  base::make_own_folder(host.spool_folder);
  SinkHost inner = host;
  inner.on_queue = [worker = worker_.get()](Queue& queue) { worker->attach(queue); };
  worker_->set_inner(make_inner(std::move(inner)));
  if (!worker_->is_attached())
    throw base::Error("sink '" + sink.name + "': spool: a sink of type '" + sink.type + "' has none");
  thread_ = std::make_unique<OwnThread>("naudit-spool", [worker = worker_] { worker->run(); });
}

SpooledSink::~SpooledSink() {
  SpooledSink::stop(std::chrono::milliseconds{0});
}

void SpooledSink::push(BatchPtr batch) {
  worker_->intake().push(std::move(batch));
}

void SpooledSink::keep(const Receipt& receipt) {
  worker_->intake().keep(receipt);
}

void SpooledSink::end_blocking() {
  worker_->intake().end_blocking();
}

void SpooledSink::let_pass(bool pass) {
  worker_->intake().let_pass(pass);
}

void SpooledSink::end_by(std::chrono::steady_clock::time_point deadline) {
  end_by_ = std::min(end_by_, deadline);
  worker_->stop_at(end_by_);
}

void SpooledSink::stop(std::chrono::milliseconds at_most) {
  if (!thread_->is_running()) return;
  end_by(SpoolWorker::Clock::now() + at_most);
  if (!thread_->end_by(end_by_ + kGrace)) worker_->abandon();
}

void SpooledSink::reload() {
  worker_->inner().reload();
}

void SpooledSink::rotate() {
  worker_->inner().rotate();
}

SinkStatus SpooledSink::status() const {
  return worker_->status();
}

Losses SpooledSink::untold() const {
  return worker_->untold();
}

void SpooledSink::carry(const Losses& losses) {
  worker_->inner().carry(losses);
}

}  // namespace naudit::output
