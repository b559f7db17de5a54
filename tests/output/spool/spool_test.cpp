// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/spool.hpp"

#include <boost/crc.hpp>

#include "output/spool/crc32c.hpp"
#include "tests/output/spool/spool_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tests {
namespace {

using output::Spool;

TEST_CASE("a spool's sum is CRC-32C") {
  CHECK(output::crc32c(0, "123456789") == 0xE3069283);
  CHECK(output::crc32c(output::crc32c(0, "1234"), "56789") == 0xE3069283);
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 7);
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
  sum.process_bytes(bytes.data(), bytes.size());
  CHECK(output::crc32c(0, bytes) == sum.checksum());
}

TEST_CASE("what a spool takes it hands out, in order, until it is confirmed, also to the next run") {
  const bool compress = GENERATE(false, true);
  const TempDir directory;
  output::Disk disk;
  {
    Spool spool(disk, spool_options(directory, compress));
    REQUIRE_FALSE(spool.open(kNow));
    CHECK(spool.next().batch == nullptr);
    for (int i = 0; i < 10; ++i) REQUIRE(spool.append(*make_batch(i * 10, 10, 100), kNow).events == 10);
    CHECK(spool.waiting() == 100);
    const auto first = spool.next();
    CHECK(split_lines(first.batch->bytes) == event_lines(0, 10, 100));
    CHECK(first.batch->first_id == "1.000:0");
    CHECK(first.batch->last_id == "1.000:9");
    REQUIRE_FALSE(spool.confirm(first.end));
    CHECK(spool.waiting() == 90);
    CHECK(split_lines(spool.next().batch->bytes) == event_lines(10, 10, 100));
    // The process ends here: nothing is closed, and nothing was synced.
  }
  Spool spool(disk, spool_options(directory, compress));
  REQUIRE_FALSE(spool.open(kNow));
  CHECK(spool.take_notes().empty());
  CHECK(spool.waiting() == 90);
  REQUIRE(spool.append(*make_batch(100, 5, 100), kNow).events == 5);
  CHECK(take_lines(spool) == event_lines(10, 95, 100));
  CHECK(spool.waiting() == 0);
  CHECK(spool.take_losses().empty());
  REQUIRE_FALSE(spool.close(kNow));
  CHECK(files_in(directory.file("spool")).empty());
}

TEST_CASE("what a spool took just now can be handed out without reading it") {
  const TempDir directory;
  output::Disk disk;
  Spool spool(disk, spool_options(directory));
  REQUIRE_FALSE(spool.open(kNow));
  CHECK(spool.is_read_up());
  const auto first = spool.append(*make_batch(0, 5), kNow);
  CHECK_FALSE(spool.is_read_up());
  spool.handed_out(first.end);
  CHECK(spool.is_read_up());
  REQUIRE(spool.append(*make_batch(5, 5), kNow).events == 5);
  CHECK(take_lines(spool, /*confirm=*/false) == event_lines(5, 5));
  REQUIRE_FALSE(spool.confirm(first.end));
  CHECK(spool.waiting() == 5);
}

TEST_CASE("a segment is removed when the cursor behind it is synced") {
  const TempDir directory;
  FaultyDisk disk;
  auto options = spool_options(directory);
  options.segment_bytes = 1000;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  for (int i = 0; i < 5; ++i) {
    REQUIRE(spool.append(*make_batch(i * 10, 10, 100), kNow).events == 10);
    REQUIRE_FALSE(sync_now(spool, disk));
  }
  CHECK(files_in(options.folder).size() == 5);
  take_lines(spool);
  CHECK(files_in(options.folder).size() == 5);
  spool.expire(kNow);
  CHECK(spool.has_unsynced());
  const auto job = spool.begin_sync(kNow);
  CHECK(job.cursor >= 0);
  CHECK(files_in(options.folder).size() == 5);
  REQUIRE(spool.end_sync(job, EIO));
  CHECK(files_in(options.folder).size() == 5);
  REQUIRE_FALSE(sync_now(spool, disk));
  CHECK(files_in(options.folder).empty());
}

