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
