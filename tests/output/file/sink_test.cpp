// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/sink.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <mutex>
#include <thread>

#include "tests/output/sink_support.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_disk.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;
using tests::event_lines;
using tests::make_batch;
using tests::read_file;
using tests::split_lines;
using namespace std::chrono_literals;

constexpr Retry kSoon{5ms, 20ms};
constexpr auto kLong = 30'000ms;

struct Fixture {
  Fixture() {
    config.name = "log";
    config.path = directory.file("events.json");
    config.sync.kind = SyncKind::kNone;
  }
  std::unique_ptr<FileSink> sink() { return std::make_unique<FileSink>(config, losses.handler(), 1, system, kSoon); }
  std::vector<std::string> lines(const std::string& suffix = "") {
    return split_lines(read_file(config.path + suffix));
  }
  // The oldest first.
  std::vector<std::string> all_lines() {
    std::vector<std::string> all;
    for (std::uint32_t number = config.rotate.most(); number > 0; --number)
      for (std::string& line : lines('.' + std::to_string(number))) all.push_back(std::move(line));
    for (std::string& line : lines()) all.push_back(std::move(line));
    return all;
  }

  tests::TempDir directory;
  tests::FaultyFileSystem system;
  tests::LossLog losses;
  tests::FileConfig config;
};

}  // namespace

TEST_CASE("every event is in the file once and in order, and the counts say so") {
  Fixture f;
  const auto sink = f.sink();
  std::size_t bytes = 0;
  for (int first = 0; first < 1000; first += 10) {
    const BatchPtr batch = make_batch(first, 10);
    bytes += batch->bytes.size();
    sink->push(batch);
  }
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 1000));
  const SinkStatus status = sink->status();
  CHECK(status.name == "log");
  CHECK(status.type == "file");
  CHECK(status.state == "stopped");
  CHECK(status.events_in == 1000);
  CHECK(status.events_out == 1000);
  CHECK(status.bytes_out == bytes);
  CHECK(status.events_dropped == 0);
  CHECK(status.retries == 0);
  CHECK(status.queue_bytes == 0);
  CHECK(f.losses.losses().empty());
}

TEST_CASE("who brings a batch can write it, and wakes the sink's own thread where it cannot") {
  Fixture f;
  const auto sink = f.sink();
  // Until the file is open all is the own thread's.
  sink->push(make_batch(0, 10));
  while (sink->status().events_out < 10) std::this_thread::yield();
  for (int first = 10; first < 1000; first += 10)
    if (sink->push_unannounced(make_batch(first, 10))) sink->work_here();
  f.system.limit_writes(100, ENOSPC);
  if (sink->push_unannounced(make_batch(1000, 10))) sink->work_here();
  while (sink->status().state.find("disk full") == std::string::npos) std::this_thread::yield();
  f.system.heal();
  if (sink->push_unannounced(make_batch(1010, 10))) sink->work_here();
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 1020));
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("a batch that nobody announced is written by whoever brought it, on its own thread") {
  Fixture f;
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  while (sink->status().events_out < 1) std::this_thread::yield();
  // The own thread goes to sleep soon, and then sleeps.
  int first = 1;
  while (!sink->push_unannounced(make_batch(first, 1))) ++first;
  f.system.hold_writes();
  std::thread bringer([&] { sink->work_here(); });
  REQUIRE(f.system.wait_for_hanging_writes(1));
  // Others go on meanwhile.
  CHECK_FALSE(sink->status().name.empty());
  if (sink->push_unannounced(make_batch(first + 1, 1))) sink->work_here();
  f.system.let_go();
  bringer.join();
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, first + 2));
}

TEST_CASE("with sync batch the disk is the own thread's matter") {
  Fixture f;
  f.config.sync.kind = SyncKind::kBatch;
  const auto sink = f.sink();
  for (int first = 0; first < 100; first += 10) CHECK_FALSE(sink->push_unannounced(make_batch(first, 10)));
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 100));
}

TEST_CASE("a rotated file ends with a whole event and is not larger than asked for") {
  Fixture f;
  f.config.rotate = {1000, 200};
  const auto sink = f.sink();
  for (int first = 0; first < 500; first += 25) sink->push(make_batch(first, 25, 40));
  sink->stop(kLong);
  CHECK(f.all_lines() == event_lines(0, 500, 40));
  CHECK(fs::exists(f.config.path + ".20"));
  for (std::uint32_t number = 1; fs::exists(f.config.path + '.' + std::to_string(number)); ++number) {
    const std::string text = read_file(f.config.path + '.' + std::to_string(number));
    CHECK(text.size() <= 1000);
    CHECK(text.size() > 900);
    CHECK(text.back() == '\n');
  }
}

