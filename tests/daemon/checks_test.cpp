// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/checks.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "output/sinks/kinds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using Catch::Matchers::Contains;

namespace {

config::Loaded loaded(const tests::TempDir& dir, const std::string& text) {
  return config::parse(text, dir.file("nauditd.yaml"), output::kinds());
}

// Each problem without the folder's name, or nothing.
std::vector<std::string> problems(const tests::TempDir& dir, const config::Loaded& config,
                                  void (*check)(const config::Loaded&)) {
  std::vector<std::string> texts;
  try {
    check(config);
  } catch (const base::Error& error) {
    for (const base::Problem& problem : error.problems()) {
      std::string text = problem.text();
      for (std::size_t at = 0; (at = text.find(dir.path() + "/")) != std::string::npos;)
        text.erase(at, dir.path().size() + 1);
      texts.push_back(text);
    }
  }
  return texts;
}

}  // namespace

TEST_CASE("every file that a start reads for its sinks is opened by a check, and named with its place") {
  const tests::TempDir dir;
  dir.write("open.token", "secret");
  ::chmod(dir.file("open.token").c_str(), 0644);
  dir.write("no.pem", "this is no certificate");
  const auto config = loaded(dir,
                             "sinks:\n"
                             "  - {name: log, type: file, path: log/events.json}\n"
                             "  - {name: one, type: tcp, address: '127.0.0.1:9', tls: {ca: none.pem}}\n"
                             "  - name: two\n"
                             "    type: https\n"
                             "    url: https://127.0.0.1:9/\n"
                             "    token_file: open.token\n"
                             "  - name: three\n"
                             "    type: tcp\n"
                             "    address: '127.0.0.1:9'\n"
                             "    tls: {ca: no.pem}\n");
  const auto found = problems(dir, config, daemon::check_sink_files);
  REQUIRE(found.size() == 3);
  CHECK_THAT(found[0], Catch::StartsWith("nauditd.yaml:3:") && Contains("sink 'one': tls.ca: cannot read none.pem"));
  CHECK_THAT(found[1],
             Catch::StartsWith("nauditd.yaml:7:17: sink 'two': token_file: open.token can be read by others"));
  CHECK_THAT(found[2], Catch::StartsWith("nauditd.yaml:11:15: sink 'three': tls.ca: no.pem has no CA certificate"));
}

TEST_CASE("what is wrong in a filter's expression is told at its very place") {
  const tests::TempDir dir;
  const auto config = loaded(dir,
                             "sinks:\n"
                             "  - {name: one, type: file, path: a, filter: key == exec and syscall == opennat}\n"
                             "  - name: two\n"
                             "    type: file\n"
                             "    path: b\n"
                             "    filter: >-\n"
                             "      key in (exec, priv)\n"
                             "      and uid = 0\n"
                             "  - {name: three, type: file, path: c, filter: 'type == PATH'}\n");
  CHECK(problems(dir, config, daemon::check_sinks) ==
        std::vector<std::string>{
            "nauditd.yaml:2:73: sink 'one', filter: there is no system call 'opennat'; did you mean 'openat'?",
            "nauditd.yaml:8:15: sink 'two', filter: there is no '=' here; write '=='"});
}

TEST_CASE("folders of the state and of the socket that others can write are refused with their place") {
  const tests::TempDir dir;
  const auto config = loaded(dir, "daemon:\n  state_directory: state\n  control_socket: run/control.sock\n");
  CHECK(problems(dir, config, daemon::check_folders).empty());
  for (const char* const name : {"state", "run"}) std::filesystem::create_directory(dir.file(name));
  CHECK(problems(dir, config, daemon::check_folders).empty());
  ::chmod(dir.file("state").c_str(), 0777);
  ::chmod(dir.file("run").c_str(), 0777);
  const auto found = problems(dir, config, daemon::check_folders);
  REQUIRE(found.size() == 2);
  CHECK_THAT(found[0],
             Catch::StartsWith("nauditd.yaml:2:20: 'state' is not safe: 'state' can be written by everybody"));
  CHECK_THAT(found[1], Catch::StartsWith("nauditd.yaml:3:19: 'run/control.sock' is not safe: 'run' can be written"));
}

