// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The sink unix: who reads from it gets everything, whoever else reads from it.

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <memory>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "config/loader.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "output/sinks/unix/backlog.hpp"
#include "output/sinks/unix/options.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/streams/stream_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::event_lines;
using tests::make_batch;
using tests::sink_of;
using tests::soon;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;
const std::string kMark = tests::event_text(1'000'000);

// Somebody who reads, as far as the test asks for it.
class Reader {
 public:
  // A socket that is not there yet is waited for.
  Reader(const std::string& path, int type) : fd_(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    REQUIRE(::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
    REQUIRE(
        soon([&] { return ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0; }));
  }
  // So many lines; fewer at the end, or after half a minute.
  std::vector<std::string> lines(std::size_t count) {
    std::vector<std::string> lines;
    while (lines.size() < count) {
      const std::size_t end = input_.find('\n');
      if (end != std::string::npos) {
        if (const std::string line = input_.substr(0, end); line != kMark) lines.push_back(line);
        input_.erase(0, end + 1);
      } else if (const std::string more = packet(); !more.empty()) {
        input_ += more;
      } else {
        break;
      }
    }
    return lines;
  }
  // Sends marks until this reader gets one: then it has been accepted, which connect() does not wait for. How many.
  int join(Sink& sink) {
    for (int marks = 1;; ++marks) {
      sink.push(make_batch(1'000'000, 1));
      pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
      if (::poll(&waiting, 1, 10) > 0) return marks;
      REQUIRE(marks < 3000);
    }
  }
  // Empty: it has ended.
  std::string packet() {
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
  }

 private:
  base::Descriptor fd_;
  std::string input_;
};

struct Fixture {
  Fixture() { options.path = directory.file("events.sock"); }
  std::unique_ptr<Sink> sink(const config::Queue& queue = {}) {
    config::Sink config = sink_of("unix", options);
    config.queue = queue;
    return make_sink(config, network, losses.handler());
  }

  tests::TempDir directory;
  UnixOptions options;
  Network network;
  tests::LossLog losses;
};

std::string refusal_of(const std::string& keys) {
  try {
    config::parse("sinks:\n  - {name: a, type: unix, " + keys + "}\n", "/f.yaml", kinds());
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a backlog keeps a batch until all have passed it and somebody has it") {
  Backlog backlog;
  backlog.add(make_batch(0, 2));
  backlog.add(make_batch(2, 2));
  const std::size_t size = backlog.bytes() / 2;
  Backlog::Place one = backlog.beginning();
  Backlog::Place two = backlog.beginning();
  backlog.advance(one, 5);
  CHECK(backlog.release(std::min(one, two)).bytes == 0);
  backlog.advance(one, size - 5);
  CHECK(backlog.beginning() == Backlog::Place{1, 0});  // for whoever comes now
  CHECK(backlog.is_in_oldest(two));
  CHECK(backlog.release(two).bytes == 0);
  backlog.give_up_event(two);
  backlog.give_up_event(two);
  CHECK(two == Backlog::Place{1, 0});
  const Backlog::Done done = backlog.release(std::min(one, two));
  CHECK(done.bytes == size);
  CHECK(done.events == 0);
  CHECK(done.lost.events == 2);
  CHECK(done.lost.first_id == "1.000:0");
  backlog.advance(one, 5);
  InHand rest;
  CHECK(backlog.give_up(rest).bytes == 0);
  CHECK(rest.events() == 2);
  CHECK(backlog.empty());
  CHECK(backlog.bytes() == 0);
}

TEST_CASE("each reader of a unix stream gets every event, once and in order") {
  Fixture f;
  const auto sink = f.sink();
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 3; ++i) readers.push_back(std::make_unique<Reader>(f.options.path, SOCK_STREAM));
  std::uint64_t marks = 0;
  for (const auto& reader : readers) marks += static_cast<std::uint64_t>(reader->join(*sink));
  for (int first = 1; first < 2001; first += 10) sink->push(make_batch(first, 10, 100));
  for (const auto& reader : readers) CHECK(reader->lines(2000) == event_lines(1, 2000, 100));
  REQUIRE(soon([&] { return sink->status().events_out == 2000 + marks; }));
  CHECK(sink->status().state == "ok");
  sink->stop(kLong);
  for (const auto& reader : readers) CHECK(reader->packet().empty());
  CHECK(sink->status().events_dropped == 0);
  CHECK_FALSE(std::filesystem::exists(f.options.path));
}

TEST_CASE("over seqpacket an event is a packet, and one that is none's size is lost by itself") {
  Fixture f;
  f.options.socket = UnixSocket::kSeqpacket;
  f.options.reader_buffer = 64 * config::kMiB;
  config::Queue queue;
  queue.size = 128 * config::kMiB;
  const auto sink = f.sink(queue);
  Reader reader(f.options.path, SOCK_SEQPACKET);
  sink->push(make_batch(0, 2));
  sink->push(make_batch(2, 1, std::size_t{32} << 20));
  sink->push(make_batch(3, 1));
  CHECK(reader.packet() == tests::event_text(0));
  CHECK(reader.packet() == tests::event_text(1));
  CHECK(reader.packet() == tests::event_text(3));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 3);
  CHECK(sink->status().events_dropped == 1);
  REQUIRE(f.losses.losses().size() == 1);
  CHECK(f.losses.losses().front().cause == "event too long for a packet");
  CHECK(f.losses.losses().front().first_id == "1.000:2");
}