TEST_CASE("an event larger than a whole file has one to itself") {
  Fixture f;
  f.config.rotate = {100, 10};
  const auto sink = f.sink();
  for (int number = 0; number < 3; ++number) sink->push(make_batch(number, 1, 500));
  sink->stop(kLong);
  CHECK(f.lines(".2") == event_lines(0, 1, 500));
  CHECK(f.lines(".1") == event_lines(1, 1, 500));
  CHECK(f.lines() == event_lines(2, 1, 500));
}

TEST_CASE("the size counts what was in the file before") {
  Fixture f;
  f.config.rotate = {1000, 5};
  tests::write_file(f.config.path, std::string(990, 'x') + "\n", fs::perms{0600});
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  sink->stop(kLong);
  CHECK(read_file(f.config.path + ".1").size() == 991);
  CHECK(f.lines() == event_lines(0, 1));
}

TEST_CASE("a request rotates before the next event is written") {
  Fixture f;
  const auto sink = f.sink();
  const BatchPtr before = make_batch(0, 3);
  sink->push(before);
  REQUIRE(f.system.wait_for_bytes(before->bytes.size()));
  sink->rotate();
  sink->push(make_batch(3, 3));
  sink->stop(kLong);
  CHECK(f.lines(".1") == event_lines(0, 3));
  CHECK(f.lines() == event_lines(3, 3));
}

TEST_CASE("an empty file is not rotated") {
  Fixture f;
  const auto sink = f.sink();
  sink->rotate();
  sink->push(make_batch(0, 1));
  sink->stop(kLong);
  CHECK_FALSE(fs::exists(f.config.path + ".1"));
  CHECK(f.lines() == event_lines(0, 1));
}

TEST_CASE("a file ends with its day, also when nothing comes, and an empty one goes on") {
  Fixture f;
  constexpr std::chrono::sys_seconds kEvening = std::chrono::sys_days{2026y / 11 / 30} + 22h + 59min;
  f.system.set_clock(kEvening, 1h);
  f.config.rotate.every = {EveryKind::kDaily, {}};
  f.config.rotate.names = RotateNames::kDated;
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  while (sink->status().events_out < 1) std::this_thread::yield();
  f.system.set_clock(kEvening + 1min, 1h);
  sink->push(make_batch(1, 1));
  sink->stop(kLong);
  CHECK(f.lines(".2026-11-30T230000Z") == event_lines(0, 1));
  CHECK(f.lines() == event_lines(1, 1));
}

TEST_CASE("a file of the day before is rotated before anything is written") {
  Fixture f;
  tests::write_file(f.config.path, "yesterday\n", fs::perms{0600});
  const timespec times[] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, f.config.path.c_str(), times, 0) == 0);
  f.config.rotate.every = {EveryKind::kDaily, {}};
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  sink->stop(kLong);
  CHECK(f.lines(".1") == std::vector<std::string>{"yesterday"});
  CHECK(f.lines() == event_lines(0, 1));
}

TEST_CASE("old files beyond the caps go at the start and at each rotation") {
  Fixture f;
  for (const char* suffix : {".1", ".2"}) tests::write_file(f.config.path + suffix, "old line\n", fs::perms{0400});
  f.config.rotate.total = 10;
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  while (sink->status().events_out < 1) std::this_thread::yield();
  CHECK(fs::exists(f.config.path + ".1"));
  CHECK_FALSE(fs::exists(f.config.path + ".2"));
  sink->rotate();
  sink->push(make_batch(1, 1));
  sink->stop(kLong);
  // The event alone is larger than the total.
  CHECK_FALSE(fs::exists(f.config.path + ".1"));
  CHECK(f.lines() == event_lines(1, 1));
}

TEST_CASE("old files that cannot be removed are told, and events are written") {
  Fixture f;
  tests::write_file(f.config.path + ".1", "old\n", fs::perms{0400});
  f.config.rotate.keep = 0;
  f.system.fail_unlinks(EPERM);
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  while (sink->status().events_out < 1) std::this_thread::yield();
  CHECK(sink->status().state == "cannot remove old files");
  CHECK(sink->status().last_error == "cannot remove " + f.config.path + ".1: Operation not permitted");
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 1));
}

TEST_CASE("too little space is told, and events are written") {
  Fixture f;
  f.config.keep_free = {0, 5};
  f.system.set_free(49);
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  while (sink->status().state != "low on space" || sink->status().events_out < 1) std::this_thread::yield();
  CHECK(sink->status().last_error == "49MiB of 1000MiB are free, and keep_free is 5%");
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 1));
}

