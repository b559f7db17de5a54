// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/file/writer.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "output/sinks/file/packing/log_packer.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;
using tests::read_file;
using tests::TempDir;
using tests::write_file;

unsigned mode_of(const std::string& path) {
  struct stat status{};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

std::string acl_of(const std::string& path) {
  std::string bytes(4096, '\0');
  const ssize_t size = ::getxattr(path.c_str(), kAclAttribute, bytes.data(), bytes.size());
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return bytes;
}

bool can_read(const std::string& path, uid_t user, gid_t group) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const bool is_other = ::setgroups(0, nullptr) == 0 && ::setgid(group) == 0 && ::setuid(user) == 0;
    ::_exit(!is_other ? 2 : ::open(path.c_str(), O_RDONLY) >= 0 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) != 2);
  return WEXITSTATUS(status) == 0;
}

void append(FileWriter& writer, std::string text) {
  const iovec piece{text.data(), text.size()};
  std::size_t written = 0;
  REQUIRE_FALSE(writer.write({&piece, 1}, written));
  REQUIRE(written == text.size());
}

FileOptions options(std::string path, std::uint32_t keep = 3, mode_t mode = 0600) {
  FileOptions made;
  made.path = std::move(path);
  made.mode = mode;
  made.rotate.keep = keep;
  return made;
}

struct Fixture {
  TempDir directory;
  std::string path = directory.file("events.json");
  tests::FaultyFileSystem system;

  FileWriter writer(std::uint32_t keep = 3, mode_t mode = 0600) { return {system, options(path, keep, mode)}; }
};

}  // namespace

TEST_CASE("a missing file is made with the mode that was asked for") {
  Fixture f;
  const mode_t umask_before = ::umask(077);
  FileWriter writer = f.writer(3, 0640);
  CHECK_FALSE(writer.open());
  ::umask(umask_before);
  CHECK(mode_of(f.path) == 0640);
  CHECK(writer.size() == 0);
}

TEST_CASE("a file that was open to others is closed to them") {
  Fixture f;
  write_file(f.path, "one\n", fs::perms{0666});
  FileWriter writer = f.writer();
  CHECK_FALSE(writer.open());
  CHECK(mode_of(f.path) == 0600);
  CHECK(writer.size() == 4);
  append(writer, "two\n");
  CHECK(read_file(f.path) == "one\ntwo\n");
}

TEST_CASE("a file and what becomes of it are given to the group that is to read them") {
  Fixture f;
  FileOptions asked = options(f.path, 3, 0640);
  asked.group = std::to_string(::getegid());
  const auto group_of_file = [](const std::string& path) {
    struct stat status{};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_gid;
  };
  if (::geteuid() == 0) asked.group = "4321";
  FileWriter writer(f.system, asked);
  CHECK_FALSE(writer.open());
  append(writer, "1\n");
  CHECK_FALSE(writer.rotate());
  CHECK(writer.take_note().text.empty());
  for (const std::string& path : {f.path, f.path + ".1"}) CHECK(std::to_string(group_of_file(path)) == asked.group);
  CHECK(mode_of(f.path) == 0640);
  CHECK(mode_of(f.path + ".1") == 0440);
}

TEST_CASE("what cannot be given to its group is open to no group, and that is told") {
  Fixture f;
  FileOptions asked = options(f.path, 3, 0640);
  std::string told;
  SECTION("there is no such group") {
    asked.group = "no-such-group";
    told = "there is no group 'no-such-group'";
  }
  SECTION("the kernel refuses it") {
    asked.group = "4321";
    f.system.fail_groups(EPERM);
    told = "cannot set the group of " + f.path + ": Operation not permitted";
  }
  FileWriter writer(f.system, asked);
  CHECK_FALSE(writer.open());
  const FileWriter::Note note = writer.take_note();
  CHECK(note.is_flaw);
  CHECK(note.text == told);
  CHECK(mode_of(f.path) == 0600);
  append(writer, "1\n");
  CHECK_FALSE(writer.rotate());
  CHECK(mode_of(f.path + ".1") == 0400);
}

