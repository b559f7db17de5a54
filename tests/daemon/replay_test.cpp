// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/replay.hpp"

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
