// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <thread>

#include "output/sinks/file/packing/log_packer.hpp"
#include "output/sinks/file/sink.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/trouble/faulty_file_system.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/uncompressed.hpp"

namespace naudit::output {
namespace {

namespace fs = std::filesystem;
using tests::event_lines;
using tests::make_batch;
using tests::read_file;
using tests::split_lines;
using tests::write_file;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

constexpr auto kLong = 30'000ms;

// Of a log, whether it is compressed or not.
std::string read_log(const std::string& path) {
  const std::string bytes = read_file(path);
  if (path.ends_with(".zst")) return tests::unzstd(bytes);
  return path.ends_with(".gz") ? tests::gunzip(bytes) : bytes;
}

// Text that does not compress to nothing, of many pieces.
std::string long_text(std::size_t lines) {
  std::string text;
  std::uint32_t state = 1;
  for (std::size_t line = 0; line < lines; ++line) {
    state = state * 1664525U + 1013904223U;
    text += tests::event_text(static_cast<int>(state >> 8U), 20) + '\n';
  }
  return text;
}

struct Crash {};

// Does something before each call that leaves a trace, which are numbered from 1 on.
class SteppedFileSystem final : public FileSystem {
 public:
  std::function<void(int)> before = [](int) {};
  int calls = 0;

  int open(const char* path, int flags, mode_t mode) override {
    if ((flags & O_CREAT) != 0) step();
    return FileSystem::open(path, flags, mode);
  }
  ssize_t writev(int fd, const iovec* pieces, int count) override {
    step();
    return FileSystem::writev(fd, pieces, count);
  }
  int fsync(int fd) override {
    step();
    return FileSystem::fsync(fd);
  }
  int fchmod(int fd, mode_t mode) override {
    step();
    return FileSystem::fchmod(fd, mode);
  }
  int set_modified(int fd, timespec modified) override {
    step();
    return FileSystem::set_modified(fd, modified);
  }
  int rename_new(const char* from, const char* to) override {
    step();
    return FileSystem::rename_new(from, to);
  }
  int unlink(const char* path) override {
    step();
    return FileSystem::unlink(path);
  }

 private:
  void step() { before(++calls); }
};

struct Fixture {
  std::string path(const std::string& suffix) { return log + '.' + suffix; }
  void old(const std::string& suffix, const std::string& text, mode_t mode = 0440) {
    write_file(path(suffix), text, fs::perms{mode});
  }
  FileProblem pack(FileSystem& on, Packing packing = Packing::kZstd) {
    RotatedFiles files(on, log, rotate);
    return LogPacker(on, files, packing).pack_all(::geteuid());
  }
  // What is in the folder, hidden files included.
  Names names() {
    Names found;
    for (const auto& entry : fs::directory_iterator(directory.path())) found.push_back(entry.path().filename());
    std::ranges::sort(found);
    return found;
  }
  // What a reader finds who takes each log once.
  std::vector<std::string> texts() {
    RotatedFiles files(system, log, rotate);
    std::vector<RotatedFile> found;
    REQUIRE_FALSE(files.list(::geteuid(), found));
    std::vector<std::string> all;
    for (const RotatedFile& file : found) all.push_back(read_log(file.path));
    return all;
  }