TEST_CASE("who reads by the access list is named by kind, and is in it once and in the kernel's order") {
  CHECK(ReaderName::of("user:siem") == ReaderName{false, "siem"});
  CHECK(ReaderName::of("group:12") == ReaderName{true, "12"});
  for (const char* text : {"", "siem", "user:", "u:siem", "user", "other:x"}) CHECK_FALSE(ReaderName::of(text));
  const std::vector<Reader> readers{{true, 7}, {false, 258}, {false, 5}, {true, 7}};
  const char expected[] =
      "\x02\0\0\0"
      "\x01\0\x06\0\xff\xff\xff\xff"
      "\x02\0\x04\0\x05\0\0\0"
      "\x02\0\x04\0\x02\x01\0\0"
      "\x04\0\0\0\xff\xff\xff\xff"
      "\x08\0\x04\0\x07\0\0\0"
      "\x10\0\x04\0\xff\xff\xff\xff"
      "\x20\0\0\0\xff\xff\xff\xff";
  CHECK(acl_bytes(0600, readers) == std::string(expected, sizeof expected - 1));
}

TEST_CASE("a file and what becomes of it can be read by those that its access list names") {
  Fixture f;
  FileOptions asked = options(f.path);
  asked.acl = {"user:4321", "group:4322"};
  const std::vector<Reader> readers{{false, 4321}, {true, 4322}};
  FileWriter writer(f.system, asked);
  for (int round = 0; round < 2; ++round) {
    CHECK_FALSE(writer.open());
    CHECK(writer.take_note().text.empty());
    CHECK(acl_of(f.path) == acl_bytes(0600, readers));
  }
  CHECK(f.system.attributes_set() == 1);
  append(writer, "1\n");
  CHECK_FALSE(writer.rotate());
  CHECK(acl_of(f.path) == acl_bytes(0600, readers));
  CHECK(acl_of(f.path + ".1") == acl_bytes(0400, readers));
  CHECK_FALSE(LogPacker(f.system, *writer.rotated(), Packing::kZstd).pack_all(writer.owner()));
  CHECK(acl_of(f.path + ".1.zst") == acl_bytes(0400, readers));
  CHECK(mode_of(f.path + ".1.zst") == 0440);
}

TEST_CASE("an access list that cannot be is told, and the file is open to nobody more") {
  Fixture f;
  FileOptions asked = options(f.path);
  asked.acl = {"user:4321"};
  std::string told;
  std::vector<Reader> readers;
  SECTION("the file system has none") {
    f.system.fail_attributes(EOPNOTSUPP);
    told = "cannot let the readers of acl read " + f.path + ": Operation not supported";
  }
  SECTION("there is no such user") {
    asked.acl.emplace_back("user:no-such-user");
    readers = {{false, 4321}};
    told = "there is no user 'no-such-user', who is to read " + f.path;
  }
  FileWriter writer(f.system, asked);
  CHECK_FALSE(writer.open());
  const FileWriter::Note note = writer.take_note();
  CHECK(note.is_flaw);
  CHECK(note.text == told);
  append(writer, "1\n");
  CHECK_FALSE(writer.rotate());
  CHECK(acl_of(f.path) == (readers.empty() ? "" : acl_bytes(0600, readers)));
  CHECK(mode_of(f.path) == (readers.empty() ? 0600 : 0640));
  CHECK(mode_of(f.path + ".1") == (readers.empty() ? 0400 : 0440));
}

// As another user, which takes root (the test output_root).
TEST_CASE("a reader of the access list can read the file, and nobody else", "[.root]") {
  Fixture f;
  fs::permissions(f.directory.path(), fs::perms{0711});
  FileOptions asked = options(f.path);
  asked.acl = {"user:4321", "group:4322"};
  FileWriter writer(f.system, asked);
  CHECK_FALSE(writer.open());
  append(writer, "1\n");
  CHECK_FALSE(writer.rotate());
  CHECK(writer.take_note().text.empty());
  for (const std::string& path : {f.path, f.path + ".1"}) {
    CHECK(can_read(path, 4321, 1));
    CHECK(can_read(path, 1, 4322));
    CHECK_FALSE(can_read(path, 1, 1));
  }
}