TEST_CASE("a pause for want of space keeps events in the queue, and ends by itself") {
  Fixture f;
  f.config.keep_free = {50 * config::kMiB, 0};
  f.config.when_low = WhenLow::kPause;
  f.system.set_free(49);
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  while (!sink->status().state.starts_with("low on space, retrying")) std::this_thread::yield();
  CHECK(sink->status().events_out == 0);
  f.system.set_free(60);
  while (sink->status().events_out < 10) std::this_thread::yield();
  CHECK(sink->status().state == "ok");
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 10));
}

TEST_CASE("for want of space the oldest files go, as many as are needed, and that is told") {
  Fixture f;
  f.config.keep_free = {50 * config::kMiB, 0};
  f.config.when_low = WhenLow::kDropOldestFiles;
  for (const char* suffix : {".1", ".2", ".3"})
    tests::write_file(f.config.path + suffix, std::string(2 * config::kMiB, 'x'), fs::perms{0400});
  // A twentieth more than 50 MiB has to be there: 4 MiB are missing, with what that rounds to.
  f.system.set_free(49);
  std::mutex mutex;
  std::vector<SinkChange> told;
  SinkHost host(f.losses.handler());
  host.on_change = [&](const SinkChange& change) {
    const std::lock_guard lock(mutex);
    told.push_back(change);
  };
  {
    FileSink sink(f.config, std::move(host), 1, f.system, kSoon);
    sink.push(make_batch(0, 1));
    while (sink.status().events_out < 1) std::this_thread::yield();
    sink.stop(kLong);
  }
  CHECK(fs::exists(f.config.path + ".1"));
  CHECK_FALSE(fs::exists(f.config.path + ".2"));
  CHECK_FALSE(fs::exists(f.config.path + ".3"));
  REQUIRE_FALSE(told.empty());
  CHECK(told[0].sink == "log");
  CHECK(told[0].state == "removed old files");
  CHECK(told[0].cause ==
        "49MiB of 1000MiB are free, and keep_free is 50MiB: removed 2 (4MiB), the last one " + f.config.path + ".2");
}

TEST_CASE("where it is asked for a full disk costs the oldest file and no event") {
  Fixture f;
  f.config.when_full = WhenDiskFull::kDropOldestFiles;
  for (const char* suffix : {".1", ".2"}) tests::write_file(f.config.path + suffix, "old\n", fs::perms{0400});
  f.system.limit_writes(0, ENOSPC);
  const auto sink = f.sink();
  sink->push(make_batch(0, 1));
  while (fs::exists(f.config.path + ".1")) std::this_thread::yield();
  CHECK_FALSE(fs::exists(f.config.path + ".2"));
  f.system.heal();
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 1));
}

TEST_CASE("after logrotate has moved the file a request opens a new one") {
  Fixture f;
  const auto sink = f.sink();
  const BatchPtr before = make_batch(0, 3);
  sink->push(before);
  REQUIRE(f.system.wait_for_bytes(before->bytes.size()));
  fs::rename(f.config.path, f.config.path + "-20250101");
  sink->rotate();
  sink->push(make_batch(3, 3));
  sink->stop(kLong);
  CHECK(f.lines("-20250101") == event_lines(0, 3));
  CHECK(f.lines() == event_lines(3, 3));
  CHECK_FALSE(fs::exists(f.config.path + ".1"));
}

TEST_CASE("a rotation that fails is told and writing goes on") {
  Fixture f;
  f.config.rotate = {200, 2};
  fs::create_directories(f.config.path + ".1/in/the/way");
  fs::create_directories(f.config.path + ".2/in/the/way");
  const auto sink = f.sink();
  for (int number = 0; number < 100; ++number) sink->push(make_batch(number, 1));
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 100));
  CHECK(sink->status().last_error.find("cannot rotate") != std::string::npos);
  CHECK(sink->status().events_out == 100);
}

TEST_CASE("a full disk keeps the event in hand and goes on from the byte where it stopped") {
  Fixture f;
  const auto [error, phrase] = GENERATE(std::pair{ENOSPC, "disk full"}, std::pair{EDQUOT, "disk quota exceeded"},
                                        std::pair{EIO, "I/O error"}, std::pair{EROFS, "read-only file system"});
  f.system.limit_writes(1234, error);  // in the middle of an event
  const auto sink = f.sink();
  for (int first = 0; first < 1000; first += 10) sink->push(make_batch(first, 10));
  REQUIRE(f.system.wait_for_failed_writes(3));
  const SinkStatus status = sink->status();
  CHECK(status.state.find(phrase) == 0);
  CHECK(status.state.find(", retrying") != std::string::npos);
  CHECK(status.last_error.find("cannot write to " + f.config.path) == 0);
  CHECK(status.retries >= 2);
  CHECK(fs::file_size(f.config.path) == 1234);
  f.system.heal();
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 1000));
  CHECK(sink->status().events_out == 1000);
  CHECK(sink->status().events_dropped == 0);
}

