// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/trusted_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using namespace naudit::base;

namespace {

constexpr uid_t kRoot = 0;
constexpr uid_t kMallory = 1001;

// A machine's files, as they are told here.
class Tree {
 public:
  Tree() { folder("/", 0755); }
  Tree& folder(const std::string& path, mode_t mode, uid_t uid = kRoot, gid_t gid = 0) {
    entries_[path] = {uid, gid, S_IFDIR | mode, false, {}};
    return *this;
  }
  Tree& file(const std::string& path, mode_t mode, uid_t uid = kRoot, gid_t gid = 0) {
    entries_[path] = {uid, gid, S_IFREG | mode, false, {}};
    return *this;
  }
  Tree& link(const std::string& path, const std::string& target, uid_t uid = kRoot) {
    entries_[path] = {uid, 0, S_IFLNK | 0777, false, target};
    return *this;
  }
  Tree& access_list(const std::string& path) {
    entries_.at(path).has_access_list = true;
    return *this;
  }

  // The path at fault, or nothing.
  [[nodiscard]] std::string fault(const std::string& path, uid_t us = kRoot, PathPart part = PathPart::kWhole) const {
    const auto found = find(path, us, part);
    return found ? found->path : "";
  }
  [[nodiscard]] std::optional<Untrusted> find(const std::string& path, uid_t us = kRoot,
                                              PathPart part = PathPart::kWhole) const {
    return find_untrusted(path, part, us, [this](const std::string& name) -> std::optional<PathEntry> {
      const auto entry = entries_.find(name);
      if (entry == entries_.end()) return std::nullopt;
      return entry->second;
    });
  }

 private:
  std::map<std::string, PathEntry> entries_;
};

Tree usual() {
  Tree tree;
  tree.folder("/etc", 0755).folder("/etc/naudit", 0750).file("/etc/naudit/nauditd.yaml", 0640);
  tree.folder("/tmp", 01777).folder("/home", 0755).folder("/home/mallory", 0700, kMallory, kMallory);
  return tree;
}

}  // namespace

TEST_CASE("a path whose folders all belong to root is trusted", "[trusted_path]") {
  CHECK(usual().fault("/etc/naudit/nauditd.yaml").empty());
  CHECK(usual().fault("//etc/./naudit/../naudit//nauditd.yaml").empty());
  CHECK(usual().fault("/").empty());
}

TEST_CASE("each folder on the way is looked at, up to the root", "[trusted_path]") {
  CHECK(usual().folder("/etc/naudit", 0777).fault("/etc/naudit/nauditd.yaml") == "/etc/naudit");
  CHECK(usual().folder("/etc", 0757).fault("/etc/naudit/nauditd.yaml") == "/etc");
  CHECK(usual().folder("/", 0777).fault("/etc/naudit/nauditd.yaml") == "/");
  CHECK(usual().folder("/etc", 0755, kMallory).fault("/etc/naudit/nauditd.yaml") == "/etc");
  CHECK(usual().fault("/home/mallory/nauditd.yaml") == "/home/mallory");
}

TEST_CASE("a group other than root's may not write", "[trusted_path]") {
  CHECK(usual().folder("/etc/naudit", 0770, kRoot, 4).fault("/etc/naudit/nauditd.yaml") == "/etc/naudit");
  CHECK(usual().folder("/etc/naudit", 0770, kRoot, 0).fault("/etc/naudit/nauditd.yaml").empty());
  CHECK(usual().folder("/etc/naudit", 0770).access_list("/etc/naudit").fault("/etc/naudit/x") == "/etc/naudit");
  CHECK(usual().folder("/etc/naudit", 0750).access_list("/etc/naudit").fault("/etc/naudit/x").empty());
}

TEST_CASE("what the path ends at counts unless only its folders are asked for", "[trusted_path]") {
  const Tree tree = usual().file("/etc/naudit/key.pem", 0600, kMallory).file("/etc/naudit/open", 0666);
  CHECK(tree.fault("/etc/naudit/key.pem") == "/etc/naudit/key.pem");
  CHECK(tree.fault("/etc/naudit/open") == "/etc/naudit/open");
  CHECK(tree.fault("/etc/naudit/key.pem", kRoot, PathPart::kParents).empty());
  CHECK(tree.fault("/etc/naudit/open", kRoot, PathPart::kParents).empty());
}

