// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/spool.hpp"
#include "tests/output/spool/spool_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tests {
namespace {

using config::WhenFull;
using output::Spool;

output::SpoolOptions small(const TempDir& directory, WhenFull when_full = WhenFull::kDropOldest) {
  auto options = spool_options(directory);
  options.limits.size = 20'000;
  options.limits.when_full = when_full;
  options.segment_bytes = 2'000;
  return options;
}

// Ten events of about 1,300 bytes a time, each time with a sync, so that segments are sealed.
void append(Spool& spool, output::Disk& disk, int first, std::vector<std::uint32_t> priority = {}) {
  static_cast<void>(spool.append(*with_priority(make_batch(first, 10, 100), std::move(priority)), kNow));
  REQUIRE_FALSE(sync_now(spool, disk));
}

TEST_CASE("a full spool drops the oldest events, counts them, and stays below its size") {
  const TempDir directory;
  FaultyDisk disk;
  Spool spool(disk, small(directory));
  REQUIRE_FALSE(spool.open(kNow));
  std::uint64_t lost = 0;
  for (int i = 0; i < 100; ++i) {
    append(spool, disk, i * 10);
    REQUIRE(spool.bytes() <= 20'000);
    const output::Losses losses = spool.take_losses();
    for (const output::Loss& loss : losses.list()) {
      CHECK(loss.cause == Spool::kFull);
      CHECK_FALSE(loss.first_id.empty());
      lost += loss.events;
    }
  }
  const auto lines = take_lines(spool);
  CHECK(lines.size() + lost == 1000);
  CHECK(lines.size() > 80);
  CHECK(lines == event_lines(static_cast<int>(lost), static_cast<int>(lines.size()), 100));
  CHECK(spool.take_losses().empty());
}

TEST_CASE("what is handed out is not dropped; what comes behind it is") {
  const TempDir directory;
  FaultyDisk disk;
  Spool spool(disk, small(directory));
  REQUIRE_FALSE(spool.open(kNow));
  append(spool, disk, 0);
  const auto in_hand = spool.next();
  REQUIRE(in_hand.batch != nullptr);
  for (int i = 1; i < 100; ++i) append(spool, disk, i * 10);
  const std::uint64_t lost = spool.take_losses().events();
  CHECK(spool.waiting() + lost == 1000);
  {
    // The next run has it, too.
    REQUIRE_FALSE(spool.close(kNow));
    Spool next(disk, small(directory));
    REQUIRE_FALSE(next.open(kNow));
    const auto lines = take_lines(next);
    CHECK(lines.size() + lost == 1000);
    CHECK(lines.front() == event_text(0, 100));
    CHECK(lines.back() == event_text(999, 100));
  }
}

TEST_CASE("events with priority outlive a flood of others") {
  const bool compress = GENERATE(false, true);
  const TempDir directory;
  FaultyDisk disk;
  auto options = small(directory);
  options.limits.compress = compress;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  std::uint64_t lost = 0;
  const int rounds = compress ? 2000 : 300;
  std::vector<std::string> wanted;
  for (int i = 0; i < rounds; ++i) {
    const bool has = i % (rounds / 10) == 3;
    append(spool, disk, i * 10, has ? std::vector<std::uint32_t>{4} : std::vector<std::uint32_t>{});
    if (has) wanted.push_back(event_text(i * 10 + 4, 100));
    lost += spool.take_losses().events();
  }
  REQUIRE(lost > 1000);
  // Few files, however many segments were thinned out.
  CHECK(spool.segments().size() < 20);
  REQUIRE_FALSE(spool.close(kNow));
  Spool next(disk, options);
  REQUIRE_FALSE(next.open(kNow));
  const auto lines = take_lines(next);
  CHECK(next.take_losses().empty());
  CHECK(lines.size() + lost == static_cast<std::size_t>(rounds) * 10);
  for (const std::string& one : wanted) CHECK(std::ranges::count(lines, one) == 1);
  CHECK(next.waiting() == 0);
  REQUIRE_FALSE(next.close(kNow));
  CHECK(files_in(options.folder).empty());
}

TEST_CASE("where everything has priority the oldest goes") {
  const TempDir directory;
  FaultyDisk disk;
  Spool spool(disk, small(directory));
  REQUIRE_FALSE(spool.open(kNow));
  for (int i = 0; i < 100; ++i) append(spool, disk, i * 10, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  const std::uint64_t lost = spool.take_losses().events();
  const auto lines = take_lines(spool);
  CHECK(lines.size() + lost == 1000);
  CHECK(lines.back() == event_text(999, 100));
  CHECK(lines.size() > 50);
}

TEST_CASE("a full spool with drop-newest takes events with priority only") {
  const TempDir directory;
  FaultyDisk disk;
  auto options = small(directory, WhenFull::kDropNewest);
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  for (int i = 0; i < 100; ++i)
    append(spool, disk, i * 10, i == 90 ? std::vector<std::uint32_t>{5} : std::vector<std::uint32_t>{});
  const std::uint64_t lost = spool.take_losses().events();
  const auto lines = take_lines(spool);
  CHECK(lines.size() + lost == 1000);
  CHECK(lines.front() == event_text(0, 100));
  CHECK(lines.back() == event_text(905, 100));
}

TEST_CASE("a full spool with block takes nothing until there is room") {
  const TempDir directory;
  FaultyDisk disk;
  Spool spool(disk, small(directory, WhenFull::kBlock));
  REQUIRE_FALSE(spool.open(kNow));
  int number = 0;
  for (;; number += 10) {
    const auto appended = spool.append(*make_batch(number, 10, 100), kNow);
    if (appended.is_full) break;
    REQUIRE(appended.events == 10);
    REQUIRE_FALSE(sync_now(spool, disk));
  }
  CHECK(spool.take_losses().empty());
  CHECK(take_lines(spool) == event_lines(0, number, 100));
  CHECK(spool.append(*make_batch(number, 10, 100), kNow).events == 10);
}

TEST_CASE("a spool leaves a share of the file system free") {
  const TempDir directory;
  FaultyDisk disk;
  disk.told_space = output::Disk::Space{.total = 1'000'000, .free = 55'000};
  auto options = small(directory);
  options.limits.size = 100'000'000;
  options.limits.keep_free = 5;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  for (int i = 0; i < 10; ++i) append(spool, disk, i * 10);
  CHECK(spool.bytes() <= 5'000);
  const std::uint64_t lost = spool.take_losses().events();
  CHECK(lost > 0);
  CHECK(spool.waiting() + lost == 100);
  // Others fill the disk: to give up what is there would not help.
  disk.told_space->free = 10'000;
  const auto before = spool.waiting();
  CHECK(spool.append(*make_batch(100, 10, 100), later(std::chrono::seconds(5))).events == 0);
  CHECK(spool.waiting() == before);
  CHECK(spool.take_losses().list().at(0).cause == Spool::kDiskFull);
}

TEST_CASE("a spool drops what has become too old, by a clock that does not jump") {
  const TempDir directory;
  FaultyDisk disk;
  auto options = small(directory);
  options.limits.size = 100'000'000;
  options.limits.age = std::chrono::hours(1);
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  for (int i = 0; i < 5; ++i) append(spool, disk, i * 10);
  // The machine's time jumps by a year.
  spool.expire({kNow.wall_ms + std::int64_t{1000} * 3600 * 24 * 365, kNow.boot_ms + 5000});
  CHECK(spool.waiting() == 50);
  spool.expire(later(std::chrono::hours(2)));
  const auto losses = spool.take_losses();
  CHECK(losses.events() == 50);
  CHECK(losses.list().at(0).cause == Spool::kTooOld);
  CHECK(spool.next().batch == nullptr);
}

TEST_CASE("a quiet host's segment is sealed before it holds events of all ages") {
  const TempDir directory;
  FaultyDisk disk;
  auto options = small(directory);
  options.limits.age = std::chrono::hours(7 * 24);
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  append(spool, disk, 0);
  CHECK(spool.segments().size() == 1);
  spool.expire(later(std::chrono::hours(48)));
  REQUIRE(spool.append(*make_batch(20, 1), later(std::chrono::hours(48))).events == 1);
  CHECK(spool.segments().size() == 2);
}

}  // namespace
}  // namespace naudit::tests
