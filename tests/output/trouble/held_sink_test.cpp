// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "output/sinks/file/sink.hpp"
#include "output/sinks/http/sink.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/stdout/sink.hpp"
#include "output/sinks/tcp/sink.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/output/trouble/told_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/line_server.hpp"

namespace naudit::output {
namespace {

using config::WhenFull;
using tests::make_batch;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int kEvents = 60'000;
// Nothing here may take as long as a hanging disk or server would: a stop's own grace is two seconds.
constexpr auto kSoonEnough = 15s;

// A place that takes nothing, and a sink that is to deliver there.
struct Held {
  virtual ~Held() = default;
  virtual std::unique_ptr<Sink> sink(config::Queue queue) = 0;
  // What hangs goes on, for the end of the test.
  virtual void let_go() {}
  tests::Host host;
};

struct HeldFile : Held {
  std::unique_ptr<Sink> sink(config::Queue queue) override {
    tests::FileConfig config;
    config.name = "log";
    config.format = "raw";
    config.path = directory.file("audit.log");
    config.queue = queue;
    return std::make_unique<FileSink>(config, host.host(), 1, system, Retry{5ms, 20ms});
  }
  void let_go() override { system.let_go(); }
  tests::TempDir directory;
  // A thread that was left behind may still be in it when the test ends: it is never freed.
  tests::FaultyFileSystem& system = *kept().emplace_back(std::make_unique<tests::FaultyFileSystem>());

 private:
  static std::vector<std::unique_ptr<tests::FaultyFileSystem>>& kept() {
    static auto* const all = new std::vector<std::unique_ptr<tests::FaultyFileSystem>>;
    return *all;
  }
};
struct FullFile final : HeldFile {
  FullFile() { system.limit_writes(100, ENOSPC); }
};
struct MissingFile final : HeldFile {
  MissingFile() { system.fail_opens(ENOENT); }
};
struct HangingFile final : HeldFile {
  HangingFile() { system.hold_writes(); }
};

struct HeldTcp : Held {
  explicit HeldTcp(bool dead) : server({.tls = {}, .port = 0, .reads = false}) {
    address = server.address();
    if (dead) server.stop();
  }
  std::unique_ptr<Sink> sink(config::Queue queue) override {
    tests::TcpConfig config;
    config.name = "lines";
    config.format = "raw";
    config.address = {address};
    config.queue = queue;
    config.retry = {5ms, 20ms};
    return make_tcp_sink(config, network, host.host(), 1);
  }
  Network network;
  tests::LineServer server;
  std::string address;
};
struct DeadTcp final : HeldTcp {
  DeadTcp() : HeldTcp(true) {}
};
struct HangingTcp final : HeldTcp {
  HangingTcp() : HeldTcp(false) {}
};

struct HeldHttps : Held {
  explicit HeldHttps(bool dead) : server({{200, "", "", tests::HttpServer::Step::kStall}}) {
    address = server.server().address();
    if (dead) server.stop();
  }
  std::unique_ptr<Sink> sink(config::Queue queue) override {
    tests::HttpsConfig config;
    config.name = "siem";
    config.format = "raw";
    config.url = "http://" + address + "/in";
    config.queue = queue;
    config.retry = {5ms, 20ms};
    return make_https_sink(config, network, host.host(), 1);
  }
  Network network;
  tests::HttpServer server;
  std::string address;
};
struct DeadHttps final : HeldHttps {
  DeadHttps() : HeldHttps(true) {}
};
struct HangingHttps final : HeldHttps {
  HangingHttps() : HeldHttps(false) {}
};

struct HangingStdout final : Held {
  HangingStdout() { REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0); }
  ~HangingStdout() override {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  std::unique_ptr<Sink> sink(config::Queue queue) override {
    config::Sink config;
    config.name = "out";
    config.type = "stdout";
    config.format = "raw";
    config.queue = queue;
    return std::make_unique<StdoutSink>(config, host.host(), 1, ends[1]);
  }
  std::array<int, 2> ends{-1, -1};
};

// As the encode thread: it gives events to the sink and says when it is through.
struct Producer {
  explicit Producer(Sink& sink)
      : thread([this, &sink] {
          for (int first = 0; first < kEvents; first += 100) sink.push(make_batch(first, 100, 200));
          through.set_value();
        }) {}
  ~Producer() { thread.join(); }
  bool is_through_by(Clock::time_point deadline) { return end.wait_until(deadline) == std::future_status::ready; }

