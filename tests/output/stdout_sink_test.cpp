// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fcntl.h>

#include <array>
#include <csignal>

#include "output/sinks/stdout/sink.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using tests::make_batch;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;

config::Sink sink_config() {
  return {.name = "out",
          .type = "stdout",
          .format = "json",
          .options = {},
          .format_options = {},
          .filter = {},
          .queue = {64 * config::kMiB, config::WhenFull::kDropOldest}};
}

// In the place of standard output.
struct Pipe {
  Pipe() { REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
  ~Pipe() {
    close_reader();
    ::close(ends[1]);
  }
  // So many bytes, or fewer when the writer is gone.
  std::string read(std::size_t size) {
    std::string text(size, '\0');
    std::size_t got = 0;
    while (got < size) {
      const ssize_t some = ::read(ends[0], text.data() + got, size - got);
      if (some <= 0) break;
      got += static_cast<std::size_t>(some);
    }
    text.resize(got);
    return text;
  }
  void close_reader() {
    if (ends[0] >= 0) ::close(std::exchange(ends[0], -1));
  }
  std::array<int, 2> ends{-1, -1};
};

}  // namespace

TEST_CASE("standard output gets every event once and in order, however much a pipe holds") {
  Pipe pipe;
  StdoutSink sink(sink_config(), {}, 1, pipe.ends[1]);
  std::string wanted;
  for (int first = 0; first < 2000; first += 100) {
    const BatchPtr batch = make_batch(first, 100, 500);
    wanted += batch->bytes;
    sink.push(batch);
  }
  CHECK(pipe.read(wanted.size()) == wanted);
  sink.stop(kLong);
  CHECK(sink.status().events_out == 2000);
  CHECK(sink.status().bytes_out == wanted.size());
  CHECK(sink.status().events_dropped == 0);
  CHECK(sink.status().state == "stopped");
}

TEST_CASE("a reader of standard output that has stopped holds up neither the stop nor the count") {
  Pipe pipe;
  tests::LossLog losses;
  StdoutSink sink(sink_config(), losses.handler(), 1, pipe.ends[1]);
  const BatchPtr batch = make_batch(0, 1000, 500);
  sink.push(batch);
  const std::string first = pipe.read(1);  // it has begun
  sink.stop(1ms);
  const SinkStatus status = sink.status();
  CHECK(status.events_in == 1000);
  CHECK(status.events_dropped > 0);
  CHECK(status.events_out + status.events_dropped == 1000);
  REQUIRE(losses.losses().size() == 1);
  CHECK(losses.losses().front().cause == "stopped before delivery");
}

TEST_CASE("a standard output that nobody reads any more is tried again, and told") {
  Pipe pipe;
  std::signal(SIGPIPE, SIG_IGN);
  StdoutSink sink(sink_config(), {}, 1, pipe.ends[1]);
  pipe.close_reader();
  sink.push(make_batch(0, 10));
  SinkStatus status = sink.status();
  while (status.retries == 0) {
    std::this_thread::yield();
    status = sink.status();
  }
  CHECK(status.last_error == "cannot write to standard output: Broken pipe");
  sink.stop(0ms);
  CHECK(sink.status().events_dropped == 10);
}

}  // namespace naudit::output
