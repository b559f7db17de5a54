// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/pipeline/untold_file.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using daemon::SinkSet;
using daemon::UntoldFile;

namespace {

SinkSet::Untold untold(const std::string& sink, std::uint64_t events) {
  SinkSet::Untold one{sink, {}};
  one.losses.add("queue full while disk full", events, "1.000:1", "1.000:9");
  one.losses.add("stopped before delivery", 2, "1.000:10", "1.000:11");
  return one;
}

}  // namespace

TEST_CASE("losses that nobody was told are there again after a restart") {
  const tests::TempDir directory;
  const UntoldFile file(directory.file("state"));
  std::string problem;
  CHECK(file.read(problem).empty());
  CHECK(problem.empty());
  const std::vector<SinkSet::Untold> all = {untold("log", 9), untold("siem", 700'000)};
  CHECK(file.write(all).empty());
  CHECK(file.read(problem) == all);
  CHECK(problem.empty());
  CHECK(file.write({}).empty());
  CHECK(file.read(problem).empty());
  CHECK(problem.empty());
}

TEST_CASE("the file of untold losses never grows: a full disk takes it") {
  const tests::TempDir directory;
  const UntoldFile file(directory.path());
  const std::string path = directory.file("sinks.untold");
  CHECK(file.write({}).empty());
  const auto size = std::filesystem::file_size(path);
  std::vector<SinkSet::Untold> many;
  for (int i = 0; i < 500; ++i) many.push_back(untold("sink" + std::to_string(i), 1));
  CHECK(file.write(many).empty());
  CHECK(std::filesystem::file_size(path) == size);
  std::string problem;
  CHECK_FALSE(file.read(problem).empty());
  CHECK(problem.empty());
}

TEST_CASE("losses are told whatever bytes their cause has") {
  const tests::TempDir directory;
  const UntoldFile file(directory.path());
  output::Losses losses;
  losses.add("server says \xff\xfe", 9, "1.000:1", "1.000:9");
  CHECK(file.write({{"log", losses}}).empty());
  std::string problem;
  const auto read = file.read(problem);
  CHECK(problem.empty());
  REQUIRE(read.size() == 1);
  CHECK(read[0].losses.events() == 9);
  CHECK(read[0].losses.list()[0].last_id == "1.000:9");
}

TEST_CASE("a file of untold losses that others could have written, or that is damaged, is not believed") {
  const tests::TempDir directory;
  const UntoldFile file(directory.path());
  const std::string path = directory.file("sinks.untold");
  std::string problem;
  SECTION("written by others") {
    CHECK(file.write({untold("log", 9)}).empty());
    REQUIRE(::chmod(path.c_str(), 0666) == 0);
  }
  SECTION("in a folder that others can write") {
    CHECK(file.write({untold("log", 9)}).empty());
    REQUIRE(::chmod(directory.path().c_str(), 0777) == 0);
    CHECK_FALSE(file.write({}).empty());
  }
  SECTION("damaged") {
    std::ofstream(path) << "[{\"sink\":";
  }
  SECTION("a link") {
    std::filesystem::create_symlink(directory.file("elsewhere"), path);
  }
  SECTION("a second name") {
    CHECK(file.write({untold("log", 9)}).empty());
    std::filesystem::create_hard_link(path, directory.file("other"));
    CHECK_FALSE(file.write({}).empty());
  }
  CHECK(file.read(problem).empty());
  CHECK_FALSE(problem.empty());
}
