// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "base/file.hpp"
#include "migrate/undo/changes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::migrate {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Wanted = std::vector<MigratedFolder::Wanted>;

std::string read(const std::string& path) {
  return base::read_file(path, false);
}

bool never(const std::string& /*path*/, const std::string& /*text*/) {
  return false;
}

// All that stat(2) and a read tell of what is in a folder.
std::map<std::string, std::string> state_of(const std::string& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    struct stat status{};
    REQUIRE(::lstat(entry.path().c_str(), &status) == 0);
    std::string text = std::to_string(status.st_mode) + ' ' + std::to_string(status.st_uid);
    if (S_ISREG(status.st_mode))
      text += ' ' + std::to_string(status.st_ino) + ' ' + std::to_string(status.st_mtim.tv_nsec) + ' ' +
              std::to_string(status.st_nlink) + ' ' + base::read_file(entry.path(), false);
    if (S_ISLNK(status.st_mode)) text += " -> " + fs::read_symlink(entry.path()).string();
    found[fs::relative(entry.path(), folder)] = text;
  }
  return found;
}

void migrate(const std::string& folder, const Wanted& wanted, bool force = false) {
  MigratedFolder to(folder);
  to.apply(to.changes(wanted), force, never);
}

std::string refused(const std::function<void()>& what) {
  try {
    what();
  } catch (const base::Error& error) {
    return error.what();
  }
  return "done";
}

TEST_CASE("a migration that is taken back leaves each file itself again, with mode, times and links") {
  const tests::TempDir folder;
  folder.write("nauditd.yaml", "mine\n");
  ::chmod(folder.file("nauditd.yaml").c_str(), 0604);
  folder.write("other", "linked\n");
  fs::create_directory(folder.file("rules.d"));
  fs::create_symlink("../other", folder.file("rules.d/a.yaml"));
  fs::create_symlink("nowhere", folder.file("rules.d/b.yaml"));
  const auto before = state_of(folder.path());

  const Wanted wanted{
      {"nauditd.yaml", "new\n"}, {"rules.d/a.yaml", "a\n"}, {"rules.d/b.yaml", "b\n"}, {"rules.d/c.yaml", "c\n"}};
  migrate(folder.path(), wanted, true);
  CHECK(read(folder.file("nauditd.yaml")) == "new\n");
  CHECK(read(folder.file("rules.d/c.yaml")) == "c\n");
  CHECK(read(folder.file("other")) == "linked\n");
  CHECK(MigratedFolder(folder.path()).changes(wanted).empty());

  CHECK(MigratedFolder(folder.path()).back(false).empty());
  CHECK(state_of(folder.path()) == before);
  CHECK_THAT(refused([&] { MigratedFolder(folder.path()).back(false); }), Contains("nothing was migrated"));
}

TEST_CASE("what is there already is replaced only when that is meant, and nothing is written before") {
  const tests::TempDir folder;
  folder.write("nauditd.yaml", "mine\n");
  const auto before = state_of(folder.path());
  const Wanted wanted{{"nauditd.yaml", "new\n"}, {"rules.d/a.yaml", "a\n"}};
  CHECK_THAT(refused([&] { migrate(folder.path(), wanted); }), Contains("nauditd.yaml: is there already"));
  CHECK(state_of(folder.path()) == before);
  MigratedFolder to(folder.path());
  to.apply(to.changes(wanted), false, [](const std::string&, const std::string& text) { return text == "mine\n"; });
  CHECK(read(folder.file("nauditd.yaml")) == "new\n");
}

TEST_CASE("a second migration keeps what was there before the first, and removes what it does not want any more") {
  const tests::TempDir folder;
  folder.write("nauditd.yaml", "mine\n");
  const auto before = state_of(folder.path());
  migrate(folder.path(), {{"nauditd.yaml", "1\n"}, {"rules.d/a.yaml", "a\n"}, {"rules.d/b.yaml", "b\n"}}, true);
  folder.write("rules.d/b.yaml", "b, and mine\n");
  const Wanted second{{"nauditd.yaml", "2\n"}};
  CHECK(MigratedFolder(folder.path()).left_over(second) == std::vector<std::string>{folder.file("rules.d/b.yaml")});
  migrate(folder.path(), second);
  CHECK_FALSE(fs::exists(folder.file("rules.d/a.yaml")));
  CHECK(fs::exists(folder.file("rules.d/b.yaml")));
  CHECK_THAT(refused([&] { MigratedFolder(folder.path()).back(false); }),
             Contains("rules.d/b.yaml: was changed since the migration; nothing was restored"));
  CHECK(read(folder.file("nauditd.yaml")) == "2\n");
  CHECK(MigratedFolder(folder.path()).back(true).empty());
  CHECK(state_of(folder.path()) == before);
}