TEST_CASE("what the sinks write is looked at by a check, and named with its place; nothing is made") {
  const tests::TempDir dir;
  std::filesystem::create_directories(dir.file("log/open"));
  ::chmod(dir.file("log/open").c_str(), 0777);
  dir.write("log/two.log", "x\n");
  std::filesystem::create_hard_link(dir.file("log/two.log"), dir.file("log/second"));
  std::filesystem::create_symlink("two.log", dir.file("log/link.log"));
  std::filesystem::create_directory(dir.file("log/folder"));
  dir.write("plain", "x");
  const auto config =
      loaded(dir, "daemon: {state_directory: " + dir.file("state") + ", control_socket: " + dir.file("s") +
                      "}\n"
                      "sinks:\n"
                      "  - {name: new, type: file, path: " +
                      dir.path() +
                      "/log/new.log}\n"
                      "  - {name: none, type: file, path: " +
                      dir.path() +
                      "/none/x.log}\n"
                      "  - {name: hard, type: file, path: " +
                      dir.path() +
                      "/log/two.log}\n"
                      "  - {name: open, type: file, path: " +
                      dir.path() +
                      "/log/open/x.log}\n"
                      "  - {name: link, type: file, path: " +
                      dir.path() +
                      "/log/link.log}\n"
                      "  - {name: folder, type: file, path: " +
                      dir.path() +
                      "/log/folder}\n"
                      "  - {name: below, type: file, path: " +
                      dir.path() +
                      "/plain/x.log}\n"
                      "  - {name: unit, type: file, path: /var/log/naudit/events.json}\n");
  const auto found = problems(dir, config, daemon::check_written_files);
  REQUIRE(found.size() == 6);
  CHECK_THAT(found[0],
             Catch::StartsWith("nauditd.yaml:4:") && Contains("sink 'none': path: there is no folder 'none'"));
  CHECK_THAT(found[1], Catch::StartsWith("nauditd.yaml:5:") && Contains("two.log has a second name (a hard link)"));
  CHECK_THAT(found[2], Catch::StartsWith("nauditd.yaml:6:") && Contains("can be written by everybody"));
  CHECK_THAT(found[3], Catch::StartsWith("nauditd.yaml:7:") && Contains("is a symbolic link"));
  CHECK_THAT(found[4], Catch::StartsWith("nauditd.yaml:8:") && Contains("is a directory; name a file"));
  CHECK_THAT(found[5], Catch::StartsWith("nauditd.yaml:9:") && Contains("Not a directory"));
  CHECK_FALSE(std::filesystem::exists(dir.file("log/new.log")));
  CHECK_FALSE(std::filesystem::exists(dir.file("none")));
  CHECK_FALSE(std::filesystem::exists(dir.file("state")));
}

TEST_CASE("the state that a start would not use is told by a check, and so is a socket that cannot be") {
  const tests::TempDir dir;
  std::filesystem::create_directory(dir.file("state"));
  const auto state = loaded(
      dir, "daemon:\n  state_directory: " + dir.path() + "/state\n  control_socket: " + dir.path() + "/control.sock\n");
  CHECK(problems(dir, state, daemon::check_written_files).empty());
  for (const char* const name : {"rules.loaded", "sinks.untold", "serials"}) {
    INFO(name);
    dir.write(std::string("state/") + name, "x");
    CHECK(problems(dir, state, daemon::check_written_files).empty());
  }
  for (const char* const name : {"rules.loaded", "sinks.untold", "serials"})
    ::chmod(dir.file(std::string("state/") + name).c_str(), 0666);
  auto found = problems(dir, state, daemon::check_written_files);
  REQUIRE(found.size() == 3);
  for (const std::string& text : found)
    CHECK_THAT(text, Catch::StartsWith("nauditd.yaml:2:20: 'state/") && Contains("can be written by others"));
  std::filesystem::remove(dir.file("state/serials"));
  std::filesystem::create_symlink("/etc/passwd", dir.file("state/serials"));
  CHECK_THAT(problems(dir, state, daemon::check_written_files).at(2), Contains("'state/serials' is a symbolic link"));

  dir.write("file", "x");
  const auto wrong =
      loaded(dir, "daemon:\n  state_directory: " + dir.path() + "/file\n  control_socket: " + dir.path() + "/file\n");
  found = problems(dir, wrong, daemon::check_written_files);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "nauditd.yaml:2:20: 'file' is no folder");
  CHECK_THAT(found[1], Catch::StartsWith("nauditd.yaml:3:19: ") && Contains("there is a file of this name that is no"));
  const auto longer = loaded(dir, "daemon: {state_directory: " + dir.path() + "/s, control_socket: /" +
                                      std::string(120, 'x') + "/control.sock}\n");
  CHECK_THAT(problems(dir, longer, daemon::check_written_files).at(0), Contains("the path has 134 bytes"));
}
