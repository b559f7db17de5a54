// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
// nauditctl, the program, against the control server: that both speak docs/control-socket.md.
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/daemon/running_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using Catch::Matchers::Contains;
using naudit::output::Batch;
using naudit::tests::Program;
using naudit::tests::RunningServer;

namespace {

std::vector<std::string> nauditctl(const RunningServer& server, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), std::string(NAUDIT_BINARY_DIR) + "/bin/nauditctl");
  arguments.insert(arguments.begin() + 2, {"--socket", server.path()});
  return arguments;
}

naudit::output::BatchPtr event(const std::string& text) {
  auto batch = std::make_shared<Batch>();
  batch->bytes = text + '\n';
  batch->ends.push_back(static_cast<std::uint32_t>(batch->bytes.size()));
  return batch;
}

}  // namespace

TEST_CASE("nauditctl status --json prints what the daemon says") {
  RunningServer server;
  Program program(nauditctl(server, {"status", "--json"}));
  CHECK(program.rest() == "{\"version\":\"test\"}\n");
  CHECK(program.wait() == 3);  // that daemon is not registered
}

TEST_CASE("nauditctl metrics prints the text itself") {
  RunningServer server;
  Program program(nauditctl(server, {"metrics"}));
  CHECK(program.rest() == "# HELP up Is it.\n# TYPE up gauge\nup{sink=\"a\\\\b\"} 1\n");
  CHECK(program.wait() == 0);
}

TEST_CASE("nauditctl reload prints every problem and fails") {
  RunningServer server;
  {
    Program program(nauditctl(server, {"reload"}));
    const pid_t pid = program.pid();
    CHECK_THAT(program.rest(), Contains("in use"));
    CHECK(program.wait() == 0);
    CHECK(server.daemon().who().pid == pid);
    CHECK(server.daemon().who().uid == geteuid());
  }
  server.daemon().set_reload_problems("a.yaml:1:2: wrong\nb.yaml:3:4: wrong too");
  Program program(nauditctl(server, {"reload"}));
  CHECK(program.rest() == "a.yaml:1:2: wrong\nb.yaml:3:4: wrong too\n");
  CHECK(program.wait() == 1);
}

TEST_CASE("nauditctl rotate hands on what the daemon cannot do") {
  RunningServer server;
  Program program(nauditctl(server, {"rotate"}));
  CHECK(program.rest() == "no sink to rotate\n");
  CHECK(program.wait() == 1);
}

TEST_CASE("nauditctl tail prints events with the filter that was asked for, until Ctrl-C") {
  RunningServer server;
  Program program(nauditctl(server, {"tail", "--key", "a", "--key", "b", "--type", "USER_LOGIN", "--syscall", "openat",
                                     "--uid", "0", "--outcome", "failure"}));
  const auto sink = server.daemon().wait_for_tail();
  const auto filter = server.daemon().filter();
  CHECK(filter.keys == std::vector<std::string>{"a", "b"});
  CHECK(filter.types == std::vector<std::string>{"USER_LOGIN"});
  CHECK(filter.syscalls == std::vector<std::string>{"openat"});
  CHECK(filter.uids == std::vector<std::string>{"0"});
  CHECK(filter.outcome == naudit::config::Outcome::kFailure);
  CHECK(sink->status().format == "line");
  sink->push(event("one"));
  CHECK(program.line() == "one\n");
  sink->push(event("two"));
  CHECK(program.line() == "two\n");
  program.signal(SIGINT);
  CHECK(program.rest().empty());
  CHECK(program.wait() == 0);
  server.daemon().wait_until_no_tail();
}

TEST_CASE("nauditctl tail --json --count ends after so many events") {
  RunningServer server;
  Program program(nauditctl(server, {"tail", "--json", "--count", "1"}));
  const auto sink = server.daemon().wait_for_tail();
  CHECK(sink->status().format == "json");
  sink->push(event("{}"));
  CHECK(program.rest() == "{}\n");
  CHECK(program.wait() == 0);
}

TEST_CASE("nauditctl tail says when the daemon cannot give it, or stops") {
  RunningServer server;
  {
    Program program(nauditctl(server, {"tail", "--raw"}));
    CHECK(program.rest() == "this daemon has no raw\n");
    CHECK(program.wait() == 1);
  }
  Program program(nauditctl(server, {"tail"}));
  server.daemon().wait_for_tail()->push(event("one"));
  CHECK(program.line() == "one\n");
  server.stop();
  CHECK(program.line() == "nauditd has stopped; waiting for it to come back. Ctrl-C ends.\n");
  program.signal(SIGINT);
  program.wait();
}

TEST_CASE("nauditctl tail ends when nobody reads it any more") {
  RunningServer server;
  Program program(nauditctl(server, {"tail"}));
  const auto sink = server.daemon().wait_for_tail();
  sink->push(event("one"));
  CHECK(program.line() == "one\n");
  program.close_output();
  sink->push(event("two"));
  server.daemon().wait_until_no_tail();
  CHECK(program.wait() == 128 + SIGPIPE);
}
