// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <vector>

#include "daemon/control/server.hpp"
#include "tests/daemon/running_server.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::daemon::why_refused;
using naudit::tests::Client;
using naudit::tests::RunningServer;

namespace {

const std::string kOk = "{\"ok\":true}\n";
const std::string kStatus = R"({"command":"status"})";
const std::string kStatusAnswer = "{\"ok\":true,\"status\":{\"version\":\"test\"}}\n";

}  // namespace

TEST_CASE("a client asks as often as it likes, also without waiting for the answers") {
  RunningServer server;
  Client client(server.path());
  CHECK(client.ask(kStatus) == kStatusAnswer);
  CHECK(client.ask(R"({"command":"reload"})") == kOk);
  client.send(kStatus + '\n' + kStatus + '\n' + R"({"command":"reload"})" + '\n');
  CHECK(client.line() == kStatusAnswer);
  CHECK(client.line() == kStatusAnswer);
  CHECK(client.line() == kOk);
}

TEST_CASE("a request may come in pieces") {
  RunningServer server;
  Client client(server.path());
  client.send(R"({"command":)");
  client.send("\"status\"}");
  client.send("\n");
  CHECK(client.line() == kStatusAnswer);
}

TEST_CASE("a reload that fails answers with every problem") {
  RunningServer server;
  server.daemon().set_reload_problems("a.yaml:1:2: wrong\nb.yaml:3:4: wrong too");
  Client client(server.path());
  CHECK(client.ask(R"({"command":"reload"})") ==
        "{\"ok\":false,\"error\":\"a.yaml:1:2: wrong\\nb.yaml:3:4: wrong too\"}\n");
}

TEST_CASE("an action that throws is an answer, and the session goes on") {
  RunningServer server;
  Client client(server.path());
  CHECK(client.ask(R"({"command":"rotate"})") == "{\"ok\":false,\"error\":\"no sink to rotate\"}\n");
  CHECK(client.ask(kStatus) == kStatusAnswer);
}

TEST_CASE("the events of each rule key are told") {
  RunningServer server;
  Client client(server.path());
  CHECK(client.ask(R"({"command":"rule_stats"})") == "{\"ok\":true,\"rule_stats\":{\"keys\":[]}}\n");
  CHECK_THAT(client.ask(R"({"command":"rule_stats","count":1})"), Contains("takes no"));
}

TEST_CASE("a bad request gets one error, and the session goes on") {
  RunningServer server;
  Client client(server.path());
  CHECK_THAT(client.ask("hello"), Contains(R"("ok":false)") && Contains("not JSON"));
  CHECK_THAT(client.ask(""), Contains("not JSON"));
  CHECK(client.ask(kStatus) == kStatusAnswer);
}

TEST_CASE("a request that is too long is an error and the end") {
  RunningServer server({.request_bytes = 1024});
  Client client(server.path());
  client.send(std::string(4096, 'x'));
  CHECK_THAT(client.line(), Contains("longer than 1KiB"));
  CHECK(client.line().empty());
}

TEST_CASE("a request of the longest length is taken") {
  RunningServer server({.request_bytes = 1024});
  Client client(server.path());
  CHECK(client.ask(kStatus + std::string(1024 - kStatus.size(), ' ')) == kStatusAnswer);
}

TEST_CASE("a request without its newline is an error and the end") {
  RunningServer server;
  Client client(server.path());
  client.send(kStatus);
  client.end_sending();
  CHECK_THAT(client.line(), Contains("newline"));
  CHECK(client.line().empty());
}

TEST_CASE("a client that sends nothing is told so and let go") {
  RunningServer server({.idle = std::chrono::milliseconds{20}});
  Client client(server.path());
  CHECK_THAT(client.line(), Contains("no request came within 20ms"));
  CHECK(client.line().empty());
}

TEST_CASE("one client too many is refused until another leaves") {
  RunningServer server({.clients = 2});
  Client first(server.path());
  Client second(server.path());
  CHECK(first.ask(kStatus) == kStatusAnswer);
  CHECK(second.ask(kStatus) == kStatusAnswer);
  Client third(server.path());
  CHECK_THAT(third.line(), Contains("2 clients already"));
  CHECK(third.line().empty());
  first.end_sending();
  CHECK(first.line().empty());
  Client fourth(server.path());
  CHECK(fourth.ask(kStatus) == kStatusAnswer);
}

TEST_CASE("only root and the daemon's own user may use the socket") {
  CHECK_FALSE(why_refused(0, 0));
  CHECK_FALSE(why_refused(0, 123));
  CHECK_FALSE(why_refused(123, 123));
  CHECK_THAT(why_refused(1000, 0).value(), Contains("uid 1000"));
  CHECK_THAT(why_refused(1000, 123).value(), Contains("only root"));
}

TEST_CASE("the kernel says who the client is, whatever the file's mode is", "[.root]") {
  RunningServer server;
  const std::string directory = server.path().substr(0, server.path().rfind('/'));
  chmod(directory.substr(0, directory.rfind('/')).c_str(), 0755);
  chmod(directory.c_str(), 0755);
  chmod(server.path().c_str(), 0666);
  std::string answer;
  // The system call itself changes the calling thread only, unlike the function of the C library.
  std::thread other([&] {
    if (syscall(SYS_setresuid, 65534, 65534, 65534) == 0) answer = Client(server.path()).ask(kStatus);
  });
  other.join();
  CHECK_THAT(answer, Contains(R"("ok":false)") && Contains("uid 65534 may not use this socket"));
}

TEST_CASE("a server that stops ends its clients and takes its socket away") {
  RunningServer server;
  Client client(server.path());
  CHECK(client.ask(kStatus) == kStatusAnswer);
  server.stop();
  CHECK(client.line().empty());
  CHECK(access(server.path().c_str(), F_OK) != 0);
}

TEST_CASE("a client that waits for an answer holds nobody up") {
  RunningServer server;
  server.daemon().hold_reload();
  Client patient(server.path());
  patient.send("{\"command\":\"reload\"}\n{\"command\":\"status\"}\n");
  Client gone(server.path());
  const auto reply = server.daemon().wait_for_reload();
  gone.send("{\"command\":\"reload\"}\n");
  const auto too_late = server.daemon().wait_for_reload();
  gone.hang_up();
  Client other(server.path());
  CHECK(other.ask(R"({"command":"status"})") == "{\"ok\":true,\"status\":{\"version\":\"test\"}}\n");
  server.run([too_late] { too_late({}); });
  server.run([reply] { reply(tl::unexpected<std::string>("a.yaml:1:2: wrong")); });
  CHECK(patient.line() == "{\"ok\":false,\"error\":\"a.yaml:1:2: wrong\"}\n");
  CHECK(patient.line() == "{\"ok\":true,\"status\":{\"version\":\"test\"}}\n");
}
