// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <thread>

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
using tests::read_file;
using tests::read_stream;
using tests::split_lines;
using tests::Stream;
using namespace std::chrono_literals;

constexpr Retry kSoon{5ms, 20ms};
constexpr auto kLong = 30'000ms;
const std::size_t kBatchBytes = make_batch(1000, 10)->bytes.size();

std::vector<std::string> bytes_of(const std::vector<BatchPtr>& batches) {
  std::vector<std::string> lines;
  for (const BatchPtr& batch : batches)
    for (std::string& line : split_lines(batch->bytes)) lines.push_back(std::move(line));
  return lines;
}

BatchPtr notice(const Loss& loss, std::uint64_t total) {
  auto batch = std::make_shared<Batch>();
  batch->bytes = "record: cause=" + loss.cause + " events=" + std::to_string(loss.events) + " first=" + loss.first_id +
                 " last=" + loss.last_id + " total=" + std::to_string(total) + "\n";
  batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  return batch;
}

void push_all(Sink& sink, int first, int end) {
  for (; first < end; first += 10) sink.push(make_batch(first, 10));
}

// Each event that was for the sink is in its stream or told there, at its place, and counted once.
void check_complete(const Stream& stream, const SinkStatus& status, std::uint64_t made) {
  CHECK(stream.misplaced.empty());
  CHECK(stream.next == made);
  CHECK(status.events_in == made);
  CHECK(status.events_out == stream.events);
  CHECK(status.events_in == status.events_out + status.events_dropped);
  CHECK(stream.told == status.events_dropped);
  CHECK(stream.total == status.events_dropped);
  CHECK(status.events_untold == 0);
}

struct FileFixture {
  FileFixture() {
    config.name = "log";
    config.format = "raw";
    config.path = directory.file("audit.log");
    config.sync.kind = SyncKind::kNone;
    config.rotate.size = 0;
  }
  std::unique_ptr<FileSink> sink() { return std::make_unique<FileSink>(config, host.host(), 1, system, kSoon); }
  [[nodiscard]] Stream stream() const { return read_stream(split_lines(read_file(config.path))); }

  tests::TempDir directory;
  tests::FaultyFileSystem system;
  tests::Host host;
  tests::FileConfig config;
};

}  // namespace

TEST_CASE("a notice stands where the events are missing, before the first one behind them") {
  for (const WhenFull policy : {WhenFull::kDropOldest, WhenFull::kDropNewest}) {
    Queue queue({3 * kBatchBytes, policy});
    queue.on_notice(notice);
    std::vector<BatchPtr> taken;
    for (int first = 0; first < 100; first += 10) queue.push(make_batch(first, 10));
    while (queue.take(1, taken)) queue.release(kBatchBytes * 10);
    queue.push(make_batch(100, 10));
    while (queue.take(1, taken)) queue.release(kBatchBytes * 10);
    const Stream stream = read_stream(bytes_of(taken));
    CHECK(stream.misplaced.empty());
    CHECK(stream.next == 110);
    CHECK(stream.told == queue.status().events_dropped);
    CHECK(stream.causes == std::vector<std::string>{"queue"});
  }
}

TEST_CASE("a loss behind the last event is told without waiting for another one") {
  Queue queue({2 * kBatchBytes, WhenFull::kDropNewest});
  queue.on_notice(notice);
  for (int first = 0; first < 50; first += 10) queue.push(make_batch(first, 10));
  std::vector<BatchPtr> taken;
  while (queue.take(1, taken)) {
  }
  CHECK(read_stream(bytes_of(taken)).next == 50);
  CHECK(queue.status().events_untold == 30);
  queue.told(*taken.back()->tells);
  CHECK(queue.status().events_untold == 0);
}

