// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// nauditctl doctor on the live kernel: what can be made wrong without harm, it finds.
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <rapidjson/document.h>

#include "tests/kernel/daemon.hpp"
#include "tests/kernel/nauditd.hpp"
#include "tests/kernel/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/line_server.hpp"
#include "tests/support/program.hpp"

using namespace naudit::test;
using Catch::Matchers::Contains;
using naudit::netlink::EventSocket;

namespace {

// The findings of these checks, one a line: "level: what"; and "not-looked-at: why".
std::string findings(const Home& home, const std::vector<std::string>& checks) {
  std::vector<std::string> command{
      NAUDIT_NAUDITCTL,          "doctor",     "--json", "--socket", home.file("control.sock"), "--config",
      home.file("nauditd.yaml"), "--interval", "0.1"};
  for (const std::string& one : checks) command.insert(command.end(), {"--only", one});
  naudit::tests::Program program(command);
  const std::string told = program.rest();
  program.wait();
  rapidjson::Document json;
  json.Parse(told.c_str());
  INFO(told);
  REQUIRE(json.IsObject());
  std::string lines;
  for (const auto& check : json["checks"].GetArray()) {
    if (check.HasMember("reason"))
      lines += std::string(check["result"].GetString()) + ": " + check["reason"].GetString() + '\n';
    for (const auto& one : check["findings"].GetArray())
      lines += std::string(one["level"].GetString()) + ": " + one["what"].GetString() + '\n';
  }
  return lines;
}

void nauditctl(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), NAUDIT_NAUDITCTL);
  naudit::tests::Program program(arguments);
  program.rest();
  REQUIRE(program.wait() == 0);
}

}  // namespace

TEST_CASE("doctor finds nothing at a nauditd that is well, and the settings and rules that somebody has made") {
  const Home home;
  home.configure();
  Nauditd daemon(home);
  REQUIRE(daemon.wait_until_ready());
  CHECK(findings(home,
                 {"daemon", "owner", "config", "auditing", "never-task", "backlog", "receive-buffer", "rate-limit",
                  "failure-panic", "no-rules", "rules-arch", "rules-missing", "sinks", "locked", "namespaces"}) == "");

  nauditctl({"-r", "1000000"});
  CHECK(findings(home, {"rate-limit"}) ==
        "warning: The kernel throws away what is more than 1000000 records a second (rate_limit)\n");
  nauditctl({"-r", "0"});

  const std::string nobody = "uid=" + std::to_string(kTestUid);
  nauditctl({"-a", "never,task", "-F", nobody});
  nauditctl({"-a", "always,exit", "-S", "mkdir", "-F", nobody, "-k", "naudit-test"});
  const std::string rules = findings(home, {"never-task", "rules-arch"});
  CHECK_THAT(rules, Contains("warning: The rule '-a never,task -F " + nobody + "' takes tasks out"));
  CHECK_THAT(rules, Contains("warning: 1 rule names system calls and no arch: -a always,exit -S mkdir -F " + nobody));
  nauditctl({"-d", "never,task", "-F", nobody});

  REQUIRE(::chmod(home.file("events.json").c_str(), 0644) == 0);
  CHECK_THAT(findings(home, {"permissions"}), Contains("events.json' can be read by everybody"));
  CHECK(daemon.stop() == 0);
  delete_our_rules();
  CHECK_THAT(findings(home, {"daemon"}), Contains("critical: nauditd is not running"));
}

TEST_CASE("doctor finds a small queue and a small buffer, a dead sink, and the key that makes all events") {
  const Home home;
  const std::string nobody_listens = naudit::tests::LineServer().address();
  home.configure(std::string(Home::kLog) + "  - {name: siem, type: tcp, address: '" + nobody_listens + "'}\n",
                 "backlog_limit: 500, receive_buffer: 1MiB");
  Nauditd daemon(home);
  const bool is_ready = daemon.wait_until_ready();
  INFO(daemon.messages());
  REQUIRE(is_ready);
  Generator(300).wait();
  REQUIRE(wait_until([&] { return count_lines_with(home.file("events.json"), "\"naudit-test\"") >= 300; }));
  CHECK(findings(home, {"backlog"}) == "warning: Only 500 records may wait in the kernel (backlog_limit)\n");
  CHECK_THAT(findings(home, {"receive-buffer"}), Contains("warning: nauditd's receive buffer is 1.0 MiB only"));
  CHECK(wait_until(
      [&] { return findings(home, {"sinks"}).starts_with("critical: The sink 'siem' delivers nothing: "); }));
  CHECK_THAT(findings(home, {"noisy-key"}), Contains("warning: The key 'naudit-test' makes "));
  CHECK(daemon.stop() == 0);
  delete_our_rules();
}

TEST_CASE("doctor names another owner of the registration, and who listens") {
  const Home home;
  home.configure();
  Daemon owner(EventSocket::Mode::kOwn, 1U << 20U);
  REQUIRE_FALSE(owner.register_pid());
  Daemon listener(EventSocket::Mode::kObserve, 1U << 20U);
  const std::string told = findings(home, {"owner", "listeners"});
  const std::string us = "pid " + std::to_string(::getpid()) + " (";
  CHECK_THAT(told, Contains("warning: " + us) && Contains(" is this machine's audit daemon, not nauditd\n"));
  CHECK_THAT(told, Contains("note: " + us) && Contains(" takes a copy of every audit record\n"));
  // This process lives on: to the next test's nauditd it would still be the audit daemon.
  REQUIRE(open_requests().unregister());
}
