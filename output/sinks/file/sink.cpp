// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/sink.hpp"

#include <utility>

#include "base/thread.hpp"
#include "output/sinks/file/worker.hpp"

namespace naudit::output {
namespace {

// Beyond the time that a stop was given: for the last write or sync to come back.
constexpr std::chrono::seconds kGrace{2};

}  // namespace

FileSink::FileSink(const config::Sink& sink, OnSinkLoss on_loss, std::uint64_t seed, FileSystem& system, Retry retry)
    : worker_(std::make_shared<FileWorker>(sink, std::move(on_loss), seed, system, retry)),
      thread_(base::start_thread("naudit-file", [worker = worker_] { worker->run(); })) {}

FileSink::~FileSink() {
  FileSink::stop(std::chrono::milliseconds{0});
}

void FileSink::push(BatchPtr batch) {
  worker_->core().queue().push(std::move(batch));
}

void FileSink::end_blocking() {
  worker_->core().queue().end_blocking();
}

void FileSink::stop(std::chrono::milliseconds at_most) {
  if (!thread_.joinable()) return;
  worker_->stop_at(FileWorker::Clock::now() + at_most);
  if (worker_->ended_within(at_most + kGrace)) {
    thread_.join();
    return;
  }
  worker_->core().queue().finish();
  worker_->core().set_state("left behind: the file system does not answer");
  thread_.detach();
}

void FileSink::rotate() {
  worker_->rotate();
}

SinkStatus FileSink::status() const {
  return worker_->core().status();
}

std::unique_ptr<Sink> make_file_sink(const config::Sink& sink, Network&, OnSinkLoss on_loss, std::uint64_t seed) {
  return std::make_unique<FileSink>(sink, std::move(on_loss), seed);
}

}  // namespace naudit::output
