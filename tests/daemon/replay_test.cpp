// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/replay.hpp"

#include "base/file.hpp"
#include "config/loader.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;

TEST_CASE("a replay fails when a sink could not write what was replayed") {
  const tests::TempDir dir;
  dir.write("audit.log",
            "type=USER_LOGIN msg=audit(1700000000.001:1): pid=1 uid=0 auid=0 ses=1 msg='op=login res=success'\n");
  const auto replay_to = [&dir](const std::string& path) {
    const auto loaded = config::parse("sinks: [{name: log, type: file, path: " + path + "}]\n",
                                      dir.file("nauditd.yaml"), output::kinds());
    return daemon::replay(loaded.config, dir.file("audit.log"));
  };
  CHECK(replay_to("events.json") == 0);
  CHECK(replay_to("there-is-no-such-folder/events.json") == 1);
}

TEST_CASE("a replay is limited as its events were, and says what a limit withheld") {
  const tests::TempDir dir;
  std::string log;
  for (const char* const id : {"1700000000.001:1", "1700000000.002:2", "1700000000.003:3", "1700000009.000:4"})
    log += "type=SYSCALL msg=audit(" + std::string(id) +
           "): arch=c000003e syscall=59 success=yes exit=0 auid=7 uid=0 exe=\"/bin/a\" key=\"exec\"\ntype=PROCTITLE "
           "msg=audit(" +
           id + "): proctitle=\"a\"\n";
  dir.write("audit.log", log);
  const auto loaded = config::parse(
      "sinks: [{name: log, type: file, path: out, format: raw, rate_limit: {events: 1, by: [key, exe]}}]\n",
      dir.file("nauditd.yaml"), output::kinds());
  CHECK(daemon::replay(loaded.config, dir.file("audit.log")) == 0);
  const std::string out = base::read_file(dir.file("out"), false);
  const std::size_t first = out.find(":1)"), told = out.find(" op=withheld cause=rate-limit "), last = out.find(":4)");
  CHECK(first < told);
  CHECK(told < last);
  CHECK(last != std::string::npos);
  CHECK(out.find(" key=\"exec\" exe=\"/bin/a\" events=2 first=1700000000.002:2 last=1700000000.003:3 res=success\n") !=
        std::string::npos);
}
