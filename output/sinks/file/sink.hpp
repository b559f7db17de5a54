// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "config/config.hpp"
#include "output/backoff.hpp"
#include "output/sink.hpp"
#include "output/sinks/file/file_system.hpp"
#include "output/sinks/own_thread.hpp"

namespace naudit::output {

class FileWorker;
class Network;

// Writes whole batches to a file, on a thread of its own; docs/sinks.md says what it promises.
//
// The file need not be there, nor its directory: until it is, events wait in the queue. An event in hand is never given
// up for an error of the file system: it is tried again (and a half-written one continued) until it is written or the
// sink stops. A stop never hangs: a thread that the kernel holds in a dead file system is left behind.
class FileSink final : public Sink {
 public:
  // How soon a failed write or open is tried again.
  static constexpr Retry kRetry{std::chrono::milliseconds{250}, std::chrono::milliseconds{5000}};

  FileSink(const config::Sink& sink, SinkHost host, std::uint64_t seed, FileSystem& system = real_file_system(),
           Retry retry = kRetry);
  // What writes into the files of another type of sink.
  explicit FileSink(std::shared_ptr<FileWorker> worker);
  ~FileSink() override;

  void push(BatchPtr batch) override;
  [[nodiscard]] bool push_unannounced(BatchPtr batch) override;
  void work_here() override;
  void end_blocking() override;
  void let_pass(bool pass) override;
  void end_by(std::chrono::steady_clock::time_point deadline) override;
  void stop(std::chrono::milliseconds at_most) override;
  // Returns at once; the file's thread does it before it writes anything else. An empty file is not rotated; one that
  // somebody else has moved away is only opened anew (what logrotate wants).
  void rotate() override;
  [[nodiscard]] SinkStatus status() const override;
  [[nodiscard]] Losses untold() const override;
  void carry(const Losses& losses) override;

 private:
  std::shared_ptr<FileWorker> worker_;
  OwnThread thread_;
  std::chrono::steady_clock::time_point end_by_ = std::chrono::steady_clock::time_point::max();
};

// For the registry. Main thread.
std::unique_ptr<Sink> make_file_sink(const config::Sink& sink, Network& network, SinkHost host, std::uint64_t seed);

}  // namespace naudit::output
