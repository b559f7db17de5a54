// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "base/file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::base;
using Catch::Matchers::Contains;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "nauditd-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] std::string file(const std::string& text, mode_t mode = 0600) const {
    const std::string name = path_ + "/nauditd.yaml";
    std::ofstream(name) << text;
    ::chmod(name.c_str(), mode);
    return name;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("a file comes back whole", "[file]") {
  const Folder folder;
  const std::string text(200'000, 'x');
  CHECK(read_file(folder.file(text), true) == text);
}

TEST_CASE("a file that others can write is refused with the chmod to run", "[file]") {
  const Folder folder;
  CHECK_THROWS_WITH(read_file(folder.file("a", 0620), true), Contains("by its group") && Contains("chmod go-w"));
  CHECK_THROWS_WITH(read_file(folder.file("a", 0602), true), Contains("by everybody") && Contains("chmod go-w"));
  CHECK(read_file(folder.file("a", 0666), false) == "a");
}

TEST_CASE("a file in a folder that others can write is refused, and so is one that a link there leads away from") {
  const Folder folder;
  const std::string name = folder.file("a");
  ::chmod(folder.path().c_str(), 0777);
  CHECK_THROWS_WITH(read_file(name, true), Contains("nauditd.yaml: is not safe: '" + folder.path() +
                                                    "' can be written "
                                                    "by everybody") &&
                                               Contains("chmod go-w '" + folder.path() + "'"));
  CHECK(read_file(name, false) == "a");
  std::filesystem::create_symlink("/etc/passwd", folder.path() + "/link");
  CHECK_THROWS_WITH(read_file(folder.path() + "/link", true), Contains("is not safe"));
  ::chmod(folder.path().c_str(), 0755);
  CHECK_NOTHROW(read_file(name, true));
  CHECK_NOTHROW(read_file(folder.path() + "/link", true));
}

TEST_CASE("a file of somebody else is refused with the chown to run", "[file]") {
  if (::geteuid() == 0) {
    const Folder folder;
    const std::string name = folder.file("a");
    REQUIRE(::chown(name.c_str(), 12345, 12345) == 0);
    CHECK_THROWS_WITH(read_file(name, true), Contains("user id 12345") && Contains("chown root"));
    CHECK(read_file(name, false) == "a");
  } else {
    CHECK_NOTHROW(read_file("/etc/passwd", true));  // root's file is fine for everybody
  }
}

TEST_CASE("a missing file, a directory and a device each get a clear message", "[file]") {
  const Folder folder;
  CHECK_THROWS_WITH(read_file(folder.path() + "/none.yaml", true),
                    Contains("none.yaml") && Contains("cannot be opened: No such file"));
  CHECK_THROWS_WITH(read_file(folder.path(), true), Contains("is a directory"));
  CHECK_THROWS_WITH(read_file("/dev/zero", true), Contains("not a regular file"));
  const std::string fifo = folder.path() + "/fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(read_file(fifo, true), Contains("not a regular file"));
}

TEST_CASE("a file of more than 4 MiB is refused", "[file]") {
  const Folder folder;
  CHECK_THROWS_WITH(read_file(folder.file(std::string(kMostFileBytes + 1, ' ')), true), Contains("more than 4 MiB"));
  CHECK_NOTHROW(read_file(folder.file(std::string(kMostFileBytes, ' ')), true));
}
