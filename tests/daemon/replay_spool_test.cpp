// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "config/loader.hpp"
#include "daemon/replay.hpp"
#include "output/sinks/kinds.hpp"
#include "output/spool/inspect.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using namespace std::chrono_literals;

namespace {

constexpr int kEvents = 20'000;

std::string log_of(int events) {
  std::string text;
  for (int serial = 1; serial <= events; ++serial)
    text += "type=USER_LOGIN msg=audit(1700000000.001:" + std::to_string(serial) +
            "): pid=1 uid=0 auid=0 ses=1 msg='op=login res=success'\n";
  return text;
}

config::Config config_for(const tests::TempDir& dir, std::uint16_t port) {
  return config::parse("sinks: [{name: siem, type: https, format: raw, url: 'http://127.0.0.1:" + std::to_string(port) +
                           "/', spool: {keep_free: 0%}}]\ndaemon: {state_directory: " + dir.file("state") + "}\n",
                       dir.file("nauditd.yaml"), output::kinds())
      .config;
}

std::uint64_t waiting(const tests::TempDir& dir) {
  try {
    return output::inspect_spool(output::real_disk(), dir.file("state/spool/siem"), false).waiting;
  } catch (const base::Error&) {
    return 0;  // not yet made
  }
}

// The serials in the order in which they came.
std::vector<int> serials(const tests::HttpServer& server) {
  std::vector<int> all;
  for (const auto& request : server.requests())
    for (std::size_t at = request.body.find(".001:"); at != std::string::npos; at = request.body.find(".001:", at + 1))
      all.push_back(std::atoi(request.body.c_str() + at + 5));
  return all;
}

}  // namespace

// NAUDIT_DAEMON_KILLS=200: as many as that.
TEST_CASE("what was in a spool when the daemon was killed is delivered by the next one, in order") {
  const char* const wanted = std::getenv("NAUDIT_DAEMON_KILLS");
  const int kills = wanted == nullptr ? 3 : std::atoi(wanted);
  std::mt19937 random(static_cast<unsigned>(kills));  // NOLINT(cert-msc51-cpp): the same ones each time
  for (int kill = 0; kill < kills; ++kill) {
    const tests::TempDir dir;
    dir.write("audit.log", log_of(kEvents));
    dir.write("empty.log", "");
    std::uint16_t port = 0;
    {
      tests::HttpServer free;
      port = free.server().port();
    }
    const config::Config config = config_for(dir, port);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      // Nobody listens: everything stays in the spool.
      if (std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(99);
      ::_exit(daemon::replay(config, dir.file("audit.log")));
    }
    const auto least = std::uniform_int_distribution<std::uint64_t>(1, kEvents)(random);
    const auto deadline = std::chrono::steady_clock::now() + 120s;
    while (waiting(dir) < least && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(1ms);
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    const std::uint64_t kept = waiting(dir);
    INFO("kill " << kill << ", " << kept << " events were in the spool, at least " << least);
    REQUIRE(kept >= least);

    tests::HttpServer server({}, std::nullopt, port);
    CHECK(daemon::replay(config, dir.file("empty.log")) == 0);
    while (waiting(dir) > 0 && std::chrono::steady_clock::now() < deadline)
      CHECK(daemon::replay(config, dir.file("empty.log")) == 0);
    const std::vector<int> all = serials(server);
    REQUIRE(all.size() >= kept);
    REQUIRE(all.front() == 1);
    REQUIRE(all.back() == static_cast<int>(kept));
    // Nothing is missing; what comes twice comes as a whole request.
    REQUIRE(std::ranges::is_sorted(all));
    REQUIRE(std::ranges::adjacent_find(all, [](int one, int next) { return next > one + 1; }) == all.end());
  }
}