TEST_CASE("what somebody changed or removed since is not overwritten by a second migration either") {
  const tests::TempDir folder;
  migrate(folder.path(), {{"nauditd.yaml", "1\n"}, {"rules.d/a.yaml", "a\n"}});
  folder.write("nauditd.yaml", "1, and mine\n");
  CHECK_THAT(refused([&] { migrate(folder.path(), {{"nauditd.yaml", "2\n"}}); }),
             Contains("was changed since the last"));
  fs::remove(folder.file("rules.d/a.yaml"));
  folder.write("nauditd.yaml", "1\n");
  CHECK_THAT(refused([&] { MigratedFolder(folder.path()).back(false); }),
             Contains("was removed since the migration") || Catch::Equals("done"));
}

TEST_CASE("files that others put into a folder of the migration keep it") {
  const tests::TempDir folder;
  migrate(folder.path(), {{"rules.d/a.yaml", "a\n"}});
  folder.write("rules.d/own.yaml", "own\n");
  const auto stays = MigratedFolder(folder.path()).back(false);
  REQUIRE(stays.size() == 1);
  CHECK_THAT(stays[0].text(), Contains("rules.d: stays: Directory not empty"));
  CHECK(fs::exists(folder.file("rules.d/own.yaml")));
  CHECK_FALSE(fs::exists(folder.file("rules.d/a.yaml")));
}

TEST_CASE("a migration that broke off is taken back, and one that is taken back half-way again") {
  const tests::TempDir folder;
  folder.write("nauditd.yaml", "mine\n");
  folder.write("b.yaml", "b\n");
  const auto before = state_of(folder.path());
  migrate(folder.path(), {{"nauditd.yaml", "1\n"}, {"b.yaml", "2\n"}}, true);
  // As if the first file had not been put in its place: it still is what is kept.
  fs::remove(folder.file("nauditd.yaml"));
  fs::create_hard_link(folder.file(".migrate/before/1"), folder.file("nauditd.yaml"));
  CHECK(MigratedFolder(folder.path()).back(false).empty());
  CHECK(state_of(folder.path()) == before);

  migrate(folder.path(), {{"nauditd.yaml", "1\n"}, {"b.yaml", "2\n"}}, true);
  fs::rename(folder.file(".migrate/before/1"), folder.file("nauditd.yaml"));
  CHECK(MigratedFolder(folder.path()).back(false).empty());
  CHECK(state_of(folder.path()) == before);
}

TEST_CASE("a record is read as it was written, and never leads out of its folder") {
  const ChangeRecord record{{{"nauditd.yaml", sha256("x"), "1"}, {"rules.d/a.yaml", "", ""}}, {"rules.d"}};
  CHECK(read_record(record_text(record), "r") == record);
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const auto file = [](const std::string& path, const std::string& before) {
    return R"({"version":1,"files":[{"path":")" + path + R"(","written":"","before":")" + before +
           R"("}],"folders":[]})";
  };
  CHECK(refused([&] { read_record(file("a/b", "1"), "r"); }) == "done");
  for (const auto& text : {file("../a", ""), file("/a", ""), file("a/../b", ""), file("", ""), file("a//b", ""),
                           file("a", "../1"), file("a", "x/1"), std::string("{"), std::string("[]"), std::string("{}"),
                           std::string(R"({"files":[1],"folders":[]})")})
    CHECK_THAT(refused([&] { read_record(text, "r"); }), Catch::StartsWith("r: is no record of a migration"));
}

}  // namespace
}  // namespace naudit::migrate
