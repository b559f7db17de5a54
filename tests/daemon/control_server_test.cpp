// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <thread>
#include <vector>

#include "daemon/control/server.hpp"
#include "tests/daemon/running_server.hpp"
#include "tests/support/catch.hpp"

using Catch::Matchers::Contains;
using naudit::daemon::Access;
using naudit::daemon::access_of;
using naudit::daemon::AccessGroups;
using naudit::daemon::Peer;
using naudit::daemon::refusal;
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

TEST_CASE("root and the daemon's own user may do everything, members of a group what it is for") {
  const AccessGroups groups{.read = {"naudit", 50}, .admin = {"audit-admin", 60}};
  const auto access = [&](uid_t uid, gid_t gid, std::vector<gid_t> others, uid_t own = 0) {
    return access_of({.uid = uid, .gid = gid, .groups = std::move(others)}, own, groups);
  };
  CHECK(access(0, 0, {}) == Access::kAdmin);
  CHECK(access(0, 0, {}, 123) == Access::kAdmin);
  CHECK(access(123, 123, {}, 123) == Access::kAdmin);
  CHECK(access(1000, 1000, {}) == Access::kNone);
  CHECK(access(1000, 50, {}) == Access::kRead);
  CHECK(access(1000, 1000, {4, 50}) == Access::kRead);
  CHECK(access(1000, 1000, {50, 60}) == Access::kAdmin);
  CHECK(access(1000, 60, {}) == Access::kAdmin);
  // A group that is not there, or not named, lets nobody in; nor does a client that the kernel does not tell of.
  CHECK(access_of({.uid = 1000, .gid = 50, .groups = {60}}, 0, {.read = {"naudit", {}}, .admin = {}}) == Access::kNone);
  CHECK(access_of({}, 0, groups) == Access::kNone);
}

TEST_CASE("who is refused is told which group would let him") {
  const Peer who{.pid = 7, .uid = 1000};
  const AccessGroups both{.read = {"naudit", 50}, .admin = {"audit-admin", 60}};
  CHECK(refusal(who, Access::kRead, "", both) ==
        "uid 1000 may not use the control socket here, only root and members of the group 'naudit' may; run it with "
        "sudo, or become a member: usermod -aG naudit USER, and log in anew");
  CHECK(refusal(who, Access::kAdmin, "reload", both) ==
        "uid 1000 may not 'reload' here, only root and members of the group 'audit-admin' may; run it with sudo, or "
        "become a member: usermod -aG audit-admin USER, and log in anew");
  CHECK(refusal(who, Access::kAdmin, "reload", {}) ==
        "uid 1000 may not 'reload' here, only root may; run it with sudo");
}

TEST_CASE("another user does at the socket what his groups may, and the kernel says which they are", "[.root]") {
  constexpr gid_t kReaders = 54321, kAdmins = 54322;
  RunningServer server;
  std::filesystem::permissions(std::filesystem::path(server.path()).parent_path().parent_path(),
                               std::filesystem::perms{0711});
  // The system calls themselves change the calling thread only, unlike the functions of the C library.
  const auto ask_as = [&](gid_t gid, std::vector<gid_t> groups, const std::string& request) {
    std::string answer;
    std::thread([&] {
      if (syscall(SYS_setgroups, groups.size(), groups.data()) != 0 || syscall(SYS_setresgid, gid, gid, gid) != 0 ||
          syscall(SYS_setresuid, 65534, 65534, 65534) != 0)
        return;
      try {
        answer = Client(server.path()).ask(request);
      } catch (const std::exception& error) {
        answer = error.what();
      }
    }).join();
    return answer;
  };
  const std::string reload = R"({"command":"reload"})";
  CHECK_THAT(ask_as(65534, {}, kStatus), Contains("Permission denied"));
  std::promise<std::string> let_in;
  server.run(
      [&] { let_in.set_value(server.server().let_in({.read = {"readers", kReaders}, .admin = {"admins", kAdmins}})); });
  CHECK(let_in.get_future().get().empty());
  CHECK_THAT(ask_as(65534, {}, kStatus), Contains("Permission denied"));
  CHECK(ask_as(65534, {4, kReaders}, kStatus) == kStatusAnswer);
  CHECK(ask_as(kReaders, {}, kStatus) == kStatusAnswer);
  CHECK_THAT(ask_as(kReaders, {}, reload), Contains(R"("ok":false)") && Contains("group 'admins'"));
  CHECK(server.daemon().who().pid == 0);  // was not asked
  CHECK(ask_as(65534, {kAdmins}, reload) == "{\"ok\":true}\n");
  CHECK(server.daemon().who().uid == 65534);
  // The socket's mode is not what decides.
  chmod(server.path().c_str(), 0666);
  CHECK_THAT(ask_as(65534, {}, kStatus), Contains(R"("ok":false)") && Contains("uid 65534 may not use the control"));
  // Without groups it is root's again.
  std::promise<std::string> closed;
  server.run([&] { closed.set_value(server.server().let_in({})); });
  CHECK(closed.get_future().get().empty());
  CHECK_THAT(ask_as(kReaders, {kAdmins}, kStatus), Contains("Permission denied"));
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
