// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// The disk of a file sink hangs: that is this sink's trouble alone, also where the thread that receives has written.
#include <cstdlib>
#include <filesystem>

#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::test;

namespace {

constexpr std::string_view kTwoLogs =
    "  - {name: log, type: file, path: events.json, rotate: {size: 0}, queue: {size: 256MiB}}\n"
    "  - {name: other, type: file, path: other.json, rotate: {size: 0}, queue: {size: 256MiB}}\n";

struct WithDisk {
  WithDisk() {
    home.configure(kTwoLogs);
    home.set_rules(kOpenatRule);
    // The address sanitizer wants to be the first library; it need not be for this one.
    ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 0);      // NOLINT(concurrency-mt-unsafe)
    ::setenv("LD_PRELOAD", NAUDIT_HANGING_DISK, 1);               // NOLINT(concurrency-mt-unsafe)
    ::setenv("NAUDIT_TEST_HANG", home.file("hangs").c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
    daemon.emplace(home);
    ::unsetenv("NAUDIT_TEST_HANG");  // NOLINT(concurrency-mt-unsafe)
    ::unsetenv("LD_PRELOAD");        // NOLINT(concurrency-mt-unsafe)
    ::unsetenv("ASAN_OPTIONS");      // NOLINT(concurrency-mt-unsafe)
    REQUIRE(daemon->wait_until_ready());
  }
  void make(std::uint64_t events) {
    Generator(events).wait();
    made += events;
  }
  [[nodiscard]] std::size_t written(const std::string& file) const {
    return generated(lines_of(home.file(file))).size();
  }
  [[nodiscard]] bool has_all(const std::string& file) const {
    return wait_until([&] { return written(file) == made; });
  }
  // The first event that meets the hanging disk holds up the thread that brings it, and the next ones come all the
  // same.
  void hang() {
    write_text(home.file("hangs"), "");
    make(1);
    CHECK(has_all("other.json"));
    for (int i = 0; i < 5; ++i) make(100);
    CHECK(has_all("other.json"));
    CHECK(written("events.json") == made - 501);
  }

  const Home home;
  std::optional<Nauditd> daemon;
  std::uint64_t made = 0;
};

}  // namespace

TEST_CASE("a disk that hangs holds up neither the receiving nor another sink, and loses nothing when it goes on") {
  WithDisk disk;
  disk.make(10);
  REQUIRE(disk.has_all("events.json"));
  disk.hang();
  std::filesystem::remove(disk.home.file("hangs"));
  CHECK(disk.has_all("events.json"));
  // Once more: the thread that was late now stands by for the other one.
  disk.hang();
  std::filesystem::remove(disk.home.file("hangs"));
  CHECK(disk.has_all("events.json"));
  CHECK(disk.daemon->stop() == 0);
}

TEST_CASE("a stop does not wait for a disk that hangs") {
  WithDisk disk;
  disk.make(10);
  REQUIRE(disk.has_all("events.json"));
  disk.hang();
  CHECK(disk.daemon->stop() == 0);
  CHECK(disk.daemon->messages().find("sink 'log': left behind: the file system does not answer; 5") !=
        std::string::npos);
  // What is known to be lost is told by the next start; whether the batch in hand is written nobody knows.
  disk.daemon.emplace(disk.home);
  REQUIRE(disk.daemon->wait_until_ready());
  const auto is_told = [&] { return count_lines_with(disk.home.file("events.json"), "stopped-before-delivery") == 1; };
  CHECK(wait_until(is_told));
  CHECK(disk.daemon->stop() == 0);
  CHECK(disk.written("other.json") == disk.made);
}
