// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <set>

#include "output/spool/spool.hpp"
#include "tests/output/spool/spool_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::tests {
namespace {

using output::Spool;
namespace fs = std::filesystem;

constexpr int kEvents = 12;

void put(const std::string& path, std::string_view bytes) {
  write_file(path, bytes, fs::perms::owner_read | fs::perms::owner_write);
}

// A spool with one segment, closed as at a stop; returns its bytes.
std::string fill(const output::SpoolOptions& options, int events = kEvents) {
  FaultyDisk disk;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  REQUIRE(spool.append(*make_batch(0, events / 2), kNow).events > 0);
  REQUIRE(spool.append(*make_batch(events / 2, events - events / 2), kNow).events > 0);
  REQUIRE_FALSE(spool.close(kNow));
  return read_file(files_in(options.folder).at(0));
}

struct Read {
  std::vector<std::string> lines;
  std::uint64_t lost = 0;
  std::size_t bad = 0;
  std::vector<std::string> notes;
};

Read read_all_of(const output::SpoolOptions& options) {
  FaultyDisk disk;
  Spool spool(disk, options);
  REQUIRE_FALSE(spool.open(kNow));
  Read result;
  result.lines = take_lines(spool);
  result.notes = spool.take_notes();
  result.lost = spool.take_losses().events();
  // What comes afterwards is taken as ever.
  REQUIRE(spool.append(*make_batch(1000, 1), kNow).events == 1);
  REQUIRE(take_lines(spool) == event_lines(1000, 1));
  REQUIRE_FALSE(spool.close(kNow));
  result.bad = files_in(options.folder, ".bad").size();
  return result;
}

bool is_in_order(const std::vector<std::string>& lines, const std::vector<std::string>& all) {
  auto next = all.begin();
  for (const std::string& line : lines) {
    next = std::find(next, all.end(), line);
    if (next == all.end()) return false;
    ++next;
  }
  return true;
}

TEST_CASE(
    "whichever byte of a segment is flipped, all events but the one that is hit are delivered, and that is counted") {
  const bool closed = GENERATE(true, false);
  const TempDir directory;
  const auto options = spool_options(directory);
  std::string whole = fill(options);
  const std::string file = files_in(options.folder).at(0);
  const std::string cursor = read_file(options.folder + "/cursor");
  if (!closed) whole.resize(whole.size() - output::kSegmentFooter);
  const auto all = event_lines(0, kEvents);
  const std::size_t frames_end = closed ? whole.size() - output::kSegmentFooter : whole.size();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x41);
    for (const std::string& old : files_in(options.folder, "")) fs::remove(old);
    put(file, damaged);
    put(options.folder + "/cursor", cursor);
    const Read read = read_all_of(options);
    INFO("byte " << at << " of " << whole.size());
    for (const std::string& text : read.notes) UNSCOPED_INFO(text);
    REQUIRE(is_in_order(read.lines, all));
    const bool in_frames = at >= output::kSegmentHeader && at < frames_end;
    REQUIRE(read.lines.size() >= all.size() - (in_frames ? 1 : 0));
    // The last frame of a file without a footer cannot be told from one that was never whole.
    const bool may_be_torn = !closed && read.lines.size() < all.size() && read.lines.back() != all.back();
    if (!may_be_torn) {
      REQUIRE(read.lines.size() + read.lost == all.size());
      if (read.lost > 0) REQUIRE(read.bad == 1);
    }
  }
}

TEST_CASE("whichever byte of a compressed segment is flipped, the other blocks are delivered") {
  const TempDir directory;
  const auto options = spool_options(directory, /*compress=*/true);
  FaultyDisk disk;
  {
    Spool spool(disk, options);
    REQUIRE_FALSE(spool.open(kNow));
    for (int i = 0; i < 4; ++i) REQUIRE(spool.append(*make_batch(i * 10, 10, 300), kNow).events == 10);
    REQUIRE_FALSE(spool.close(kNow));
  }
  const std::string file = files_in(options.folder).at(0);
  const std::string whole = read_file(file), cursor = read_file(options.folder + "/cursor");
  const auto all = event_lines(0, 40, 300);
  REQUIRE(whole.size() < 4000);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    for (const std::string& old : files_in(options.folder, "")) fs::remove(old);
    put(file, damaged);
    put(options.folder + "/cursor", cursor);
    const Read read = read_all_of(options);
    INFO("byte " << at << " of " << whole.size());
    REQUIRE(is_in_order(read.lines, all));
    REQUIRE(read.lines.size() >= all.size() - 10);
    REQUIRE(read.lines.size() + read.lost == all.size());
  }
}

