// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// How fast a spool takes events, and gives them back: events of JSON as an exec makes them, in batches as the router
// makes them, with a sync each second on a thread of its own, as a sink has it. And how long a start takes with a full
// one that a killed process has left. Usage: bench-spool FOLDER [SECONDS [MIB]].

#include "output/spool/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "output/sinks/spooled/syncer.hpp"
#include "output/spool/clock.hpp"

namespace {

using namespace naudit::output;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatchBytes = std::size_t{256} << 10;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

BatchPtr make_batch(std::uint64_t& number) {
  auto batch = std::make_shared<Batch>();
  while (batch->bytes.size() < kBatchBytes) {
    ++number;
    append_event(
        *batch,
        fmt::format(R"({{"time":"2026-01-02T03:04:{:02}.{:03}Z","id":"1767323000.{:03}:{}","node":"web1.example",)"
                    R"("action":"exec","outcome":"success","keys":["exec"],"subject":{{"auid":1000,"auid_name":)"
                    R"("anna","uid":0,"uid_name":"root","pid":{},"ppid":{},"exe":"/usr/bin/ls","comm":"ls",)"
                    R"("session":3,"tty":"pts0"}},"object":{{"path":"/usr/bin/ls","inode":{},"mode":"0100755"}},)"
                    R"("arguments":["ls","-l","/srv/data/{}"],"syscall":"execve","cwd":"/root"}})"
                    "\n",
                    number / 1000 % 60, number % 1000, number % 1000, number, number % 32'768, number * 7 % 32'768,
                    number * 13 % 1'000'000, number * 31 % 10'000),
        false);
  }
  batch->first_id = batch->last_id = fmt::format("1767323000.000:{}", number);
  return batch;
}

// `rate`: events a second; 0: as fast as it goes.
void run(const std::string& folder, bool compress, double wanted, double rate) {
  std::filesystem::remove_all(folder);
  SpoolOptions options{.folder = folder, .sink = "bench", .limits = {}, .boot_id = this_boot()};
  options.limits.compress = compress;
  options.limits.size = std::uint64_t{16} << 30;
  Spool spool(real_disk(), options);
  if (const SpoolProblem problem = spool.open(spool_time())) throw std::runtime_error(problem.text);
  SpoolSyncer syncer(real_disk(), [] {});
  std::vector<BatchPtr> batches;
  std::uint64_t number = 0, events = 0, bytes = 0;
  for (int i = 0; i < 64; ++i) batches.push_back(make_batch(number));
  const auto sync = [&](Clock::time_point& at) {
    if (const auto result = syncer.take_result())
      if (const SpoolProblem problem = spool.end_sync(result->job, result->code))
        throw std::runtime_error(problem.text);
    if (syncer.is_busy() || Clock::now() < at) return;
    at = Clock::now() + std::chrono::seconds(1);
    if (Spool::SyncJob job = spool.begin_sync(spool_time()); !job.empty()) syncer.start(std::move(job));
  };

  Clock::time_point sync_at = Clock::now() + std::chrono::seconds(1);
  const auto start = Clock::now();
  for (std::size_t i = 0; seconds_since(start) < wanted; ++i) {
    const Batch& batch = *batches[i % batches.size()];
    const Spool::Appended appended = spool.append(batch, spool_time());
    if (appended.events != batch.events()) throw std::runtime_error("not taken: " + appended.problem.text);
    events += appended.events;
    bytes += batch.bytes.size();
    sync(sync_at);
    if (rate > 0)
      std::this_thread::sleep_until(start + std::chrono::duration<double>(static_cast<double>(events) / rate));
  }
  const double written = seconds_since(start);
  const std::uint64_t calls = syncer.calls();
  const std::uint64_t stored = spool.bytes();

  std::uint64_t drained = 0;
  Clock::time_point expire_at = Clock::now();
  const auto drain = Clock::now();
  for (auto taken = spool.next(); taken.batch != nullptr; taken = spool.next()) {
    drained += taken.batch->events();
    if (const SpoolProblem problem = spool.confirm(taken.end)) throw std::runtime_error(problem.text);
    if (Clock::now() >= expire_at) {
      expire_at = Clock::now() + std::chrono::seconds(5);
      spool.expire(spool_time());
    }
    sync(sync_at);
  }
  const double read = seconds_since(drain);
  const std::uint64_t drain_calls = syncer.calls() - calls;
  syncer.end();
  if (const auto result = syncer.take_result()) spool.end_sync(result->job, result->code);
  if (drained != events || !spool.take_losses().empty()) throw std::runtime_error("events are missing");
  fmt::print(
      "{:<5} {:<5}  written {:>9.0f} events/s ({:.0f} MB/s), {:.2f} syncs/s   drained {:>9.0f} events/s, {:.2f} "
      "syncs/s   "
      "{:.0f} bytes an event, {:.0f} on the disk\n",
      compress ? "zstd" : "plain", rate > 0 ? "paced" : "", static_cast<double>(events) / written,
      static_cast<double>(bytes) / written / 1e6, static_cast<double>(calls) / written,
      static_cast<double>(drained) / read, static_cast<double>(drain_calls) / read,
      static_cast<double>(bytes) / static_cast<double>(events),
      static_cast<double>(stored) / static_cast<double>(events));
  const SpoolProblem problem = spool.close(spool_time());
  std::filesystem::remove_all(folder);
  if (problem) throw std::runtime_error(problem.text);
}

// Its files as after a boot: none of their pages in memory.
void forget_pages(const std::string& folder) {
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const int fd = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    ::fsync(fd);
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    ::close(fd);
  }
}

// `open_bytes`: how much the segment holds that was written last, and has no footer.
void start(const std::string& folder, bool compress, std::uint64_t size, std::uint64_t open_bytes) {
  std::filesystem::remove_all(folder);
  SpoolOptions options{.folder = folder, .sink = "bench", .limits = {}, .boot_id = this_boot()};
  options.limits.compress = compress;
  options.limits.size = std::uint64_t{16} << 30;
  options.segment_bytes = std::uint64_t{32} << 20;  // as with the default size
  std::uint64_t number = 0, events = 0;
  std::vector<BatchPtr> batches;
  for (int i = 0; i < 64; ++i) batches.push_back(make_batch(number));
  {
    Spool spool(real_disk(), options);
    if (const SpoolProblem problem = spool.open(spool_time())) throw std::runtime_error(problem.text);
    std::uint64_t calls = 0;
    const auto fill = [&](bool with_syncs, auto is_full) {
      for (std::size_t i = 0; !is_full(); ++i) {
        const Spool::Appended appended = spool.append(*batches[i % batches.size()], spool_time());
        if (appended.events == 0) throw std::runtime_error("not taken: " + appended.problem.text);
        events += appended.events;
        if (!with_syncs || spool.segments().back().bytes < options.segment_bytes) continue;
        const Spool::SyncJob job = spool.begin_sync(spool_time());
        if (const SpoolProblem problem = spool.end_sync(job, Spool::run_sync(real_disk(), job, calls)))
          throw std::runtime_error(problem.text);
      }
    };
    fill(true, [&] { return spool.bytes() + open_bytes >= size && spool.segments().back().is_sealed; });
    fill(false, [&] { return !spool.segments().back().is_sealed && spool.segments().back().bytes >= open_bytes; });
  }
  for (const bool cold : {true, false}) {
    if (cold) forget_pages(folder);
    Spool spool(real_disk(), options);
    const auto begin = Clock::now();
    if (const SpoolProblem problem = spool.open(spool_time())) throw std::runtime_error(problem.text);
    const double opened = seconds_since(begin);
    if (spool.waiting() != events) throw std::runtime_error("events are missing");
    if (spool.next().batch == nullptr) throw std::runtime_error("nothing to deliver");
    fmt::print(
        "start {:<5} {:<4} {:.0f} MiB, {} segments, {:.0f} MiB without a footer: {:.1f} ms, first events {:.1f} ms\n",
        compress ? "zstd" : "plain", cold ? "cold" : "warm", static_cast<double>(spool.bytes()) / 1048576,
        spool.segments().size(), cold ? static_cast<double>(open_bytes) / 1048576 : 0.0, opened * 1e3,
        seconds_since(begin) * 1e3);
  }
  std::filesystem::remove_all(folder);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    fmt::print(stderr, "usage: bench-spool FOLDER [SECONDS [MIB]]\n");
    return 2;
  }
  try {
    const double seconds = count > 2 ? std::atof(arguments[2]) : 5;
    constexpr double kGoal = 200'000;
    for (const bool compress : {false, true})
      for (const double rate : {kGoal, 0.0}) run(arguments[1], compress, seconds, rate);
    const std::uint64_t size = std::strtoull(count > 3 ? arguments[3] : "1024", nullptr, 10) << 20;
    for (const bool compress : {false, true})
      for (const std::uint64_t open_bytes : {std::uint64_t{1} << 20, std::min(std::uint64_t{32} << 20, size / 2)})
        start(arguments[1], compress, size, open_bytes);
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench-spool: {}\n", error.what());
    return 1;
  }
  return 0;
}
