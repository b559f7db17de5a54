// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "daemon/confine/confinement.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <thread>

#include "base/descriptor.hpp"
#include "config/loader.hpp"
#include "daemon/confine/kept_rights.hpp"
#include "daemon/confine/landlock.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace naudit;
using daemon::Confinement;

namespace {

bool has_landlock() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

// What a process that has confined itself to these folders answers: the exit code.
int in_confined_process(const std::vector<std::string>& paths, const std::function<int()>& what,
                        daemon::Programs programs = daemon::Programs::kNone,
                        const std::vector<std::uint16_t>& ports = {}) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (daemon::confine(paths, programs, ports)) ::_exit(100);
    ::_exit(what());
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return WEXITSTATUS(status);
}

// 0, or why the file could not be written.
int write_to(const std::string& path) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  ::close(file);
  return 0;
}

config::Config config_of(const tests::TempDir& dir, const std::string& log) {
  return config::parse("sinks:\n  - {name: log, type: file, path: " + log + "}\ndaemon: {state_directory: " +
                           dir.file("state") + ", control_socket: " + dir.file("run/control.sock") + "}\n",
                       dir.file("nauditd.yaml"), output::kinds())
      .config;
}

}  // namespace

TEST_CASE("what the daemon writes to are the folders of its sinks, of its state and of its socket") {
  const tests::TempDir dir;
  for (const char* const name : {"log", "state", "run"}) std::filesystem::create_directory(dir.file(name));
  CHECK(Confinement::needed(config_of(dir, dir.file("log/events.json"))) ==
        std::vector<std::string>{dir.file("state"), dir.file("run"), dir.file("log")});
  // What is not there yet may be made in the nearest folder that is, but a path that is missing as a whole opens
  // nothing, and a device nothing beside it.
  CHECK(Confinement::needed(config_of(dir, dir.file("new/deep/events.json"))).back() == dir.path());
  CHECK(Confinement::needed(config_of(dir, "/nowhere-at-all/events.json")).size() == 2);
  CHECK(Confinement::needed(config_of(dir, "/dev/null")).back() == "/dev/null");
}

TEST_CASE("a confined process writes where it may, and nowhere else, and starts no program") {
  const tests::TempDir dir;
  std::filesystem::create_directory(dir.file("ours"));
  std::filesystem::create_directory(dir.file("other"));
  const std::vector<std::string> paths{dir.file("ours")};
  if (!has_landlock()) {
    // Then it is said, and nothing changes.
    CHECK(daemon::confine(paths));
    return;
  }
  CHECK(in_confined_process(paths, [&] { return write_to(dir.file("ours/a")); }) == 0);
  CHECK(std::filesystem::exists(dir.file("ours/a")));
  CHECK(in_confined_process(paths, [&] { return ::rename(dir.file("ours/a").c_str(), dir.file("ours/b").c_str()); }) ==
        0);
  CHECK(in_confined_process(paths, [&] { return ::unlink(dir.file("ours/b").c_str()); }) == 0);
  CHECK(in_confined_process(paths, [&] { return write_to(dir.file("other/a")); }) == EACCES);
  CHECK_FALSE(std::filesystem::exists(dir.file("other/a")));
  dir.write("other/there", "x");
  CHECK(in_confined_process(paths, [&] { return write_to(dir.file("other/there")); }) == EACCES);
  CHECK(in_confined_process(paths, [&] { return ::unlink(dir.file("other/there").c_str()) == 0 ? 0 : errno; }) ==
        EACCES);
  const auto start_program = [] {
    ::execl("/bin/true", "true", nullptr);
    return errno;
  };
  CHECK(in_confined_process(paths, start_program) == EACCES);
  CHECK(in_confined_process(paths, start_program, daemon::Programs::kAllowed) == 0);
  // Reading is as it was.
  CHECK(in_confined_process(paths,
                            [&] { return ::open(dir.file("other/there").c_str(), O_RDONLY) >= 0 ? 0 : errno; }) == 0);
}

TEST_CASE("a confined process listens at the ports that it has asked for, and at no other") {
  constexpr int kFirstWithNet = 4;
  if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < kFirstWithNet) return;
  // Which port it is is known once one was given.
  const auto bind_to = [](std::uint16_t port, std::uint16_t* got = nullptr) {
    const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return errno;
    if (got != nullptr && ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0)
      *got = ntohs(address.sin_port);
    return 0;
  };
  std::uint16_t port = 0;
  REQUIRE(bind_to(0, &port) == 0);
  const auto here = [&] { return bind_to(port); };
  CHECK(in_confined_process({}, here) == EACCES);
  CHECK(in_confined_process({}, here, daemon::Programs::kNone, {port}) == 0);
  CHECK(in_confined_process({}, here, daemon::Programs::kNone, {static_cast<std::uint16_t>(port ^ 1U)}) == EACCES);
}

TEST_CASE("a file is allowed by the folder that it is in, and not by the folder's name") {
  if (!has_landlock()) return;
  const tests::TempDir dir;
  for (const char* const name : {"log", "log/deep", "state", "run", "other"})
    std::filesystem::create_directory(dir.file(name));
  const config::Config config = config_of(dir, dir.file("log/events.json"));
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const Confinement confinement = Confinement::begin(config);
    if (!confinement.allows(dir.file("log/two.json"))) ::_exit(1);
    if (!confinement.allows(dir.file("log/deep/three.json"))) ::_exit(2);
    if (confinement.allows(dir.file("other/events.json"))) ::_exit(3);
    if (confinement.allows(dir.file("nowhere/events.json"))) ::_exit(4);
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
  // Without a confinement everything is.
  CHECK(Confinement().allows_port(9477));
  CHECK(Confinement().allows("/etc/cron.d/x"));
}

TEST_CASE("a thread that is started before rights are given up starts threads that have them") {
  const int before = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
  daemon::KeptRights kept;
  int ours = -1, theirs = -1;
  std::thread([&] {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return;
    std::thread([&ours] { ours = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); }).join();
    for (int i = 0; i < 3; ++i)
      kept.start("kept", [&theirs] { theirs = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0); }).join();
  }).join();
  CHECK(ours == 1);
  CHECK(theirs == before);
}

TEST_CASE("rights are kept for plugins only, and where a reload may bring some") {
  const auto keeps = [](const std::string& text) {
    return Confinement::needs_kept_rights(config::parse(text, "/f.yaml", output::kinds()).config);
  };
  CHECK_FALSE(keeps("sinks: [{name: a, type: exec, command: [/bin/cat]}]\n"));
  CHECK(keeps("sinks: [{name: a, type: plugin, command: [/bin/cat]}]\n"));
  CHECK_FALSE(keeps("sinks: [{name: a, type: plugin, command: [/bin/cat], confined: true}]\n"));
  CHECK(keeps("plugins: {directories: [/etc/audit/plugins.d]}\n"));
  CHECK_FALSE(keeps("plugins: {directories: none}\n"));
}