TEST_CASE("what is no regular file is refused and said to be one") {
  Fixture f;
  std::string state = "not a regular file";
  SECTION("a symbolic link") {
    state = "symbolic link";
    fs::create_symlink(f.directory.file("elsewhere"), f.path);
    CHECK(f.writer().open().text == f.path + " is a symbolic link; name the file itself");
    CHECK_FALSE(fs::exists(f.directory.file("elsewhere")));
  }
  SECTION("a directory") {
    fs::create_directory(f.path);
    CHECK(f.writer().open().text == f.path + " is a directory; name a file");
  }
  SECTION("a FIFO, without waiting for its reader") {
    REQUIRE(::mkfifo(f.path.c_str(), 0600) == 0);
    CHECK(f.writer().open().text == f.path + " is not a regular file; name one, or a new one");
  }
  FileWriter writer = f.writer();
  const FileProblem problem = writer.open();
  CHECK(file_state(problem.code) == state);
  CHECK_FALSE(writer.is_open());
}

TEST_CASE("a log file of another user's is refused, and not written") {
  Fixture f;
  write_file(f.path, "theirs\n", fs::perms{0600});
  f.system.pretend_owner(1000);
  FileWriter writer = f.writer();
  const FileProblem problem = writer.open();
  CHECK(problem.state == "file is somebody else's");
  CHECK(problem.text.find(f.path + " belongs to user id 1000") == 0);
  CHECK_FALSE(writer.is_open());
  CHECK(f.system.descriptors() == 0);
  CHECK(read_file(f.path) == "theirs\n");
}

TEST_CASE("a log file with a second name is refused until that is gone") {
  Fixture f;
  write_file(f.directory.file("other"), "other\n", fs::perms{0644});
  fs::create_hard_link(f.directory.file("other"), f.path);
  FileWriter writer = f.writer();
  CHECK(writer.open().state == "file has a second name");
  CHECK(read_file(f.path) == "other\n");
  CHECK(mode_of(f.path) == 0644);
  fs::remove(f.directory.file("other"));
  CHECK_FALSE(writer.open());
}

TEST_CASE("a log below a folder that others can change is refused") {
  Fixture f;
  const std::string folder = f.directory.file("folder");
  fs::create_directory(folder);
  f.path = folder + "/deeper/events.json";
  fs::create_directory(folder + "/deeper");
  std::string what;
  SECTION("written by everybody") {
    fs::permissions(folder, fs::perms{0777});
    what = "can be written by everybody: chmod";
  }
  SECTION("of another user") {
    f.system.pretend(folder, [](base::PathEntry& entry) { entry.uid = 1000; });
    what = "belongs to user id 1000";
  }
  SECTION("a link of another user's in the middle") {
    fs::create_symlink(folder, f.directory.file("link"));
    f.system.pretend(f.directory.file("link"), [](base::PathEntry& entry) { entry.uid = 1000; });
    f.path = f.directory.file("link/deeper/events.json");
    what = "belongs to user id 1000";
  }
  SECTION("the folder that it lies in, written by a group") {
    f.system.pretend(folder + "/deeper", [](base::PathEntry& entry) {
      entry.mode |= 0020U;
      entry.gid = 1000;
    });
    what = "can be written by group id 1000";
  }
  FileWriter writer = f.writer();
  const FileProblem problem = writer.open();
  CHECK(problem.state == "folder is not safe");
  CHECK(problem.text.find(what.substr(0, what.find(':'))) != std::string::npos);
  CHECK_FALSE(fs::exists(f.path));
}

TEST_CASE("a link in the middle that nobody else can change is followed") {
  Fixture f;
  fs::create_directory(f.directory.file("folder"));
  fs::create_symlink(f.directory.file("folder"), f.directory.file("link"));
  f.path = f.directory.file("link/events.json");
  FileWriter writer = f.writer();
  CHECK_FALSE(writer.open());
  CHECK(writer.take_note().text.empty());
  CHECK(fs::exists(f.directory.file("folder/events.json")));
}