TEST_CASE("a reader that stands still is cut off, and the others get everything") {
  Fixture f;
  f.options.reader_buffer = 256 * config::kKiB;
  const auto sink = f.sink();
  Reader good(f.options.path, SOCK_STREAM);
  Reader bad(f.options.path, SOCK_STREAM);
  const auto marks = static_cast<std::uint64_t>(good.join(*sink) + bad.join(*sink));
  constexpr int kEvents = 4000;  // 4 MB: more than the socket of a reader and its place in the buffer
  int number = 1;
  for (; number <= kEvents; number += 40) {
    sink->push(make_batch(number, 40, 1000));
    REQUIRE(good.lines(40) == event_lines(number, 40, 1000));
  }
  REQUIRE(soon([&] { return sink->status().state == "a slow reader was cut off"; }));
  CHECK_THAT(sink->status().last_error,
             Contains("pid " + std::to_string(::getpid()) + " (output_test)") && Contains("1 reader so far"));
  REQUIRE(soon([&] { return sink->status().events_out == kEvents + marks; }));
  CHECK(sink->status().events_dropped == 0);
  // It gets what its socket held, and then the end.
  const std::size_t got = bad.lines(kEvents).size();
  CHECK(got < kEvents);
  sink->stop(kLong);
}

TEST_CASE("without a reader events wait, and the next one begins where the last one ended") {
  Fixture f;
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  REQUIRE(soon([&] { return sink->status().state == "waiting for a reader"; }));
  {
    Reader first(f.options.path, SOCK_STREAM);
    CHECK(first.lines(10) == event_lines(0, 10));
    REQUIRE(soon([&] { return sink->status().events_out == 10; }));
  }
  REQUIRE(soon([&] { return sink->status().state == "waiting for a reader"; }));
  sink->push(make_batch(10, 10));
  Reader second(f.options.path, SOCK_STREAM);
  CHECK(second.lines(10) == event_lines(10, 10));
  sink->stop(kLong);
  CHECK(sink->status().events_out == 20);
}

TEST_CASE("without a reader events are dropped and counted if that is wanted, and a stop waits for nobody") {
  Fixture f;
  SECTION("drop") {
    f.options.without_reader = WithoutReader::kDrop;
    const auto sink = f.sink();
    sink->push(make_batch(0, 10));
    REQUIRE(f.losses.wait_for(1));
    CHECK(f.losses.losses().front().cause == "no reader");
    CHECK(sink->status().events_dropped == 10);
    sink->stop(kLong);
  }
  SECTION("keep") {
    const auto sink = f.sink();
    sink->push(make_batch(0, 10));
    sink->stop(1h);  // would last as long if it waited
    CHECK(sink->status().events_dropped == 10);
    CHECK(f.losses.losses().at(0).cause == "stopped before delivery");
  }
}