TEST_CASE("a notice that was not delivered is made again with what was lost since") {
  Queue queue({kBatchBytes, WhenFull::kDropOldest});
  queue.on_notice(notice);
  for (int first = 0; first < 30; first += 10) queue.push(make_batch(first, 10));
  std::vector<BatchPtr> taken;
  REQUIRE(queue.take(1, taken));
  REQUIRE(taken.size() == 2);
  queue.lost({.cause = "refused", .events = 10, .first_id = "1.000:20", .last_id = "1.000:29"});
  queue.untold(*taken.front()->tells);
  queue.release(1 << 20);
  // Not at once: a server that refuses everything is not asked all the time.
  CHECK(queue.notice_due() > std::chrono::steady_clock::now());
  CHECK(queue.notice_due() <= std::chrono::steady_clock::now() + Queue::kTellAgain);
  taken.clear();
  CHECK_FALSE(queue.take(1, taken));
  const std::vector<Loss> losses = queue.untold_losses().list();
  REQUIRE(losses.size() == 2);
  CHECK(losses[0] == Loss{"queue full", 20, "1.000:0", "1.000:19"});
  CHECK(losses[1] == Loss{"refused", 10, "1.000:20", "1.000:29"});
  std::this_thread::sleep_until(queue.notice_due());
  REQUIRE(queue.take(1, taken));
  const Stream stream = read_stream(bytes_of(taken));
  CHECK(stream.told == 30);
  CHECK(stream.total == 30);
}

TEST_CASE("a file tells what it lost while the disk was full, at its place, whatever the policy") {
  for (const WhenFull policy : {WhenFull::kDropOldest, WhenFull::kDropNewest}) {
    FileFixture f;
    f.config.queue = {3 * kBatchBytes, policy};
    const auto sink = f.sink();
    push_all(*sink, 0, 20);
    REQUIRE(f.system.wait_for_bytes(1));
    f.system.limit_writes(0, ENOSPC);
    push_all(*sink, 20, 500);
    REQUIRE(f.system.wait_for_failed_writes(3));
    push_all(*sink, 500, 600);
    f.system.heal();
    push_all(*sink, 600, 610);
    sink->stop(kLong);
    const Stream stream = f.stream();
    check_complete(stream, sink->status(), 610);
    CHECK(stream.told > 0);
    CHECK(stream.causes.back().starts_with("queue-full"));
  }
}

TEST_CASE("the cause of a loss is what is behind the full queue") {
  FileFixture f;
  f.config.queue = {kBatchBytes, WhenFull::kDropNewest};
  f.system.limit_writes(0, ENOSPC);
  const auto sink = f.sink();
  push_all(*sink, 0, 10);
  REQUIRE(f.system.wait_for_failed_writes(2));
  push_all(*sink, 10, 50);
  f.system.heal();
  sink->stop(kLong);
  const Stream stream = f.stream();
  check_complete(stream, sink->status(), 50);
  CHECK(stream.causes == std::vector<std::string>{"queue-full-while-disk-full"});
  REQUIRE_FALSE(f.host.losses.losses().empty());
  CHECK(f.host.losses.losses().front().cause == "queue full while disk full");
}

TEST_CASE("what a file could not tell before its end, the next one tells first") {
  FileFixture f;
  f.config.queue = {2 * kBatchBytes, WhenFull::kDropOldest};
  Losses untold;
  {
    const auto sink = f.sink();
    push_all(*sink, 0, 10);
    REQUIRE(f.system.wait_for_bytes(kBatchBytes / 2));
    f.system.limit_writes(0, ENOSPC);
    push_all(*sink, 10, 100);
    REQUIRE(f.system.wait_for_failed_writes(2));
    sink->stop(1ms);
    untold = sink->untold();
    CHECK(sink->status().events_untold == sink->status().events_dropped);
    CHECK(untold.events() == sink->status().events_dropped);
    // What the queue had no room for, or what was in it: that depends on the threads.
    CHECK(untold.list().back().cause.ends_with(" while disk full"));
  }
  f.system.heal();
  // Room for all: what this file itself would lose is another test.
  f.config.queue = {1 << 20, WhenFull::kDropOldest};
  const auto sink = f.sink();
  sink->carry(untold);
  push_all(*sink, 100, 120);
  sink->stop(kLong);
  const Stream stream = f.stream();
  CHECK(stream.events + stream.told == 120);
  CHECK(stream.next == 120);
  CHECK(stream.told == untold.events());
  CHECK(sink->untold().empty());
}

TEST_CASE("a stop that comes too early is the last thing in a file that can be written") {
  FileFixture f;
  f.config.queue = {1 << 20, WhenFull::kDropOldest};
  const auto sink = f.sink();
  push_all(*sink, 0, 1000);
  sink->stop(0ms);
  const Stream stream = f.stream();
  if (sink->status().events_dropped > 0 && stream.events > 0) check_complete(stream, sink->status(), 1000);
  CHECK(stream.told + sink->untold().events() == sink->status().events_dropped);
}