TEST_CASE("a folder further up that a group can write is told, and the log is written") {
  Fixture f;
  fs::create_directory(f.directory.file("folder"));
  f.path = f.directory.file("folder/events.json");
  f.system.pretend(f.directory.path(), [](base::PathEntry& entry) {
    entry.mode |= 0020U;
    entry.gid = 1000;
  });
  FileWriter writer = f.writer();
  CHECK_FALSE(writer.open());
  const FileWriter::Note note = writer.take_note();
  CHECK(note.is_flaw);
  CHECK(note.text.find("can be written by group id 1000") != std::string::npos);
}

TEST_CASE("a missing directory is named") {
  Fixture f;
  FileWriter writer(f.system, options(f.directory.file("none/events.json")));
  const FileProblem problem = writer.open();
  CHECK(problem.code == ENOENT);
  CHECK(file_state(problem.code) == "directory is missing");
  CHECK(problem.text.find("none/events.json: No such file or directory") != std::string::npos);
}

TEST_CASE("a look says what opening would, and makes and changes nothing") {
  Fixture f;
  CHECK_FALSE(f.writer().look());
  CHECK_FALSE(fs::exists(f.path));
  CHECK(FileWriter(f.system, options(f.directory.file("none/x"))).look().text ==
        "there is no folder '" + f.directory.file("none") + "'");
  f.directory.write("events.json", "half");
  REQUIRE(::chmod(f.path.c_str(), 0644) == 0);
  CHECK_FALSE(f.writer().look());
  CHECK(mode_of(f.path) == 0644);
  CHECK(read_file(f.path) == "half");
  fs::create_hard_link(f.path, f.directory.file("other"));
  FileWriter writer = f.writer();
  const FileProblem seen = writer.look();
  CHECK_FALSE(writer.is_open());
  CHECK(seen.text == writer.open().text);
}

TEST_CASE("a torn last line gets its end before the next event") {
  Fixture f;
  write_file(f.path, "{\"a\":1}\n{\"b\":", fs::perms{0600});
  FileWriter writer = f.writer();
  CHECK_FALSE(writer.open());
  CHECK_FALSE(writer.take_note().text.empty());
  CHECK(read_file(f.path) == "{\"a\":1}\n{\"b\":");
  append(writer, "{\"c\":3}\n");
  CHECK(read_file(f.path) == "{\"a\":1}\n{\"b\":\n{\"c\":3}\n");
  CHECK(writer.size() == fs::file_size(f.path));
}

TEST_CASE("a whole last line is left alone") {
  Fixture f;
  write_file(f.path, "{\"a\":1}\n", fs::perms{0600});
  FileWriter writer = f.writer();
  CHECK_FALSE(writer.open());
  CHECK(writer.take_note().text.empty());
  append(writer, "{\"c\":3}\n");
  CHECK(read_file(f.path) == "{\"a\":1}\n{\"c\":3}\n");
}

TEST_CASE("rotation keeps as many files as asked for, the newest with the lowest number") {
  Fixture f;
  FileWriter writer = f.writer(2);
  CHECK_FALSE(writer.open());
  for (const char* text : {"1\n", "2\n", "3\n", "4\n"}) {
    append(writer, text);
    CHECK_FALSE(writer.rotate());
    CHECK(writer.size() == 0);
  }
  append(writer, "5\n");
  CHECK(read_file(f.path) == "5\n");
  CHECK(read_file(f.path + ".1") == "4\n");
  CHECK(read_file(f.path + ".2") == "3\n");
  CHECK_FALSE(fs::exists(f.path + ".3"));
}

TEST_CASE("a rotated file is read-only, for the group too if the group could read") {
  Fixture f;
  for (const auto& [mode, rotated] : {std::pair{0600U, 0400U}, {0640U, 0440U}, {0660U, 0440U}}) {
    FileWriter writer = f.writer(3, mode);
    CHECK_FALSE(writer.open());
    append(writer, "1\n");
    CHECK_FALSE(writer.rotate());
    CHECK(mode_of(f.path + ".1") == rotated);
    CHECK(mode_of(f.path) == mode);
  }
}

