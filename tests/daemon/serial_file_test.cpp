// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/kernel/serial_file.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "daemon/kernel/serial_keeper.hpp"
#include "output/sinks/file/options.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit::daemon;
using naudit::tests::TempDir;

namespace {

const std::string kBoot = "5f0c2a44-1111-2222-3333-444455556666";

std::vector<naudit::config::Sink> log_in(const TempDir& directory, const std::string& text) {
  directory.write("events.json", text);
  naudit::config::Sink sink;
  sink.type = "file";
  naudit::output::FileOptions options;
  options.path = directory.file("events.json");
  sink.options = options;
  return {sink};
}

SerialKeeper::Before before(const TempDir& directory, const RunState& state,
                            const std::vector<naudit::config::Sink>& sinks) {
  SerialFile file(directory.file("serials"));
  REQUIRE(file.write(state, 1).empty());
  boost::asio::io_context loop;
  Background background(loop);
  return SerialKeeper(directory.path(), background).before(sinks);
}

}  // namespace

TEST_CASE("how far a run has come is read as it was written, always in the same number of bytes") {
  const RunState running{.boot = kBoot, .ended = false, .has_come = true, .settled = 0, .next = 4294967295};
  const RunState ended{.boot = kBoot, .ended = true, .unregistered = true, .has_come = true, .settled = 12, .next = 12};
  const RunState silent{.boot = kBoot};
  for (const RunState& state : {running, ended, silent}) {
    const std::string text = run_state_text(state);
    CHECK(text.size() == 128);
    CHECK(parse_run_state(text) == state);
    CHECK_FALSE(parse_run_state(text.substr(0, 100)));
  }
  CHECK_FALSE(parse_run_state(""));
  CHECK_FALSE(parse_run_state(std::string(128, 'x')));
}

TEST_CASE("an older state never replaces a newer one") {
  const TempDir directory;
  SerialFile file(directory.file("state/serials"));
  std::string problem;
  CHECK_FALSE(file.read(problem));
  CHECK(problem.empty());
  CHECK(file.write({.boot = kBoot, .ended = true}, 2).empty());
  CHECK(file.write({.boot = kBoot, .ended = false}, 1).empty());
  REQUIRE(file.read(problem));
  CHECK(file.read(problem)->ended);
  CHECK((std::filesystem::status(file.path()).permissions() & std::filesystem::perms::others_all) ==
        std::filesystem::perms::none);
}

TEST_CASE("a state that others could have written, or that has a second name, is neither believed nor written") {
  const TempDir directory;
  SerialFile file(directory.file("serials"));
  std::string problem;
  REQUIRE(file.write({.boot = kBoot, .ended = true}, 1).empty());
  SECTION("others can write it") {
    REQUIRE(::chmod(file.path().c_str(), 0622) == 0);
  }
  SECTION("a second name") {
    std::filesystem::create_hard_link(file.path(), directory.file("other"));
  }
  SECTION("a link") {
    std::filesystem::rename(file.path(), directory.file("other"));
    std::filesystem::create_symlink("other", file.path());
  }
  CHECK_FALSE(file.read(problem));
  CHECK(problem.find("serials' ") != std::string::npos);
  CHECK_FALSE(file.write({.boot = kBoot, .ended = false}, 2).empty());
}

TEST_CASE("behind an orderly end the next run begins where that one ended, and asks no log") {
  const TempDir directory;
  const auto sinks = log_in(directory, "{\"id\":\"1.000:7\",\"records\":{}}\n");
  const auto known =
      before(directory, {.boot = boot_id(), .ended = true, .has_come = true, .settled = 40, .next = 40}, sinks);
  CHECK_FALSE(known.was_killed);
  CHECK(known.next == 40U);
  CHECK_FALSE(known.has_own);
  CHECK(known.came.empty());
  CHECK_FALSE(known.is_bound);
}

TEST_CASE("behind a kill the log's end says what has come") {
  const TempDir directory;
  const auto sinks = log_in(directory,
                            "{\"id\":\"1.000:39\",\"records\":{}}\n{\"id\":\"1.000:40\",\"records\":{}}\n"
                            "{\"id\":\"1.000:43\",\"records\":{}}\n{\"id\":\"1.000:44\",\"reco");
  const auto known =
      before(directory, {.boot = boot_id(), .ended = false, .has_come = true, .settled = 40, .next = 41}, sinks);
  CHECK(known.was_killed);
  CHECK(known.next == 40U);
  CHECK(known.came == std::vector<std::uint32_t>{40, 43});
  CHECK_FALSE(known.is_bound);
}

TEST_CASE("behind a kill before anything was written of the serials the log's end says where they were") {
  const TempDir directory;
  const auto sinks = log_in(directory,
                            "{\"id\":\"1.000:3\",\"records\":{\"daemon_start\":{}}}\n"
                            "{\"id\":\"1.000:50\",\"records\":{}}\n{\"id\":\"1.000:52\",\"records\":{}}\n");
  const auto known = before(directory, {.boot = boot_id(), .ended = false}, sinks);
  CHECK(known.was_killed);
  CHECK(known.next == 50U);
  CHECK(known.came == std::vector<std::uint32_t>{50, 52});
  CHECK_FALSE(known.is_bound);
  const auto unknown = before(directory, {.boot = boot_id(), .ended = false}, {});
  CHECK_FALSE(unknown.next);
  CHECK_FALSE(unknown.is_bound);
}

TEST_CASE("behind a kill without a log that can be read the serials are a bound only") {
  const TempDir directory;
  const auto known =
      before(directory, {.boot = boot_id(), .ended = false, .has_come = true, .settled = 40, .next = 41}, {});
  CHECK(known.was_killed);
  CHECK(known.next == 41U);
  CHECK(known.is_bound);
}

TEST_CASE("serials of another boot say nothing of this one") {
  const TempDir directory;
  const auto known =
      before(directory, {.boot = kBoot, .ended = false, .has_come = true, .settled = 40, .next = 41}, {});
  CHECK(known.was_killed);
  CHECK_FALSE(known.next);
}
