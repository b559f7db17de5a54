// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
//
// What sinks deliver: the lines of a file, so often, are given as events to every sink of a configuration, and the time
// is taken until each of them has delivered all. No kernel and no encoder are in the way. Prints one JSON object.
// Usage: bench-deliver CONFIG LINES TIMES; a sink whose queue's policy is not `block` may drop, which is told.

#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "config/loader.hpp"
#include "daemon/pipeline/sink_set.hpp"
#include "output/batch.hpp"
#include "output/sinks/kinds.hpp"

namespace naudit::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatchBytes = std::size_t{256} << 10;  // as the router's
constexpr std::chrono::seconds kMostWait{300};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

// The file's lines as events, once.
class Lines {
 public:
  explicit Lines(const std::string& path) : file_(path, std::ios::binary), piece_(kBatchBytes, '\0') {
    if (!file_) throw std::runtime_error("cannot open " + path);
  }
  // Null at the end.
  output::BatchPtr next() {
    while (file_) {
      file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
      rest_.append(piece_.data(), static_cast<std::size_t>(file_.gcount()));
      const std::size_t end = rest_.rfind('\n');
      if (end == std::string::npos) continue;
      auto batch = std::make_shared<output::Batch>();
      batch->bytes.assign(rest_, 0, end + 1);
      rest_.erase(0, end + 1);
      for (std::size_t at = 0; (at = batch->bytes.find('\n', at)) != std::string::npos;)
        batch->ends.push_back(static_cast<std::uint32_t>(++at));
      batch->made = Clock::now();
      return batch;
    }
    return nullptr;
  }

 private:
  std::ifstream file_;
  std::string piece_, rest_;
};

struct Done {
  double at = 0;  // seconds from the start; 0: not yet
};

int run(const std::string& config, const std::string& lines, int times) {
  const config::Loaded loaded = config::load(config, output::kinds(), /*check_permissions=*/false);
  output::SinkHost host;
  host.spool_folder = loaded.config.daemon.state_directory + "/spool";
  daemon::SinkSet sinks(host);
  static_cast<void>(sinks.commit(sinks.prepare(loaded.config.sinks)));

  const auto start = Clock::now();
  const double cpu = cpu_seconds();
  std::uint64_t events = 0, bytes = 0;
  for (int round = 0; round < times; ++round) {
    Lines source(lines);
    while (const output::BatchPtr batch = source.next()) {
      events += batch->events();
      bytes += batch->bytes.size();
      for (const auto& entry : sinks.entries()) entry.sink->push(batch);
    }
  }
  const double taken = seconds_since(start);
  std::vector<Done> done(sinks.entries().size());
  for (std::size_t left = done.size(); left > 0;) {
    if (Clock::now() - start > kMostWait) break;
    const auto all = sinks.status();
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (done[i].at > 0 || all[i].events_out + all[i].events_dropped < events) continue;
      done[i].at = seconds_since(start);
      --left;
    }
    if (left > 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  const double used = cpu_seconds() - cpu;
  std::string text;
  const auto all = sinks.status();
  for (std::size_t i = 0; i < all.size(); ++i)
    text += fmt::format(
        R"({}{{"name":"{}","type":"{}","seconds":{:.3f},"events_out":{},"events_dropped":{},"retries":{},"syncs":{}}})",
        i == 0 ? "" : ",", all[i].name, all[i].type, done[i].at, all[i].events_out, all[i].events_dropped,
        all[i].retries, all[i].spool_syncs);
  fmt::print(R"({{"events":{},"bytes":{},"taken":{:.3f},"cpu":{:.3f},"sinks":[{}]}})"
             "\n",
             events, bytes, taken, used, text);
  std::fflush(stdout);
  sinks.stop(daemon::kStopSinks);
  return 0;
}

}  // namespace
}  // namespace naudit::bench

int main(int count, char** arguments) {
  if (count != 4) {
    fmt::print(stderr, "usage: bench-deliver CONFIG LINES TIMES\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return naudit::bench::run(arguments[1], arguments[2], std::atoi(arguments[3]));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench-deliver: {}\n", error.what());
    return 1;
  }
}
