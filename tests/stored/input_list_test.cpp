// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "stored/input_list.hpp"

#include <chrono>
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::stored {
namespace {

using Paths = std::vector<std::string>;

Paths sorted(Paths paths) {
  sort_logs(paths);
  return paths;
}

TEST_CASE("numbered logs are read from the largest number to none") {
  CHECK(sorted({"a/audit.log", "a/audit.log.1", "a/audit.log.10", "a/audit.log.2.gz"}) ==
        Paths{"a/audit.log.10", "a/audit.log.2.gz", "a/audit.log.1", "a/audit.log"});
  CHECK(sorted({"events.json", "events.json.2", "events.json.1"}) ==
        Paths{"events.json.2", "events.json.1", "events.json"});
}

TEST_CASE("dated logs are read from the oldest date on, in whatever way the date stands there") {
  CHECK(sorted({"audit.log", "audit.log-20240201.xz", "audit.log-20240131"}) ==
        Paths{"audit.log-20240131", "audit.log-20240201.xz", "audit.log"});
  CHECK(sorted({"audit-2024-02-01.log", "audit-2024-01-31.log.zst"}) ==
        Paths{"audit-2024-01-31.log.zst", "audit-2024-02-01.log"});
  CHECK(sorted({"audit.log-1700003600", "audit.log-1700000000"}) ==
        Paths{"audit.log-1700000000", "audit.log-1700003600"});
  CHECK(sorted({"audit.log.2024-01-31T10:00", "audit.log.2024-01-31T09:00"}) ==
        Paths{"audit.log.2024-01-31T09:00", "audit.log.2024-01-31T10:00"});
  const Paths ours{"events.json.2026-11-30T115959Z.zst",    "events.json.2026-11-30T120000Z.zst",
                   "events.json.2026-11-30T120000Z-001.gz", "events.json.2026-11-30T120000Z-010",
                   "events.json.2026-11-30T120001Z",        "events.json"};
  CHECK(sorted({ours.rbegin(), ours.rend()}) == ours);
}

TEST_CASE("logs of one series stand together where the first of them stood") {
  CHECK(sorted({"b.log", "-", "a.log", "b.log.1"}) == Paths{"b.log.1", "b.log", "-", "a.log"});
  CHECK(sorted({"x/audit.log", "y/audit.log.1"}) == Paths{"x/audit.log", "y/audit.log.1"});
}

TEST_CASE("a directory stands for its logs, and not for what an editor left there") {
  const tests::TempDir directory;
  for (const char* name : {"audit.log", "audit.log.1", ".audit.log.swp", "audit.log~", "audit.log.2"})
    directory.write(name, "12345");
  std::filesystem::create_directory(directory.file("sub"));
  const InputList list = list_inputs({directory.path()});
  CHECK(list.problems.empty());
  CHECK(list.size == 15);
  CHECK(list.paths == Paths{directory.file("audit.log.2"), directory.file("audit.log.1"), directory.file("audit.log")});
}

TEST_CASE("a log that is there compressed, too, is read once") {
  const tests::TempDir directory;
  const auto now = std::filesystem::file_time_type::clock::now();
  for (const char* name : {"e.json", "e.json.1", "e.json.1.zst", "e.json.2", "e.json.2.gz", "e.json.3.gz"}) {
    directory.write(name, "12345");
    std::filesystem::last_write_time(directory.file(name), now);
  }
  // Another one's.
  std::filesystem::last_write_time(directory.file("e.json.2.gz"), now - std::chrono::seconds{1});
  CHECK(list_inputs({directory.path()}).paths == Paths{directory.file("e.json.3.gz"), directory.file("e.json.2"),
                                                       directory.file("e.json.2.gz"), directory.file("e.json.1"),
                                                       directory.file("e.json")});
}

TEST_CASE("no argument is standard input, and a directory without a log is a problem") {
  CHECK(list_inputs({}).paths == Paths{"-"});
  const tests::TempDir directory;
  const InputList list = list_inputs({directory.path()});
  CHECK(list.paths.empty());
  REQUIRE(list.problems.size() == 1);
  CHECK(list.problems[0] == "cannot read '" + directory.path() + "': there is no log in this directory");
}

}  // namespace
}  // namespace naudit::stored