TEST_CASE("while the disk is full the queue's policy decides, and tells") {
  Fixture f;
  const std::size_t batch_bytes = make_batch(10, 10)->bytes.size();
  f.config.queue.size = 3 * batch_bytes;
  f.system.limit_writes(5, ENOSPC);
  const auto sink = f.sink();
  sink->push(make_batch(10, 10));
  REQUIRE(f.system.wait_for_failed_writes(1));  // now one batch is in hand
  for (int first = 20; first < 100; first += 10) sink->push(make_batch(first, 10));
  CHECK(sink->status().events_dropped == 60);
  REQUIRE(f.losses.wait_for(1));
  f.system.heal();
  sink->stop(kLong);
  std::vector<std::string> expected = event_lines(10, 10);
  for (std::string& line : event_lines(80, 20)) expected.push_back(std::move(line));
  CHECK(f.lines() == expected);
  std::uint64_t told = 0;
  for (const SinkLoss& loss : f.losses.losses()) {
    CHECK(loss.sink == "log");
    CHECK(loss.cause.starts_with("queue full"));
    told += loss.events;
  }
  CHECK(told == 60);
  CHECK(f.losses.losses().front().first_id == "1.000:20");
  CHECK(f.losses.losses().back().last_id == "1.000:79");
  const SinkStatus status = sink->status();
  CHECK(status.events_in == status.events_out + status.events_dropped);
}

TEST_CASE("a rotation in the middle of an event begins the event anew in the next file") {
  Fixture f;
  const std::size_t event_bytes = make_batch(10, 1)->bytes.size();
  f.system.limit_writes(3 * event_bytes + 5, ENOSPC);
  const auto sink = f.sink();
  sink->push(make_batch(10, 10));
  REQUIRE(f.system.wait_for_failed_writes(1));
  sink->rotate();
  REQUIRE(f.system.wait_for_failed_writes(3));
  f.system.heal();
  sink->stop(kLong);
  CHECK(f.lines(".1") == event_lines(10, 3));
  CHECK(f.lines() == event_lines(13, 7));
  CHECK(sink->status().events_out == 10);
}

TEST_CASE("a stop with a full disk ends in time, keeps whole events and counts the rest") {
  Fixture f;
  const std::size_t event_bytes = make_batch(10, 1)->bytes.size();
  f.system.limit_writes(3 * event_bytes + 5, ENOSPC);
  const auto sink = f.sink();
  sink->push(make_batch(10, 10));
  REQUIRE(f.system.wait_for_failed_writes(1));
  sink->push(make_batch(20, 10));
  const auto begin = std::chrono::steady_clock::now();
  sink->stop(50ms);
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
  CHECK(f.lines() == event_lines(10, 3));
  CHECK(read_file(f.config.path).back() == '\n');
  CHECK(sink->status().events_out == 3);
  CHECK(sink->status().events_dropped == 17);
  std::uint64_t told = 0;
  for (const SinkLoss& loss : f.losses.losses()) told += loss.events;
  CHECK(told == 17);
}

TEST_CASE("a directory that comes later gets what was kept for it") {
  Fixture f;
  f.config.path = f.directory.file("later/events.json");
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  REQUIRE(f.system.wait_for_failed_opens(2));
  CHECK(sink->status().state.find("directory is missing, retrying") == 0);
  CHECK(sink->status().last_error.find("later/events.json: No such file or directory") != std::string::npos);
  fs::create_directory(f.directory.file("later"));
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 10));
}

TEST_CASE("a torn line of an earlier life does not spoil the next event") {
  Fixture f;
  tests::write_file(f.config.path, "{\"event\":1}\n{\"eve", fs::perms{0600});
  const auto sink = f.sink();
  sink->push(make_batch(2, 1));
  sink->stop(kLong);
  CHECK(f.lines() == std::vector<std::string>{"{\"event\":1}", "{\"eve", tests::event_text(2)});
  CHECK(sink->status().last_error.find("ended in the middle of a line") != std::string::npos);
}

