// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/rotated_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "tests/output/sink_support.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;
using tests::read_file;
using tests::write_file;
using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds kNoon = std::chrono::sys_days{2026y / 11 / 30} + 12h;

struct Fixture {
  Fixture() { system.set_clock(kNoon); }
  RotatedFiles files() { return {system, log, rotate}; }
  // An old file of so many bytes, last written so long before noon.
  void old(const std::string& suffix, std::size_t size = 1, std::chrono::seconds ago = 0s) {
    const std::string path = log + '.' + suffix;
    write_file(path, std::string(size, 'x'), fs::perms{0400});
    const timespec at{(kNoon - ago).time_since_epoch().count(), 0};
    const timespec times[] = {at, at};
    REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  }
  // Takes a log with this text.
  FileProblem take(const std::string& text = "new") {
    write_file(log, text, fs::perms{0600});
    return files().take(::geteuid());
  }
  std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(directory.path())) found.push_back(entry.path().filename());
    std::ranges::sort(found);
    return found;
  }

  tests::TempDir directory;
  std::string log = directory.file("e.json");
  tests::FaultyFileSystem system;
  Rotate rotate;
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("only names that we give are read as such") {
  for (const char* name : {"1", "12", "100000", "1.gz", "12.zst", "2026-11-30T120000Z", "2026-11-30T120000Z-002",
                           "2026-11-30T120000Z.zst"}) {
    const auto read = RotatedName::of(name);
    REQUIRE(read);
    CHECK(read->suffix() == name);
  }
  for (const char* name : {"",
                           "0",
                           "01",
                           "1a",
                           "a1",
                           "-1",
                           "+1",
                           "100001",
                           "99999999999",
                           "1.bak",
                           "2026-11-30",
                           "2026-11-30T120000",
                           "2026-11-30T120000Z-2",
                           "2026-11-30T120000Z-0002",
                           "2026-11-30T12000OZ",
                           ".gz",
                           "1.gz.zst",
                           "1.xz",
                           "gz",
                           "01.zst"})
    CHECK_FALSE(RotatedName::of(name));
}

TEST_CASE("a dated file has the time of its rotation, and never overwrites another") {
  Fixture f;
  f.rotate.names = RotateNames::kDated;
  CHECK_FALSE(f.take("one"));
  CHECK_FALSE(f.take("two"));
  CHECK_FALSE(f.take("three"));
  CHECK(read_file(f.log + ".2026-11-30T120000Z") == "one");
  CHECK(read_file(f.log + ".2026-11-30T120000Z-001") == "two");
  CHECK(read_file(f.log + ".2026-11-30T120000Z-002") == "three");
  // Whatever else has the name.
  fs::create_directory(f.log + ".2026-11-30T120001Z");
  f.system.set_clock(kNoon + 1s);
  RotatedFiles files = f.files();
  write_file(f.log, "four", fs::perms{0600});
  CHECK_FALSE(files.take(::geteuid()));
  CHECK(files.newest() == f.log + ".2026-11-30T120001Z-001");
  CHECK(read_file(files.newest()) == "four");
}

TEST_CASE("files are listed the oldest first, those of the other names before") {
  Fixture f;
  for (const char* name : {"1", "2", "10", "2026-11-30T110000Z", "2026-11-30T110000Z-001", "2025-01-01T000000Z"})
    f.old(name);
  std::vector<RotatedFile> found;
  const auto listed = [&] {
    CHECK_FALSE(f.files().list(::geteuid(), found));
    Names names;
    for (const RotatedFile& file : found) names.push_back(file.name.suffix());
    return names;
  };
  const Names dated{"2025-01-01T000000Z", "2026-11-30T110000Z", "2026-11-30T110000Z-001"}, numbered{"10", "2", "1"};
  Names both = dated;
  both.insert(both.end(), numbered.begin(), numbered.end());
  CHECK(listed() == both);
  f.rotate.names = RotateNames::kDated;
  both = numbered;
  both.insert(both.end(), dated.begin(), dated.end());
  CHECK(listed() == both);
}

