// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/written_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit::base;
using Catch::Matchers::Contains;
namespace tests = naudit::tests;

namespace {

unsigned mode_of(const std::string& path) {
  struct stat status{};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

// Neither to be read nor to be written.
void check_refused(const std::string& path, const std::string& why) {
  for (const OwnUse use : {OwnUse::kRead, OwnUse::kWrite}) {
    const OwnFile own = open_own_file(path, use);
    CHECK_FALSE(own.file);
    CHECK_THAT(own.problem, Contains(why));
  }
}

}  // namespace

TEST_CASE("a file of our own is made with its folder, for nobody else") {
  const tests::TempDir dir;
  const std::string path = dir.file("state/inner/serials");
  const OwnFile missing = open_own_file(path, OwnUse::kRead);
  CHECK_FALSE(missing.file);
  CHECK(missing.problem.empty());
  CHECK(open_own_file(path, OwnUse::kWrite).file);
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(dir.file("state/inner")) == 0700);
  CHECK(open_own_file(path, OwnUse::kRead).file);
}

TEST_CASE("a file that somebody else could change, or read under another name, is none of our own") {
  const tests::TempDir dir;
  const std::string path = dir.file("state");
  SECTION("everybody may write it") {
    dir.write("state", "x");
    REQUIRE(::chmod(path.c_str(), 0606) == 0);
    check_refused(path, "can be written by others than its owner: chmod go-w");
  }
  SECTION("its group may write it") {
    dir.write("state", "x");
    REQUIRE(::chmod(path.c_str(), 0660) == 0);
    check_refused(path, "can be written by others than its owner");
  }
  SECTION("it has a second name") {
    dir.write("state", "x");
    std::filesystem::create_hard_link(path, dir.file("other"));
    check_refused(path, "has a second name");
    std::filesystem::remove(dir.file("other"));
    CHECK(open_own_file(path, OwnUse::kWrite).file);
  }
  SECTION("it is a link, even to a file of ours, or to one that is not there") {
    dir.write("other", "x");
    std::filesystem::create_symlink("other", path);
    check_refused(path, "is a symbolic link");
    std::filesystem::remove(dir.file("other"));
    check_refused(path, "is a symbolic link");
    CHECK_FALSE(std::filesystem::exists(dir.file("other")));
  }
  SECTION("it is a FIFO, which nobody may wait for") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const OwnFile own = open_own_file(path, OwnUse::kRead);
    CHECK_FALSE(own.file);
    CHECK_THAT(own.problem, Contains("is no regular file"));
    CHECK_FALSE(open_own_file(path, OwnUse::kWrite).file);
  }
  SECTION("others may write its folder, or one above it") {
    std::filesystem::create_directories(dir.file("open/inner"));
    REQUIRE(::chmod(dir.file("open").c_str(), 0777) == 0);
    check_refused(dir.file("open/inner/state"), "can be written by everybody");
    CHECK_FALSE(std::filesystem::exists(dir.file("open/inner/state")));
  }
  SECTION("a link in the middle leads through a folder that others may write") {
    std::filesystem::create_directories(dir.file("open/inner"));
    REQUIRE(::chmod(dir.file("open").c_str(), 0777) == 0);
    std::filesystem::create_directory_symlink("open/inner", dir.file("link"));
    check_refused(dir.file("link/state"), "can be written by everybody");
  }
}

TEST_CASE("a file of another user's is none of our own", "[.root]") {
  const tests::TempDir dir;
  dir.write("state", "x");
  REQUIRE(::chown(dir.file("state").c_str(), 1, 1) == 0);
  check_refused(dir.file("state"), "belongs to user id 1");
  std::filesystem::create_directory(dir.file("theirs"));
  REQUIRE(::chown(dir.file("theirs").c_str(), 1, 1) == 0);
  check_refused(dir.file("theirs/state"), "belongs to user id 1");
}