TEST_CASE("a writer that was killed leaves a file that the next one goes on with") {
  Fixture f;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto sink = f.sink();
    for (int first = 0; first < 1'000'000; first += 100) {
      sink->push(make_batch(first, 100));
      if (first == 50'000 && f.system.wait_for_bytes(100'000) && ::write(ready[1], "x", 1) != 1) ::_exit(1);
    }
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  const std::string before = read_file(f.config.path);
  const auto sink = f.sink();
  sink->push(make_batch(7, 1));
  sink->stop(kLong);
  const std::string after = read_file(f.config.path);
  CHECK(after.substr(0, before.size()) == before);
  CHECK(f.lines().back() == tests::event_text(7));
}

TEST_CASE("sync none never syncs, sync batch does so for each write, and sync interval in time") {
  Fixture f;
  f.config.sync.kind = GENERATE(SyncKind::kNone, SyncKind::kBatch, SyncKind::kInterval);
  f.config.sync.interval = 10ms;
  const auto sink = f.sink();
  const BatchPtr batch = make_batch(0, 10);
  sink->push(batch);
  REQUIRE(f.system.wait_for_bytes(batch->bytes.size()));
  if (f.config.sync.kind == SyncKind::kNone) {
    sink->stop(kLong);
    CHECK(f.system.syncs() == 0);
    return;
  }
  CHECK(f.system.wait_for_syncs(1));
  sink->push(make_batch(10, 10));
  CHECK(f.system.wait_for_syncs(2));
  sink->stop(kLong);
  CHECK(f.system.syncs() == 2);
}

TEST_CASE("every descriptor is closed again, those for the syncer too") {
  Fixture f;
  f.config.sync.kind = SyncKind::kInterval;
  f.config.sync.interval = 10ms;
  f.config.rotate = {200, 2};
  {
    const auto sink = f.sink();
    for (int number = 0; number < 20; ++number) sink->push(make_batch(number, 1));
    CHECK(f.system.wait_for_syncs(1));
    // Between two files, and behind the last sync, none may be open.
    CHECK(f.system.opened() > 1);
  }
  CHECK(f.system.descriptors() == 0);
}

TEST_CASE("a file that cannot be synced beside the writing is synced in its place") {
  Fixture f;
  f.config.sync.kind = SyncKind::kInterval;
  f.config.sync.interval = 10ms;
  f.system.fail_duplicates(EMFILE);
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  CHECK(f.system.wait_for_syncs(1));
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 10));
  CHECK(sink->status().last_error.empty());
}

TEST_CASE("with sync batch an event counts only when it is synced, and a failed sync writes it again") {
  Fixture f;
  f.config.sync.kind = SyncKind::kBatch;
  f.system.fail_syncs(1'000'000, EIO);
  const auto sink = f.sink();
  sink->push(make_batch(0, 10));
  REQUIRE(f.system.wait_for_syncs(3));
  CHECK(sink->status().events_out == 0);
  CHECK(sink->status().state.find("I/O error, retrying") == 0);
  f.system.fail_syncs(0, 0);
  sink->stop(kLong);
  CHECK(f.lines() == event_lines(0, 10));
  CHECK(sink->status().events_out == 10);
  CHECK(f.system.syncs() > 3);
}

TEST_CASE("a sink that nobody stopped ends by itself and counts what it had") {
  Fixture f;
  f.config.path = f.directory.file("never/events.json");
  {
    const auto sink = f.sink();
    sink->push(make_batch(0, 10));
  }
  REQUIRE(f.losses.losses().size() == 1);
  CHECK(f.losses.losses().front().events == 10);
  // Whether it has seen yet that the folder is missing depends on the threads.
  CHECK(f.losses.losses().front().cause.starts_with("stopped before delivery"));
}

// On a real small file system: needs the right to mount one, which root has. The faults of the tests above stand in for
// it elsewhere, so it runs only when it is asked for (the test output_root).
TEST_CASE("a real full disk loses nothing once there is room again", "[.root]") {
  Fixture f;
  const tests::SmallDisk disk(f.directory.file("small"), "size=64k");
  const std::string& mount = disk.path;
  f.config.path = mount + "/events.json";
  std::ofstream(mount + "/other") << std::string(32'000, 'x') << std::flush;
  {
    const auto sink = f.sink();
    for (int first = 0; first < 1500; first += 10) sink->push(make_batch(first, 10, 10));
    REQUIRE(f.system.wait_for_failed_writes(3));
    CHECK(sink->status().state.find("disk full") == 0);
    CHECK(sink->status().events_out < 1500);
    fs::remove(mount + "/other");
    REQUIRE(::mount("tmpfs", mount.c_str(), "tmpfs", MS_REMOUNT, "size=256k") == 0);
    sink->stop(kLong);
    CHECK(sink->status().events_out == 1500);
    CHECK(f.lines() == event_lines(0, 1500, 10));
  }
}

}  // namespace naudit::output
