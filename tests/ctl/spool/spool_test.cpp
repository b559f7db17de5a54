// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/spool/spool.hpp"

#include <filesystem>
#include <fstream>

#include "output/batch.hpp"
#include "output/spool/batch_codec.hpp"
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::ctl {
namespace {

using output::Spool;
using test::Outcome;
using test::TempDir;

constexpr output::SpoolTime kNow{.wall_ms = 1'800'000'000'000, .boot_ms = 1'000'000};

Outcome spool(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "spool");
  return test::run(NAUDIT_NAUDITCTL, std::move(arguments));
}

output::SpoolOptions options(const TempDir& directory) {
  std::filesystem::create_directory(directory.file("spools"));
  output::SpoolOptions options;
  options.folder = directory.file("spools/siem");
  options.sink = "siem";
  options.limits.age = {};
  options.limits.compress = false;
  return options;
}

void append(Spool& spool, int first, int count) {
  output::Batch batch;
  for (int number = first; number < first + count; ++number)
    output::append_event(batch, "event " + std::to_string(number) + '\n', false);
  REQUIRE(spool.append(batch, kNow).events == static_cast<std::uint64_t>(count));
}

std::string lines(int first, int count) {
  std::string text;
  for (int number = first; number < first + count; ++number) text += "event " + std::to_string(number) + '\n';
  return text;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("nauditctl spool shows a spool that is in use, and prints what waits") {
  const TempDir directory;
  output::Disk disk;
  const auto chosen = options(directory);
  Spool writer(disk, chosen);
  REQUIRE_FALSE(writer.open(kNow));
  append(writer, 0, 5);
  const auto first = writer.next();
  REQUIRE_FALSE(writer.confirm(first.end));
  append(writer, 5, 3);
  for (const std::string& folder : {chosen.folder, directory.file("spools")}) {
    const Outcome listed = spool({"ls", folder});
    CHECK(listed.code == 0);
    CHECK(has(listed.out, "siem: 3 events wait"));
    CHECK(has(listed.out, "in use"));
    CHECK(has(listed.out, "being written"));
    CHECK(has(listed.out, "delivered up to event 5"));
  }
  CHECK(spool({"verify", chosen.folder}).code == 0);
  CHECK(spool({"cat", chosen.folder}).out == lines(5, 3));
  CHECK(spool({"cat", "--all", chosen.folder}).out == lines(0, 8));
  const Outcome refused = spool({"repair", chosen.folder});
  CHECK(refused.code == 1);
  CHECK(has(refused.error, "is in use; stop nauditd first"));
}

TEST_CASE("nauditctl spool finds damage, and mends it so that nothing else is lost") {
  const TempDir directory;
  output::Disk disk;
  const auto chosen = options(directory);
  {
    Spool writer(disk, chosen);
    REQUIRE_FALSE(writer.open(kNow));
    append(writer, 0, 10);
    // As after a kill: not ended.
  }
  CHECK(has(spool({"ls", chosen.folder}).out, "not ended"));
  // Nothing was delivered, and that is known.
  CHECK(has(spool({"ls", chosen.folder}).out, "delivered up to event 0"));
  const std::string file = chosen.folder + "/00000000000000000001.seg";
  {
    std::fstream segment(file, std::ios::in | std::ios::out | std::ios::binary);
    segment.seekp(output::kSegmentHeader + 100);
    segment.put('!');
  }
  std::ofstream(chosen.folder + "/cursor") << "scribble";
  const Outcome found = spool({"verify", chosen.folder});
  CHECK(found.code == 1);
  CHECK(has(found.out, "damaged"));
  CHECK(has(found.out, "the position is lost"));
  const Outcome mended = spool({"repair", chosen.folder});
  CHECK(mended.code == 0);
  CHECK(has(mended.out, "9 events could be read"));
  CHECK(std::filesystem::exists(file + ".bad"));
  std::filesystem::remove(file + ".bad");
  CHECK(spool({"verify", chosen.folder}).code == 0);
  CHECK(has(spool({"repair", chosen.folder}).out, "nothing to repair"));
  const std::string left = spool({"cat", chosen.folder}).out;
  CHECK(std::ranges::count(left, '\n') == 9);
  CHECK(left.ends_with(lines(9, 1)));
}

TEST_CASE("nauditctl spool says where there is none") {
  const TempDir directory;
  const Outcome none = spool({"ls", directory.path()});
  CHECK(none.code == 1);
  CHECK(has(none.error, "there is no spool in"));
  CHECK(spool({"ls", directory.file("missing")}).code == 1);
  CHECK(spool({"ls"}).code == 2);
}

}  // namespace
}  // namespace naudit::ctl