TEST_CASE("a spool belongs to one at a time") {
  const TempDir directory;
  output::Disk disk;
  Spool first(disk, spool_options(directory));
  REQUIRE_FALSE(first.open(kNow));
  REQUIRE(first.append(*make_batch(0, 5), kNow).events == 5);
  Spool second(disk, spool_options(directory));
  const auto problem = second.open(kNow);
  CHECK(problem.code == EWOULDBLOCK);
  REQUIRE_FALSE(first.close(kNow));
  REQUIRE_FALSE(second.open(kNow));
  CHECK(take_lines(second) == event_lines(0, 5));
}

TEST_CASE("an event that is larger than a frame is lost alone") {
  const TempDir directory;
  output::Disk disk;
  Spool spool(disk, spool_options(directory));
  REQUIRE_FALSE(spool.open(kNow));
  auto batch = std::make_shared<output::Batch>(*make_batch(0, 1));
  output::append_event(*batch, std::string(output::kFrameMost, 'x') + '\n', false);
  output::append_event(*batch, event_text(2) + '\n', false);
  CHECK(spool.append(*batch, kNow).events == 2);
  CHECK(take_lines(spool) == std::vector<std::string>{event_text(0), event_text(2)});
  const auto losses = spool.take_losses();
  REQUIRE(losses.list().size() == 1);
  CHECK(losses.list()[0].cause == Spool::kTooLarge);
  CHECK(losses.events() == 1);
}

TEST_CASE("a spool whose sync fails says so, and writes again what the kernel has forgotten") {
  const TempDir directory;
  FaultyDisk disk;
  Spool spool(disk, spool_options(directory));
  REQUIRE_FALSE(spool.open(kNow));
  REQUIRE(spool.append(*make_batch(0, 10), kNow).events == 10);
  disk.sync_code = EIO;
  const auto problem = sync_now(spool, disk);
  CHECK(problem.code == EIO);
  CHECK(spool.has_unsynced());
  disk.sync_code = 0;
  REQUIRE_FALSE(sync_now(spool, disk));
  CHECK_FALSE(spool.has_unsynced());
  CHECK(take_lines(spool) == event_lines(0, 10));
}

TEST_CASE("one sync is enough for a segment and its footer") {
  const TempDir directory;
  FaultyDisk disk;
  auto options = spool_options(directory);
  options.segment_bytes = 100'000;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  REQUIRE_FALSE(sync_now(spool, disk));
  disk.syncs = 0;
  for (int i = 0; i < 20; ++i) REQUIRE(spool.append(*make_batch(i * 100, 100, 100), kNow).events == 100);
  REQUIRE_FALSE(sync_now(spool, disk));
  CHECK(disk.syncs == 2);  // the segment and its folder
  CHECK(files_in(options.folder).size() == 1);
  CHECK(spool.segments().front().is_sealed);
}

TEST_CASE("a spool without syncs never asks for one") {
  const TempDir directory;
  FaultyDisk disk;
  auto options = spool_options(directory);
  options.limits.sync.kind = config::SyncKind::kNone;
  options.segment_bytes = 1000;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  for (int i = 0; i < 20; ++i) {
    REQUIRE(spool.append(*make_batch(i * 10, 10, 100), kNow).events == 10);
    spool.expire(kNow);
    CHECK(spool.begin_sync(kNow).empty());
  }
  CHECK(take_lines(spool) == event_lines(0, 200, 100));
  spool.expire(kNow);
  CHECK(spool.begin_sync(kNow).empty());
  CHECK(files_in(options.folder).empty());
  REQUIRE_FALSE(spool.close(kNow));
  CHECK(disk.syncs == 0);
}

}  // namespace
}  // namespace naudit::tests