TEST_CASE("what is not certainly ours is neither removed nor moved") {
  Fixture f;
  f.rotate.keep = 1;
  f.old("3");
  f.old("2026-11-30T110000Z");
  for (const char* name : {"bak", "1.bak", "02", "2026-11-30"}) f.old(name);
  write_file(f.directory.file("other.json.1"), "theirs", fs::perms{0600});
  fs::create_directory(f.log + ".4");
  fs::create_symlink(f.log + ".bak", f.log + ".5");
  f.old("6");
  const bool is_root = ::geteuid() == 0;
  if (is_root) REQUIRE(::chown((f.log + ".6").c_str(), 1234, 1234) == 0);
  CHECK_FALSE(f.files().prune(::geteuid(), true));
  Names left{"e.json.02", "e.json.1.bak", "e.json.2026-11-30", "e.json.3",
             "e.json.4",  "e.json.5",     "e.json.bak",        "other.json.1"};
  if (is_root) left.insert(left.begin() + 6, "e.json.6");
  CHECK(f.names() == left);
}

TEST_CASE("the oldest go until the rest fits the total, is no older and no more than asked for") {
  Fixture f;
  for (int number = 1; number <= 5; ++number) f.old(std::to_string(number), 10, std::chrono::hours(24 * number));
  Names left;
  SECTION("total") {
    f.rotate.total = 35;
    left = {"e.json.1", "e.json.2", "e.json.3"};
  }
  SECTION("age") {
    f.rotate.age = 49h;
    left = {"e.json.1", "e.json.2"};
  }
  SECTION("keep") {
    f.rotate.keep = 4;
    left = {"e.json.1", "e.json.2", "e.json.3", "e.json.4"};
  }
  SECTION("whichever is least") {
    f.rotate.total = 45;
    f.rotate.age = 73h;
    f.rotate.keep = 2;
    left = {"e.json.1", "e.json.2"};
  }
  SECTION("a total smaller than any file") {
    f.rotate.total = 1;
  }
  CHECK_FALSE(f.files().prune(::geteuid(), true));
  CHECK(f.names() == left);
}

TEST_CASE("a clock that is not trusted removes nothing for its age") {
  Fixture f;
  f.old("1", 1, 24h);
  f.rotate.age = 1h;
  CHECK_FALSE(f.files().prune(::geteuid(), false));
  CHECK(f.names() == Names{"e.json.1"});
}

TEST_CASE("with a total or an age the number of files has no limit unless it is set") {
  CHECK(Rotate{}.most() == 10);
  CHECK(Rotate{.total = 1}.most() == Rotate::kMostKept);
  CHECK(Rotate{.age = 1h}.most() == Rotate::kMostKept);
  CHECK(Rotate{.keep = 3, .total = 1}.most() == 3);
}

TEST_CASE("an old file that cannot be removed is told, and the others go") {
  Fixture f;
  f.rotate.keep = 0;
  f.old("1");
  f.system.fail_unlinks(EPERM);
  CHECK(f.files().prune(::geteuid(), true).text == "cannot remove " + f.log + ".1: Operation not permitted");
  CHECK(f.names() == Names{"e.json.1"});
}

TEST_CASE("where a file system has no exclusive rename nothing is overwritten either") {
  Fixture f;
  const int error = GENERATE(0, EINVAL, ENOSYS);
  f.system.fail_exclusive_renames(error);
  write_file(f.log, "new", fs::perms{0600});
  f.old("1");
  CHECK(f.system.rename_new(f.log.c_str(), (f.log + ".1").c_str()) == -1);
  CHECK(errno == EEXIST);
  CHECK(read_file(f.log + ".1") == "x");
  CHECK(f.system.rename_new(f.log.c_str(), (f.log + ".2").c_str()) == 0);
  CHECK(read_file(f.log + ".2") == "new");
  CHECK_FALSE(fs::exists(f.log));
  // What else goes wrong is no reason to try without.
  f.system.fail_exclusive_renames(EACCES);
  CHECK(f.system.rename_new((f.log + ".2").c_str(), (f.log + ".3").c_str()) == -1);
}

}  // namespace naudit::output