TEST_CASE("in a sticky folder of root's only what belongs to root or to us is trusted", "[trusted_path]") {
  Tree tree = usual();
  tree.folder("/tmp/ours", 0700, 1000).folder("/tmp/his", 0755, kMallory).folder("/tmp/roots", 0755);
  CHECK(tree.fault("/tmp/ours/file", 1000).empty());
  CHECK(tree.fault("/tmp/roots/file", 1000).empty());
  CHECK(tree.fault("/tmp/his/file", 1000) == "/tmp/his");
  CHECK(tree.fault("/tmp/ours/file", kRoot) == "/tmp/ours");
  CHECK(tree.folder("/srv", 01777, kMallory).fault("/srv/file") == "/srv");
  // The sticky bit protects entries of a folder; on a file it means nothing.
  CHECK(tree.file("/etc/sticky", 01666).fault("/etc/sticky") == "/etc/sticky");
}

TEST_CASE("a link is followed, and its own folders and its target's are looked at", "[trusted_path]") {
  Tree tree = usual();
  tree.folder("/srv", 0755).folder("/srv/open", 0777).folder("/srv/good", 0755).file("/srv/good/a.yaml", 0644);
  tree.link("/etc/naudit/good.yaml", "/srv/good/a.yaml").link("/etc/naudit/near.yaml", "../../srv/good/a.yaml");
  tree.link("/etc/naudit/bad.yaml", "/srv/open/a.yaml").link("/etc/naudit/folder", "/srv/open/");
  tree.link("/etc/naudit/his.yaml", "/srv/good/a.yaml", kMallory).link("/etc/naudit/twice", "bad.yaml");
  CHECK(tree.fault("/etc/naudit/good.yaml").empty());
  CHECK(tree.fault("/etc/naudit/near.yaml").empty());
  CHECK(tree.fault("/etc/naudit/bad.yaml") == "/srv/open");
  CHECK(tree.fault("/etc/naudit/twice") == "/srv/open");
  CHECK(tree.fault("/etc/naudit/folder/x") == "/srv/open");
  CHECK(tree.fault("/etc/naudit/folder/..") == "/srv/open");
  CHECK(tree.fault("/etc/naudit/his.yaml") == "/etc/naudit/his.yaml");
  // With the folders alone, a link at the end still leads through folders.
  CHECK(tree.fault("/etc/naudit/bad.yaml", kRoot, PathPart::kParents) == "/srv/open");
}

TEST_CASE("a circle of links and what is missing are left to whoever opens them", "[trusted_path]") {
  Tree tree = usual();
  tree.link("/etc/a", "b").link("/etc/b", "a");
  CHECK(tree.fault("/etc/a").empty());
  CHECK(tree.fault("/etc/none/x").empty());
  CHECK(tree.folder("/etc/naudit", 0777).fault("/etc/naudit/none") == "/etc/naudit");
}

TEST_CASE("an untrusted path names what is wrong and the command that puts it right", "[trusted_path]") {
  CHECK(usual().folder("/etc/naudit", 0777).find("/etc/naudit/x")->text() ==
        "'/etc/naudit' can be written by everybody, who could put something else in its place: chmod go-w "
        "'/etc/naudit'");
  CHECK(usual().folder("/etc", 0775, kRoot, 104).find("/etc/x")->text() ==
        "'/etc' can be written by group id 104, who could put something else in its place: chmod g-w '/etc'");
  CHECK(usual().folder("/etc", 0755, 1001).find("/etc/x")->text() ==
        "'/etc' belongs to user id 1001, who could put something else in its place: chown root '/etc'");
  CHECK(usual().link("/etc/x", "y", 1001).find("/etc/x")->remedy == "chown -h root '/etc/x'");
}

TEST_CASE("this machine's own files are judged by the user that we run as", "[trusted_path]") {
  const tests::TempDir dir;
  dir.write("file", "x");
  CHECK_FALSE(find_untrusted(dir.file("file"), PathPart::kWhole));
  REQUIRE(::chmod(dir.path().c_str(), 0777) == 0);
  const auto found = find_untrusted(dir.file("file"), PathPart::kWhole);
  REQUIRE(found);
  CHECK(found->path == std::filesystem::canonical(dir.path()).string());
  REQUIRE(::chmod(dir.path().c_str(), 0755) == 0);
  std::filesystem::create_directory(dir.file("open"));
  REQUIRE(::chmod(dir.file("open").c_str(), 0777) == 0);
  std::filesystem::create_symlink("open/inner", dir.file("link"));
  dir.write("open/inner", "x");
  CHECK(find_untrusted(dir.file("link"), PathPart::kWhole));
  CHECK_FALSE(find_untrusted("/etc/passwd", PathPart::kWhole));
}