TEST_CASE("rotation moves no name beyond a gap") {
  Fixture f;
  FileWriter writer = f.writer(5);
  CHECK_FALSE(writer.open());
  write_file(f.path + ".1", "old 1\n", fs::perms{0400});
  write_file(f.path + ".3", "old 3\n", fs::perms{0400});
  append(writer, "new\n");
  CHECK_FALSE(writer.rotate());
  CHECK(read_file(f.path + ".1") == "new\n");
  CHECK(read_file(f.path + ".2") == "old 1\n");
  CHECK(read_file(f.path + ".3") == "old 3\n");
}

TEST_CASE("to keep none is to remove, and a smaller keep removes what is beyond it") {
  Fixture f;
  for (int number = 1; number <= 4; ++number)
    write_file(f.path + '.' + std::to_string(number), "old\n", fs::perms{0400});
  FileWriter two = f.writer(2);
  CHECK_FALSE(two.open());
  append(two, "1\n");
  CHECK_FALSE(two.rotate());
  CHECK_FALSE(two.prune(true));
  CHECK(fs::exists(f.path + ".2"));
  CHECK_FALSE(fs::exists(f.path + ".3"));
  CHECK_FALSE(fs::exists(f.path + ".4"));
  FileWriter none = f.writer(0);
  CHECK_FALSE(none.open());
  append(none, "2\n");
  CHECK_FALSE(none.rotate());
  CHECK_FALSE(none.prune(true));
  CHECK_FALSE(fs::exists(f.path + ".1"));
  CHECK(fs::file_size(f.path) == 0);
}

TEST_CASE("when a name cannot be moved no younger file is overwritten and writing goes on") {
  Fixture f;
  FileWriter writer = f.writer(3);
  CHECK_FALSE(writer.open());
  write_file(f.path + ".1", "old 1\n", fs::perms{0400});
  append(writer, "now\n");
  SECTION("because of the file system") {
    f.system.fail_rename_to(f.path + ".2", EACCES);
  }
  SECTION("because a directory is in the way") {
    fs::create_directories(f.path + ".3/x");
  }
  if (fs::exists(f.path + ".3")) write_file(f.path + ".2", "old 2\n", fs::perms{0400});
  const FileProblem problem = writer.rotate();
  CHECK(problem);
  CHECK(problem.text.find("cannot rotate " + f.path) != std::string::npos);
  CHECK(writer.is_open());
  append(writer, "more\n");
  CHECK(read_file(f.path) == "now\nmore\n");
  CHECK(read_file(f.path + ".1") == "old 1\n");
}

TEST_CASE("a file that was moved, removed or replaced is noticed") {
  Fixture f;
  FileWriter writer = f.writer();
  CHECK_FALSE(writer.open());
  CHECK_FALSE(writer.moved());
  fs::rename(f.path, f.path + ".away");
  CHECK(writer.moved());
  write_file(f.path, "another\n", fs::perms{0600});
  CHECK(writer.moved());
  CHECK_FALSE(writer.open());
  CHECK_FALSE(writer.moved());
}

TEST_CASE("an unfinished event is taken back unless somebody else has written since") {
  Fixture f;
  FileWriter writer = f.writer();
  CHECK_FALSE(writer.open());
  append(writer, "whole\nto");
  CHECK(writer.cut(6));
  CHECK(read_file(f.path) == "whole\n");
  append(writer, "next\n");
  std::ofstream(f.path, std::ios::app) << "foreign\n";
  CHECK_FALSE(writer.cut(6));
  CHECK(read_file(f.path) == "whole\nnext\nforeign\n");
}

TEST_CASE("each error has its phrase") {
  CHECK(file_state(ENOSPC) == "disk full");
  CHECK(file_state(EDQUOT) == "disk quota exceeded");
  CHECK(file_state(EROFS) == "read-only file system");
  CHECK(file_state(EIO) == "I/O error");
  CHECK(file_state(EACCES) == "permission denied");
  CHECK(file_state(ENOMEM) == "cannot write");
}

}  // namespace naudit::output