TEST_CASE("a TCP stream tells what was lost while the peer took nothing") {
  for (const WhenFull policy : {WhenFull::kDropOldest, WhenFull::kDropNewest}) {
    tests::Host host;
    tests::LineServer::Options options;
    options.reads = false;
    tests::LineServer server(options);
    Network network;
    tests::TcpConfig config;
    config.name = "lines";
    config.format = "raw";
    config.address = {server.address()};
    config.queue = {256 * config::kKiB, policy};
    const auto sink = make_tcp_sink(config, network, host.host(), 1);
    for (int first = 0; first < 40'000; first += 100) sink->push(make_batch(first, 100, 500));
    REQUIRE(sink->status().events_dropped > 0);
    server.resume();
    const auto all_told = [&] {
      const SinkStatus status = sink->status();
      return status.queue_bytes == 0 && status.events_untold == 0;
    };
    const auto deadline = std::chrono::steady_clock::now() + kLong;
    while (!all_told() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    sink->stop(kLong);
    server.stop();
    const Stream stream = read_stream(server.lines());
    check_complete(stream, sink->status(), 40'000);
  }
}

TEST_CASE("over HTTP a loss is told in the stream: of an outage, and of what the server refused") {
  tests::Host host;
  // A refusal of events, of the notice of it with more events, and an outage.
  std::deque<tests::HttpServer::Answer> script;
  for (const int status : {400, 400, 200, 503, 503, 503})
    script.push_back({status, "", "", tests::HttpServer::Step::kReply});
  tests::HttpServer server(std::move(script));
  Network network;
  tests::HttpsConfig config;
  config.name = "siem";
  config.format = "raw";
  config.url = "http://" + server.server().address() + "/in";
  config.retry = {5ms, 50ms};
  config.batch.time = 1ms;
  config.batch.events = 11;
  config.queue = {2 * kBatchBytes, WhenFull::kDropNewest};
  const auto sink = make_https_sink(config, network, host.host(), 1);
  int made = 0;
  for (std::size_t requests = 1; requests <= 8; ++requests) {
    for (int i = 0; i < 5; ++i, made += 10) push_all(*sink, made, made + 10);
    REQUIRE(server.wait_for_requests(requests));
  }
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (sink->status().events_untold > 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  sink->stop(kLong);
  // What the script answered with 400 or 503 was not taken.
  const auto requests = server.requests();
  std::vector<std::string> lines;
  for (std::size_t i = 2; i < requests.size(); ++i) {
    if (i >= 3 && i < 6) continue;
    for (std::string& line : split_lines(requests[i].body)) lines.push_back(std::move(line));
  }
  const Stream stream = read_stream(lines);
  const SinkStatus status = sink->status();
  CHECK(status.events_in == static_cast<std::uint64_t>(made));
  CHECK(status.events_in == status.events_out + status.events_dropped);
  CHECK(stream.events == status.events_out);
  CHECK(stream.told == status.events_dropped);
  CHECK(stream.total == status.events_dropped);
  CHECK(std::ranges::find(stream.causes, "refused-by-server-400") != stream.causes.end());
}

TEST_CASE("standard output tells what was lost while its reader slept") {
  for (const WhenFull policy : {WhenFull::kDropOldest, WhenFull::kDropNewest}) {
    std::array<int, 2> ends{-1, -1};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    tests::Host host;
    config::Sink config;
    config.name = "out";
    config.type = "stdout";
    config.format = "raw";
    config.queue = {256 * config::kKiB, policy};
    StdoutSink sink(config, host.host(), 1, ends[1]);
    for (int first = 0; first < 4000; first += 100) sink.push(make_batch(first, 100, 500));
    REQUIRE(sink.status().events_dropped > 0);
    std::string text;
    std::thread reader([&] {
      std::string piece(65536, '\0');
      for (ssize_t got = 0; (got = ::read(ends[0], piece.data(), piece.size())) > 0;)
        text.append(piece, 0, static_cast<std::size_t>(got));
    });
    sink.stop(kLong);
    ::close(ends[1]);
    reader.join();
    ::close(ends[0]);
    check_complete(read_stream(split_lines(text)), sink.status(), 4000);
  }
}

}  // namespace naudit::output