  std::promise<void> through;
  std::future<void> end = through.get_future();
  std::thread thread;
};

bool wait_until(const std::function<bool()>& condition) {
  const auto deadline = Clock::now() + 30s;
  while (!condition()) {
    if (Clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

template <typename Where>
void check_all(WhenFull policy) {
  // Nothing of it may wait: rotate, status, untold, and a reload that keeps the sink.
  Where where;
  auto sink = where.sink({128 * config::kKiB, policy});
  {
    Producer producer(*sink);
    if (policy == WhenFull::kBlock) {
      CHECK(wait_until([&] { return sink->status().queue_bytes > 100 * config::kKiB; }));
      CHECK_FALSE(producer.is_through_by(Clock::now() + 20ms));
    } else {
      CHECK(producer.is_through_by(Clock::now() + kSoonEnough));
    }
    const auto begin = Clock::now();
    sink->rotate();
    (void)sink->untold();
    CHECK(sink->status().queue_bytes > 0);
    CHECK(Clock::now() - begin < kSoonEnough);
    if (policy == WhenFull::kBlock) {
      sink->let_pass(true);
      CHECK(producer.is_through_by(Clock::now() + kSoonEnough));
      CHECK(sink->status().events_dropped == 0);
      sink->let_pass(false);
    }
  }
  const auto begin = Clock::now();
  sink->stop(10ms);
  CHECK(Clock::now() - begin < kSoonEnough);
  const SinkStatus status = sink->status();
  CHECK(status.events_in == kEvents);
  sink.reset();
  where.let_go();
  CHECK(where.host.wait_until_unused());
}

template <typename Where>
void check_stop_while_held() {
  // A stop, and a reload that takes the sink away, free the encode thread.
  for (const bool by_stop : {true, false}) {
    Where where;
    auto sink = where.sink({128 * config::kKiB, WhenFull::kBlock});
    {
      Producer producer(*sink);
      CHECK(wait_until([&] { return sink->status().queue_bytes > 100 * config::kKiB; }));
      if (by_stop)
        sink->end_by(Clock::now());
      else
        sink->end_blocking();
      CHECK(producer.is_through_by(Clock::now() + kSoonEnough));
      sink->stop(0ms);
    }
    sink.reset();
    where.let_go();
    CHECK(where.host.wait_until_unused());
  }
}

}  // namespace

TEMPLATE_TEST_CASE("a sink that takes nothing holds up nobody who asks it for something, whatever its policy", "",
                   FullFile, MissingFile, HangingFile, DeadTcp, HangingTcp, DeadHttps, HangingHttps, HangingStdout) {
  for (const WhenFull policy : {WhenFull::kDropOldest, WhenFull::kDropNewest, WhenFull::kBlock})
    check_all<TestType>(policy);
}

TEMPLATE_TEST_CASE("a sink that makes everybody wait lets go when it is stopped, or may not any more", "", FullFile,
                   MissingFile, HangingFile, DeadTcp, HangingTcp, DeadHttps, HangingHttps, HangingStdout) {
  check_stop_while_held<TestType>();
}

TEST_CASE("a disk that hangs in a sync of a rotated file does not hold up the stop, nor the end of the sink") {
  HeldFile where;
  where.system.hold_syncs();
  const auto begin = Clock::now();
  {
    tests::FileConfig config;
    config.name = "log";
    config.path = where.directory.file("audit.log");
    config.sync = {SyncKind::kInterval, 1ms};
    FileSink sink(config, where.host.host(), 1, where.system, Retry{5ms, 20ms});
    sink.push(make_batch(0, 10));
    REQUIRE(where.system.wait_for_syncs(1));
    sink.rotate();
    sink.stop(0ms);
    CHECK(sink.status().state == "left behind: the file system does not answer");
  }
  CHECK(Clock::now() - begin < kSoonEnough);
  where.let_go();
  CHECK(where.host.wait_until_unused());
}

TEST_CASE("a disk that keeps a write shows in the state, until the write comes back") {
  HangingFile where;
  const auto sink = where.sink({});
  sink->push(make_batch(0, 10));
  REQUIRE(where.system.wait_for_hanging_writes(1));
  const auto becomes = [&](std::string_view state) {
    const auto end = Clock::now() + kSoonEnough;
    while (!sink->status().state.starts_with(state) && Clock::now() < end) std::this_thread::yield();
    return sink->status().state.starts_with(state);
  };
  CHECK(becomes("stalled for "));
  where.let_go();
  CHECK(becomes("ok"));
  sink->stop(10s);
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("many sinks that hang are stopped in the time of one") {
  HeldFile where;
  where.system.hold_writes();
  std::vector<std::unique_ptr<Sink>> sinks;
  for (int i = 0; i < 8; ++i) {
    tests::FileConfig config;
    config.name = "log" + std::to_string(i);
    config.path = where.directory.file(config.name);
    sinks.push_back(std::make_unique<FileSink>(config, where.host.host(), 1, where.system, Retry{5ms, 20ms}));
    sinks.back()->push(make_batch(0, 10));
  }
  REQUIRE(where.system.wait_for_hanging_writes(8));
  const auto begin = Clock::now();
  for (const auto& sink : sinks) sink->end_by(begin);
  for (const auto& sink : sinks) sink->stop(0ms);
  CHECK(Clock::now() - begin < 10s);
  for (const auto& sink : sinks) CHECK(sink->status().state.starts_with("left behind"));
  sinks.clear();
  where.let_go();
  CHECK(where.host.wait_until_unused());
}

}  // namespace naudit::output
