// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "ctl/convert/output_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using test::read_all;
using test::TempDir;

// No file may become longer than this while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_CASE("what is converted is for its owner only, and takes the old text's place when it starts") {
  const TempDir directory;
  directory.write("old", "a long text of before");
  OutputFile output(directory.file("old"), {});
  CHECK(read_all(directory.file("old")) == "a long text of before");
  output.start();
  output.write("new\n");
  output.write("");
  output.finish();
  CHECK(read_all(directory.file("old")) == "new\n");
  CHECK(output.written() == 4);

  const OutputFile fresh(directory.file("fresh"), {});
  struct stat made{};
  REQUIRE(stat(directory.file("fresh").c_str(), &made) == 0);
  CHECK((made.st_mode & 07777U) == 0600);
}

TEST_CASE("an output that is an input is refused under any of its names, and keeps its text") {
  const TempDir directory;
  directory.write("log", "records");
  std::filesystem::create_hard_link(directory.file("log"), directory.file("link"));
  const std::string link = directory.file("link");
  CHECK_THROWS_WITH(OutputFile(link, {directory.file("log")}),
                    "'" + link + "' is one of the inputs; choose another file for the output");
  const OutputFile output(directory.file("out"), {});
  CHECK_THROWS_AS(OutputFile(directory.file("out"), {}, &output), OutputError);
  CHECK(read_all(directory.file("log")) == "records");
}

TEST_CASE("a file that cannot grow ends with the last text that was written whole") {
  const TempDir directory;
  const std::string path = directory.file("out");
  OutputFile output(path, {});
  output.start();
  {
    const FileSizeLimit limit(10);
    output.write("12345678");
    CHECK_THROWS_WITH(output.write("abcdefgh"), "cannot write '" + path + "': File too large");
  }
  CHECK(read_all(path) == "12345678");
}

}  // namespace
}  // namespace naudit::ctl