TEST_CASE("the socket has its permissions, and takes the place of a dead one only") {
  Fixture f;
  f.options.mode = 0660;
  const std::string path = f.options.path;
  const auto mode_of = [&] {
    struct stat found{};
    REQUIRE(::lstat(path.c_str(), &found) == 0);
    REQUIRE(S_ISSOCK(found.st_mode));
    return found.st_mode & 07777U;
  };
  {
    const base::Descriptor dead(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    REQUIRE(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  const auto sink = f.sink();
  {
    const Reader reader(path, SOCK_STREAM);
  }
  CHECK(mode_of() == 0660);
  // A second one does not push the first aside.
  const auto second = f.sink();
  REQUIRE(soon([&] { return second->status().retries > 0; }));
  CHECK_THAT(second->status().last_error, Contains("is another program's socket, which listens"));
  sink->stop(0ms);
  REQUIRE(soon([&] { return std::filesystem::exists(path); }));  // now it is its turn
  second->stop(0ms);
  tests::write_file(path, "kept", std::filesystem::perms{0600});
  const auto third = f.sink();
  REQUIRE(soon([&] { return third->status().retries > 0; }));
  CHECK_THAT(third->status().last_error, Contains("is there and is no socket"));
  third->stop(0ms);
  CHECK(tests::read_file(path) == "kept");
}

TEST_CASE("no more readers than allowed, and no folder that others can change") {
  Fixture f;
  f.options.readers = 1;
  const auto sink = f.sink();
  Reader first(f.options.path, SOCK_STREAM);
  sink->push(make_batch(0, 1));
  REQUIRE(first.lines(1).size() == 1);
  Reader second(f.options.path, SOCK_STREAM);
  CHECK(second.packet().empty());
  REQUIRE(
      soon([&] { return sink->status().last_error.find("was refused: there are 1 readers") != std::string::npos; }));
  sink->stop(0ms);
  const std::string open = f.directory.file("open");
  std::filesystem::create_directory(open);
  REQUIRE(::chmod(open.c_str(), 0777) == 0);
  f.options.path = open + "/s";
  const auto unsafe = f.sink();
  REQUIRE(soon([&] { return unsafe->status().retries > 0; }));
  CHECK_THAT(unsafe->status().last_error, Contains("can be written by everybody"));
  unsafe->stop(0ms);
}

TEST_CASE("what does not go together in a unix sink is refused, and what is hardly meant so is told") {
  CHECK(refusal_of("path: /run/s, mode: '0660', group: adm").empty());
  CHECK_THAT(refusal_of("path: /run/s, group: adm"), Contains("lets no group in"));
  CHECK_THAT(refusal_of("path: /run/s, mode: '0640'"), Contains("who connects needs to write"));
  CHECK_THAT(refusal_of("path: /run/"), Contains("expected the socket to make"));
  CHECK_THAT(refusal_of("path: /" + std::string(107, 'x')), Contains("at most 107 bytes"));
  CHECK_THAT(refusal_of("path: /run/s, reader_buffer: 64MiB"), Contains("is taken from the queue"));
  CHECK_THAT(refusal_of("path: /run/s, socket: dgram"), Contains("expected one of stream, seqpacket"));
  UnixOptions options;
  options.path = "/nonexistent/s";
  options.mode = 0666;
  options.group = "no-such-group";
  const config::Sink sink = sink_of("unix", options);
  CHECK_THAT(sink_warnings(sink, true).at(0), Contains("every user of this machine may read"));
  CHECK_THAT(sink_warnings(sink, true).at(1), Contains("there is no folder '/nonexistent'"));
  Network network;
  CHECK_THROWS_WITH(make_sink(sink, network, {}), "sink 'unix': group: there is no group 'no-such-group'");
}

}  // namespace naudit::output