TEST_CASE("wherever a segment is cut off, the whole events before it are delivered") {
  const TempDir directory;
  const auto options = spool_options(directory);
  const std::string whole = fill(options);
  const std::string file = files_in(options.folder).at(0);
  const std::string cursor = read_file(options.folder + "/cursor");
  const auto all = event_lines(0, kEvents);
  std::size_t most = 0;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    for (const std::string& old : files_in(options.folder, "")) fs::remove(old);
    put(file, std::string_view(whole).substr(0, size));
    put(options.folder + "/cursor", cursor);
    const Read read = read_all_of(options);
    INFO("cut at " << size << " of " << whole.size());
    REQUIRE(read.lines == std::vector<std::string>(all.begin(), all.begin() + std::ptrdiff_t(read.lines.size())));
    REQUIRE(read.lines.size() >= most);
    REQUIRE(read.bad == 0);
    most = read.lines.size();
  }
  CHECK(most == all.size());
}

TEST_CASE("without its cursor, or with a scribbled one, a spool delivers from the oldest event on") {
  const TempDir directory;
  const auto options = spool_options(directory);
  fill(options);
  FaultyDisk disk;
  {
    Spool spool(disk, options);
    REQUIRE_FALSE(spool.open(kNow));
    REQUIRE_FALSE(spool.confirm(spool.next().end));
    REQUIRE_FALSE(spool.close(kNow));
  }
  const std::string file = files_in(options.folder).at(0);
  const std::string whole = read_file(file), cursor = read_file(options.folder + "/cursor");
  const auto all = event_lines(0, kEvents), rest = event_lines(kEvents / 2, kEvents / 2);
  const auto with_cursor = [&](const std::optional<std::string>& bytes) {
    for (const std::string& old : files_in(options.folder, "")) fs::remove(old);
    put(file, whole);
    if (bytes) put(options.folder + "/cursor", *bytes);
    return read_all_of(options).lines;
  };
  CHECK(with_cursor(cursor) == rest);
  CHECK(with_cursor(std::nullopt) == all);
  CHECK(with_cursor("") == all);
  CHECK(with_cursor(std::string(300, '\xff')) == all);
  for (std::size_t size = 0; size < cursor.size(); ++size) {
    const auto lines = with_cursor(cursor.substr(0, size));
    REQUIRE((lines == all || lines == rest));
  }
  for (std::size_t at = 0; at < cursor.size(); ++at) {
    std::string damaged = cursor;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const auto lines = with_cursor(damaged);
    REQUIRE((lines == all || lines == rest));
  }
  // One that is valid and points into the middle of an event.
  for (std::uint64_t offset = 0; offset < whole.size() + 100; offset += 7) {
    const output::CursorSlot slot{1000, {kEvents / 2, 1, offset}};
    std::string bytes(output::kCursorFile, '\0');
    bytes.replace(0, output::kCursorSlot, output::encode_slot(slot));
    INFO("offset " << offset);
    REQUIRE(with_cursor(bytes) == rest);
  }
}

TEST_CASE("foreign files in a spool's folder are in nobody's way") {
  const TempDir directory;
  const auto options = spool_options(directory);
  fill(options);
  put(options.folder + "/00000000000000000000.seg", "zero");
  put(options.folder + "/00000000000000000900.seg", "no segment at all, but a name like one");
  put(options.folder + "/99999999999999999999.seg", "too much");
  put(options.folder + "/00000000000000000005.seg.tmp", "half");
  put(options.folder + "/notes", "of somebody");
  fs::create_directory(options.folder + "/00000000000000000800.seg");
  fs::create_symlink("/etc/passwd", options.folder + "/00000000000000000700.seg");
  const Read read = read_all_of(options);
  CHECK(read.lines == event_lines(0, kEvents));
  CHECK(fs::exists(options.folder + "/notes"));
  CHECK_FALSE(fs::exists(options.folder + "/00000000000000000005.seg.tmp"));
}

}  // namespace
}  // namespace naudit::tests
