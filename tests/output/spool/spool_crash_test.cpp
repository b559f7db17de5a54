// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <random>

#include "output/spool/spool.hpp"
#include "tests/output/spool/spool_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tests {
namespace {

using output::Spool;
namespace fs = std::filesystem;

// What a run did for sure: so far it was told that events are taken, or are delivered.
struct Done {
  int taken = 0;
  int delivered = 0;
};

// Takes events in and hands them out, with syncs, seals, thinnings and removals among it.
void work(Spool& spool, output::Disk& disk, int first, int rounds, Done& done) {
  constexpr int kEach = 5;
  for (int round = 0; round < rounds; ++round) {
    const auto appended = spool.append(*make_batch(first + round * kEach, kEach, 40), kNow);
    if (appended.events == 0) return;
    done.taken = first + (round + 1) * kEach;
    if (round % 3 == 2) {
      spool.expire(kNow);
      if (sync_now(spool, disk)) return;
    }
    if (round % 2 == 1) {
      const auto taken = spool.next();
      if (taken.batch == nullptr) return;
      // A write that fails does not undo it: it is delivered.
      const int last = static_cast<int>(taken.end.sequence);
      static_cast<void>(spool.confirm(taken.end));
      done.delivered = last;
    }
  }
}

output::SpoolOptions small_segments(const TempDir& directory) {
  auto options = spool_options(directory);
  options.segment_bytes = 700;
  return options;
}

// Everything that was taken and not delivered is there, in order; what was delivered may be there again.
void check_all_there(const output::SpoolOptions& options, const Done& done) {
  FaultyDisk disk;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  std::vector<int> numbers;
  for (const std::string& line : take_lines(spool))
    numbers.push_back(std::atoi(line.c_str() + std::strlen("{\"event\":")));
  REQUIRE(spool.take_losses().empty());
  REQUIRE(std::ranges::is_sorted(numbers));
  REQUIRE(std::ranges::adjacent_find(numbers) == numbers.end());
  if (done.taken == done.delivered && numbers.empty()) return;
  REQUIRE_FALSE(numbers.empty());
  REQUIRE(numbers.front() <= done.delivered);
  REQUIRE(numbers.back() >= done.taken - 1);
  REQUIRE(numbers.back() - numbers.front() + 1 == static_cast<int>(numbers.size()));
}

TEST_CASE("at whichever system call a spool's process ends, nothing that was taken is lost") {
  for (std::uint64_t call = 1;; ++call) {
    const TempDir directory;
    const auto options = small_segments(directory);
    FaultyDisk disk;
    Done done;
    bool crashed = false;
    {
      Spool spool(disk, options);
      disk.at(call, FaultyDisk::Then::kCrash);
      try {
        if (!spool.open(kNow)) work(spool, disk, 0, 30, done);
        static_cast<void>(spool.close(kNow));
      } catch (const Crash&) {
        crashed = true;
      }
      disk.heal();
    }
    INFO("call " << call);
    check_all_there(options, done);
    if (!disk.has_struck() && !crashed && disk.calls() < call) break;
  }
}

TEST_CASE("whichever system call of a spool fails, nothing that was taken is lost, and it goes on") {
  const auto then = GENERATE(FaultyDisk::Then::kFail, FaultyDisk::Then::kTear);
  const int code = GENERATE(EIO, ENOSPC);
  for (std::uint64_t call = 1;; ++call) {
    const TempDir directory;
    auto options = small_segments(directory);
    // Else the oldest would make room on a full disk.
    options.limits.when_full = config::WhenFull::kBlock;
    FaultyDisk disk;
    Done done;
    bool struck = false;
    {
      Spool spool(disk, options);
      disk.at(call, then, code);
      for (int tries = 0; spool.open(kNow) && tries < 3;) ++tries;
      for (int tries = 0; tries < 3; ++tries) work(spool, disk, done.taken, 10, done);
      struck = disk.calls() >= call;
      // Without a close: what was taken is there all the same.
    }
    INFO("call " << call << ", " << done.taken << " taken, " << done.delivered << " delivered");
    REQUIRE(done.taken >= 100);
    check_all_there(options, done);
    if (!struck) break;
  }
}

// The writer tells through a pipe how far it has come.
[[noreturn]] void write_until_killed(const output::SpoolOptions& options, int first, int pipe) {
  output::Disk disk;
  Spool spool(disk, options);
  if (spool.open(kNow)) ::_exit(1);
  Done done{first, first};
  for (int number = first;; number += 5) {
    if (spool.append(*make_batch(number, 5, 40), kNow).events == 0) ::_exit(2);
    done.taken = number + 5;
    if (number % 3 == 0) {
      spool.expire(kNow);
      if (sync_now(spool, disk)) ::_exit(3);
    }
    if (number % 2 == 1) {
      const auto taken = spool.next();
      if (taken.batch == nullptr) ::_exit(4);
      // Told before it is confirmed: behind a kill in between the cursor may stand at either.
      done.delivered = static_cast<int>(taken.end.sequence);
      if (::write(pipe, &done, sizeof done) != sizeof done) ::_exit(5);
      if (spool.confirm(taken.end)) ::_exit(4);
    }
    if (::write(pipe, &done, sizeof done) != sizeof done) ::_exit(5);
  }
}

// NAUDIT_SPOOL_KILLS=1000: as many as that.
TEST_CASE("a spool's writer may be killed at any time") {
  const char* const wanted = std::getenv("NAUDIT_SPOOL_KILLS");
  const int kills = wanted == nullptr ? 25 : std::atoi(wanted);
  std::mt19937 random(static_cast<unsigned>(kills));  // NOLINT(cert-msc51-cpp): the same ones each time
  for (int kill = 0; kill < kills; ++kill) {
    const TempDir directory;
    auto options = small_segments(directory);
    options.limits.compress = kill % 2 == 0;
    int pipes[2];
    REQUIRE(::pipe2(pipes, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) write_until_killed(options, 0, pipes[1]);
    ::close(pipes[1]);
    // It is killed at any point behind a random number of rounds.
    Done done;
    const int rounds = std::uniform_int_distribution<int>(1, 200)(random);
    for (int round = 0; round < rounds; ++round) REQUIRE(::read(pipes[0], &done, sizeof done) == sizeof done);
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    for (Done later; ::read(pipes[0], &later, sizeof later) == sizeof later;) done = later;
    ::close(pipes[0]);
    INFO("kill " << kill << ", " << done.taken << " taken, " << done.delivered << " delivered");
    check_all_there(options, done);
  }
}

}  // namespace
}  // namespace naudit::tests
