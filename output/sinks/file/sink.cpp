// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/sink.hpp"

#include <algorithm>
#include <utility>

#include "formats/registry.hpp"
#include "output/sinks/file/worker.hpp"
#include "output/sinks/file/writer.hpp"

namespace naudit::output {
namespace {

// Beyond the time that a stop was given: for the last write or sync to come back.
constexpr std::chrono::seconds kGrace{2};

}  // namespace

FileSink::FileSink(const config::Sink& sink, SinkHost host, std::uint64_t seed, FileSystem& system, Retry retry)
    : FileSink(std::make_shared<FileWorker>(
          sink, sink.options.as<FileOptions>(),
          std::make_unique<FileWriter>(system, sink.options.as<FileOptions>(), !formats::is_binary_format(sink.format)),
          std::move(host), seed, system, retry)) {}

FileSink::FileSink(std::shared_ptr<FileWorker> worker)
    : worker_(std::move(worker)), thread_("naudit-file", [worker = worker_] { worker->run(); }) {}

FileSink::~FileSink() {
  FileSink::stop(std::chrono::milliseconds{0});
}

void FileSink::push(BatchPtr batch) {
  worker_->core().queue().push(std::move(batch));
}

bool FileSink::push_unannounced(BatchPtr batch) {
  if (worker_->may_be_shared()) return worker_->core().queue().push_unannounced(std::move(batch));
  push(std::move(batch));
  return false;
}

// The worker is kept, since this sink may be stopped and gone before a disk that hangs lets go of the thread.
void FileSink::work_here() {
  const std::shared_ptr<FileWorker> worker = worker_;
  worker->work_here();
}

void FileSink::end_blocking() {
  worker_->core().queue().end_blocking();
}

void FileSink::let_pass(bool pass) {
  worker_->core().queue().let_pass(pass);
}

void FileSink::end_by(std::chrono::steady_clock::time_point deadline) {
  end_by_ = std::min(end_by_, deadline);
  worker_->stop_at(end_by_);
}

void FileSink::stop(std::chrono::milliseconds at_most) {
  if (!thread_.is_running()) return;
  end_by(FileWorker::Clock::now() + at_most);
  if (!thread_.end_by(end_by_ + kGrace)) worker_->core().abandon("left behind: the file system does not answer");
}

void FileSink::rotate() {
  worker_->rotate();
}

SinkStatus FileSink::status() const {
  SinkStatus status = worker_->core().status();
  status.path = worker_->path();
  return status;
}

Losses FileSink::untold() const {
  return worker_->core().untold();
}

void FileSink::carry(const Losses& losses) {
  worker_->core().queue().carry(losses);
}

std::unique_ptr<Sink> make_file_sink(const config::Sink& sink, Network&, SinkHost host, std::uint64_t seed) {
  return std::make_unique<FileSink>(sink, std::move(host), seed);
}

}  // namespace naudit::output
