// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/rules/files.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;
using test::read_all;
using test::TempDir;

TEST_CASE("files are written all at once, with the directories that are missing") {
  const TempDir directory;
  OutputFiles files;
  files.add(directory.file("new/a.yaml"), "a");
  files.add(directory.file("new/below/b.yaml"), "b");
  CHECK(files.size() == 2);
  CHECK_FALSE(fs::exists(directory.file("new")));
  files.write(false);
  CHECK(read_all(directory.file("new/a.yaml")) == "a");
  CHECK(read_all(directory.file("new/below/b.yaml")) == "b");
  CHECK(fs::status(directory.file("new")).permissions() == fs::perms(0750));
  CHECK(fs::status(directory.file("new/a.yaml")).permissions() == fs::perms(0640));
}

TEST_CASE("each file that is there is named, and none is written, unless it is forced") {
  const TempDir directory;
  directory.write("b", "before");
  directory.write("c", "before");
  OutputFiles files;
  for (const char* name : {"a", "b", "c"}) files.add(directory.file(name), "new");
  try {
    files.write(false);
    FAIL("it wrote");
  } catch (const base::Error& refused) {
    CHECK(refused.problems().size() == 2);
  }
  CHECK_FALSE(fs::exists(directory.file("a")));
  CHECK(read_all(directory.file("b")) == "before");
  files.write(true);
  CHECK(read_all(directory.file("b")) == "new");
}

TEST_CASE("what fails half-way leaves nothing behind") {
  const TempDir directory;
  directory.write("file", "no directory");
  OutputFiles files;
  files.add(directory.file("new/a"), "a");
  files.add(directory.file("file/b"), "b");
  CHECK_THROWS_AS(files.write(false), base::Error);
  CHECK_FALSE(fs::exists(directory.file("new")));
}

TEST_CASE("two files do not get one name") {
  OutputFiles files;
  files.add("a", "1");
  CHECK_THROWS_AS(files.add("a", "2"), base::Error);
}

TEST_CASE("standard input has a name of its own") {
  CHECK(input_name("-") == "stdin");
  CHECK(input_name("/a") == "/a");
}

}  // namespace
}  // namespace naudit::ctl