  tests::TempDir directory;
  std::string log = directory.file("e.json");
  tests::FaultyFileSystem system;
  Rotate rotate;
};

}  // namespace

TEST_CASE("rotated files are compressed, and have the time and the readers that they had") {
  Fixture f;
  const std::string large = long_text(20'000), small = "1\n";
  f.old("2", large);
  f.old("2026-11-30T120000Z-001", small, 0400);
  f.old("1", "");
  write_file(f.log, "not yet\n", fs::perms{0600});
  write_file(f.path("1.bak"), "theirs\n", fs::perms{0600});
  const std::array<timespec, 2> long_ago{{{1'000'000'000, 5}, {1'000'000'000, 5}}};
  REQUIRE(::utimensat(AT_FDCWD, f.path("2").c_str(), long_ago.data(), 0) == 0);
  const Packing packing = GENERATE(Packing::kGzip, Packing::kZstd);
  const std::string end(RotatedName::ending(packing));
  CHECK(f.pack(f.system, packing).text.empty());
  CHECK(f.names() ==
        Names{"e.json", "e.json.1.bak", "e.json.1" + end, "e.json.2" + end, "e.json.2026-11-30T120000Z-001" + end});
  CHECK(read_log(f.path("2" + end)) == large);
  CHECK(read_log(f.path("1" + end)).empty());
  CHECK(read_log(f.path("2026-11-30T120000Z-001" + end)) == small);
  struct stat status{};
  REQUIRE(::stat(f.path("2" + end).c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0440);
  CHECK(status.st_mtim.tv_sec == 1'000'000'000);
  CHECK(status.st_mtim.tv_nsec == 5);
  CHECK(static_cast<std::size_t>(status.st_size) < large.size() / 2);
  REQUIRE(::stat(f.path("2026-11-30T120000Z-001" + end).c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0400);
  CHECK(f.system.descriptors() == 0);
}

TEST_CASE("after a crash at any call each log is there once, and the next round ends what was begun") {
  for (int at = 1, calls = at; at <= calls; ++at) {
    Fixture f;
    SteppedFileSystem system;
    const std::string text = long_text(50);
    f.old("2", text);
    f.old("1", "new\n");
    system.before = [at](int call) {
      if (call == at) throw Crash{};
    };
    try {
      const FileProblem problem = f.pack(system);
      CHECK(problem.text.empty());
    } catch (const Crash&) {
      ++calls;
    }
    INFO("crash at call " << at);
    CHECK(f.texts() == std::vector<std::string>{text, "new\n"});
    CHECK(f.pack(f.system).text.empty());
    CHECK(f.names() == Names{"e.json.1.zst", "e.json.2.zst"});
    CHECK(f.texts() == std::vector<std::string>{text, "new\n"});
    if (at == calls) CHECK(at > 10);
  }
}

TEST_CASE("a file for which there is no room stays as it is, and the next round takes it") {
  Fixture f;
  const std::string text = long_text(20'000);
  f.old("1", text);
  f.system.limit_writes(10'000, ENOSPC);
  CHECK(f.pack(f.system).text ==
        "cannot write " + f.directory.file(".e.json.packing.tmp") + ": No space left on device");
  CHECK(f.names() == Names{"e.json.1"});
  CHECK(read_file(f.path("1")) == text);
  f.system.heal();
  CHECK(f.pack(f.system).text.empty());
  CHECK(f.names() == Names{"e.json.1.zst"});
}

TEST_CASE("a compressed file that is not the one beside it is told, and both stay and go together") {
  Fixture f;
  f.old("1", "ours\n");
  f.old("1.zst", "something else");
  CHECK(f.pack(f.system).text == f.path("1.zst") + " is not what the file beside it is; remove one of the two");
  CHECK(f.names() == Names{"e.json.1", "e.json.1.zst"});
  RotatedFiles files(f.system, f.log, f.rotate);
  write_file(f.log, "new\n", fs::perms{0600});
  CHECK_FALSE(files.take(::geteuid()));
  CHECK(f.names() == Names{"e.json.1", "e.json.2", "e.json.2.zst"});
  RotatedFile removed;
  CHECK_FALSE(files.drop_oldest(::geteuid(), removed));
  CHECK(f.names() == Names{"e.json.1"});
}

TEST_CASE("a rotation moves compressed files, also the one that is being made") {
  Fixture f;
  SteppedFileSystem system;
  f.old("3.gz", "oldest");
  f.old("2.zst", "older");
  f.old("1", long_text(50));
  RotatedFiles files(system, f.log, f.rotate);
  bool is_rotated = false;
  system.before = [&](int) {
    if (std::exchange(is_rotated, true)) return;
    write_file(f.log, "new\n", fs::perms{0600});
    CHECK_FALSE(files.take(::geteuid()));
  };
  LogPacker packer(system, files, Packing::kZstd);
  CHECK(packer.pack_all(::geteuid()).text.empty());
  CHECK(f.names() == Names{"e.json.1.zst", "e.json.2.zst", "e.json.3.zst", "e.json.4.gz"});
  CHECK(read_log(f.path("2.zst")) == long_text(50));
  CHECK(read_log(f.path("1.zst")) == "new\n");
}

TEST_CASE("a file that goes or is written to while it is compressed is not brought back") {
  Fixture f;
  SteppedFileSystem system;
  f.old("1", long_text(50), 0600);
  SECTION("removed") {
    system.before = [&](int call) {
      if (call == 2) fs::remove(f.path("1"));
    };
    CHECK(f.pack(system).text.empty());
    CHECK(f.names().empty());
  }
  SECTION("written to") {
    system.before = [&](int call) {
      if (call == 5) std::ofstream(f.path("1"), std::ios::app) << "late\n";
    };
    CHECK(f.pack(system).text.empty());
    CHECK(f.names() == Names{"e.json.1"});
    CHECK(read_file(f.path("1")) == long_text(50) + "late\n");
  }
}

TEST_CASE("compressing that is given up leaves nothing behind") {
  Fixture f;
  SteppedFileSystem system;
  const std::string text = long_text(20'000);
  f.old("1", text);
  RotatedFiles files(system, f.log, f.rotate);
  LogPacker packer(system, files, Packing::kGzip);
  const int at = GENERATE(1, 3, 5, 8);
  system.before = [&](int call) {
    if (call == at) packer.cancel();
  };
  CHECK_FALSE(packer.pack_all(::geteuid()));
  CHECK(f.names() == Names{"e.json.1"});
  CHECK(read_file(f.path("1")) == text);
}

TEST_CASE("caps count compressed files, by what they have on the disk") {
  Fixture f;
  f.old("4.zst", "1234");
  f.old("3", "1234");
  f.old("3.gz", "1234");
  f.old("2.gz", "1234");
  f.old("1", "1234");
  f.rotate.total = 12;
  RotatedFiles(f.system, f.log, f.rotate).prune(::geteuid(), true);
  CHECK(f.names() == Names{"e.json.1", "e.json.2.gz", "e.json.3", "e.json.3.gz"});
  f.rotate.keep = 2;
  RotatedFiles(f.system, f.log, f.rotate).prune(::geteuid(), true);
  CHECK(f.names() == Names{"e.json.1", "e.json.2.gz"});
}

TEST_CASE("a sink compresses what it rotates and what it finds, and no event is missing") {
  Fixture f;
  tests::LossLog losses;
  tests::FileConfig config;
  config.name = "log";
  config.path = f.log;
  config.sync.kind = SyncKind::kNone;
  config.rotate.size = 10'000;
  config.rotate.keep = 1000;
  config.rotate.compress = Packing::kZstd;
  f.old("1", "from before\n");
  FileSink sink(config, losses.handler(), 1, f.system);
  for (int first = 0; first < 1000; first += 10) sink.push(make_batch(first, 10, 20));
  while (sink.status().events_out < 1000) std::this_thread::yield();
  const auto raw = [&] {
    return std::ranges::count_if(f.names(), [](const std::string& name) { return !name.ends_with(".zst"); });
  };
  while (raw() > 1) std::this_thread::yield();
  CHECK(sink.status().state == "ok");
  sink.stop(kLong);
  std::string all;
  for (const std::string& text : f.texts()) all += text;
  std::vector<std::string> wanted = event_lines(0, 1000, 20);
  wanted.insert(wanted.begin(), "from before");
  CHECK(split_lines(all + read_file(f.log)) == wanted);
  CHECK(f.system.descriptors() == 0);
}

TEST_CASE("a file that cannot be compressed is told, and events are written") {
  Fixture f;
  tests::LossLog losses;
  tests::FileConfig config;
  config.name = "log";
  config.path = f.log;
  config.rotate.compress = Packing::kGzip;
  f.old("1", "ours\n");
  f.old("1.gz", "something else");
  FileSink sink(config, losses.handler(), 1, f.system);
  sink.push(make_batch(0, 1));
  while (sink.status().state != "cannot compress old files" || sink.status().events_out < 1) std::this_thread::yield();
  CHECK(sink.status().last_error == f.path("1.gz") + " is not what the file beside it is; remove one of the two");
  sink.stop(kLong);
  CHECK(split_lines(read_file(f.log)) == event_lines(0, 1));
}

TEST_CASE("what a compression that a crash has ended left is removed, also where nothing is compressed any more") {
  Fixture f;
  tests::LossLog losses;
  tests::FileConfig config;
  config.path = f.log;
  write_file(f.directory.file(".e.json.packing.tmp"), "half", fs::perms{0600});
  FileSink sink(config, losses.handler(), 1, f.system);
  sink.push(make_batch(0, 1));
  sink.stop(kLong);
  CHECK(f.names() == Names{"e.json"});
}

TEST_CASE("a real full disk leaves a rotated file as it is, and compresses it once there is room", "[.root]") {
  Fixture f;
  const tests::SmallDisk disk(f.directory.file("small"), "size=64k");
  tests::LossLog losses;
  tests::FileConfig config;
  config.name = "log";
  config.path = disk.path + "/events.json";
  config.rotate.compress = Packing::kZstd;
  std::ofstream(config.path + ".1") << "old\n" << std::flush;
  std::ofstream(disk.path + "/other") << std::string(64'000, 'x') << std::flush;
  FileSink sink(config, losses.handler(), 1, f.system, {5ms, 20ms});
  sink.push(make_batch(0, 1));
  while (sink.status().state.find("disk full") == std::string::npos) std::this_thread::yield();
  CHECK(read_file(config.path + ".1") == "old\n");
  CHECK_FALSE(fs::exists(config.path + ".1.zst"));
  fs::remove(disk.path + "/other");
  while (sink.status().events_out < 1) std::this_thread::yield();
  sink.rotate();
  while (!fs::exists(config.path + ".2.zst")) std::this_thread::yield();
  sink.stop(kLong);
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(disk.path)) found += read_log(entry.path()) == "old\n" ? 1U : 0U;
  CHECK(found == 1);
}

}  // namespace naudit::output
