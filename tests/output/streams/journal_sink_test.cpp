// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The sink journal: its entries to the letter, and what systemd-journald makes of them.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "config/loader.hpp"
#include "output/sinks/journal/encoder.hpp"
#include "output/sinks/journal/options.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/streams/stream_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::EncodedFor;
using tests::login_record;
using tests::sink_of;
using tests::soon;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;
constexpr std::string_view kFailure =
    "type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=59 success=no exit=-13 a0=1 a1=2 a2=3 a3=4 "
    "items=0 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 "
    "comm=\"x\" exe=\"/bin/x\" key=65786563016B32\n"
    "type=PROCTITLE msg=audit(1700000000.123:45): proctitle=\"x\"\n";

std::string text_of(const config::Sink& sink, std::string_view records) {
  return EncodedFor(sink).batch(records)->bytes;
}

// A journal that only the test reads.
struct Journal {
  explicit Journal(const std::string& path) : fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    REQUIRE(::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
  }
  // An entry, and whether it came in a file.
  std::pair<std::string, bool> receive() {
    std::string bytes(std::size_t{1} << 20, '\0');
    iovec piece{bytes.data(), bytes.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(fd.get(), &message, MSG_CMSG_CLOEXEC);
    if (got < 0) return {"nothing", false};
    bytes.resize(static_cast<std::size_t>(got));
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    if (header == nullptr) return {bytes, false};
    int number = -1;
    std::memcpy(&number, CMSG_DATA(header), sizeof number);
    const base::Descriptor file(number);
    // What journald asks for before it maps it.
    const int seals = ::fcntl(file.get(), F_GET_SEALS);
    CHECK((seals & (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)) == (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
    struct stat found{};
    REQUIRE(::fstat(file.get(), &found) == 0);
    std::string content(static_cast<std::size_t>(found.st_size), '\0');
    REQUIRE(::pread(file.get(), content.data(), content.size(), 0) == found.st_size);
    return {content, bytes.empty()};
  }
  base::Descriptor fd;
};

}  // namespace

TEST_CASE("an entry of the journal has its fields to the letter") {
  JournalOptions options;
  const std::string fields =
      "PRIORITY=6\nSYSLOG_IDENTIFIER=nauditd\nMESSAGE_ID=2c1a5f0e6b8d4c7fa93d0e41b7528f96\n"
      "AUDIT_ID=1700000000.123:45\nAUDIT_ACTION=executed\nAUDIT_OUTCOME=failure\nAUDIT_NODE=web1\nAUDIT_KEY=exec\n"
      "AUDIT_KEY=k2\n";
  const std::string one_line = text_of(sink_of("journal", options), kFailure);
  CHECK_THAT(one_line, Catch::StartsWith("MESSAGE={\"id\":\"1700000000.123:45\"") && Catch::EndsWith("}\n" + fields));
  // More than one line: with its length.
  const std::string lines = text_of(sink_of("journal", options, "raw"), kFailure);
  const std::string message = lines.substr(16, lines.size() - 17 - fields.size());
  CHECK_THAT(message, Catch::StartsWith("node=web1 type=SYSCALL ") && Catch::EndsWith("proctitle=\"x\""));
  CHECK(lines.starts_with("MESSAGE\n"));
  std::uint64_t size = 0;
  for (int i = 7; i >= 0; --i) size = size * 256 + static_cast<unsigned char>(lines[8 + static_cast<std::size_t>(i)]);
  CHECK(size == message.size());
  options.head.failure_priority = Severity::kWarning;
  options.head.identifier = "x";
  CHECK_THAT(text_of(sink_of("journal", options), kFailure), Contains("\nPRIORITY=4\nSYSLOG_IDENTIFIER=x\n"));
  CHECK_THAT(text_of(sink_of("journal", options), login_record(1)), Contains("\nPRIORITY=6\n"));
}

TEST_CASE("an entry is a datagram, and one that is too large for it a sealed file") {
  const tests::TempDir directory;
  Journal journal(directory.file("socket"));
  JournalOptions options;
  options.path = directory.file("socket");
  const config::Sink sink = sink_of("journal", options);
  Network network;
  const auto made = make_sink(sink, network, {});
  EncodedFor encoded(sink);
  auto batch = std::make_shared<Batch>();
  const std::string large = "MESSAGE=" + std::string(std::size_t{40} << 20, 'x') + '\n';
  batch->bytes = "MESSAGE=a\nPRIORITY=6\n" + large + "MESSAGE=b\n";
  batch->ends = {21, static_cast<std::uint32_t>(21 + large.size()), static_cast<std::uint32_t>(batch->bytes.size())};
  batch->first_id = "1.000:1";
  batch->last_id = "1.000:3";
  made->push(batch);
  CHECK(journal.receive() == std::pair(std::string("MESSAGE=a\nPRIORITY=6\n"), false));
  const auto [content, in_file] = journal.receive();
  CHECK(in_file);
  CHECK(content == large);
  CHECK(journal.receive() == std::pair(std::string("MESSAGE=b\n"), false));
  made->stop(kLong);
  CHECK(made->status().events_out == 3);
  CHECK(made->status().events_dropped == 0);
}

// In a namespace of its own, so that no journal of the machine is touched.
TEST_CASE("journald stores each entry with its fields", "[.root]") {
  namespace fs = std::filesystem;
  const std::string space = "naudit-test-" + std::to_string(::getpid());
  const std::string folder = "/run/systemd/journal." + space;
  struct Remains {
    explicit Remains(std::string name) : space(std::move(name)) {}
    Remains(const Remains&) = delete;
    Remains& operator=(const Remains&) = delete;
    ~Remains() {
      std::error_code ignored;
      fs::remove_all("/run/systemd/journal." + space, ignored);
      for (const char* const logs : {"/var/log/journal", "/run/log/journal"})
        for (const auto& entry : fs::directory_iterator(logs, ignored))
          if (entry.path().extension() == '.' + space) fs::remove_all(entry.path(), ignored);
    }
    std::string space;
  } const remains(space);
  fs::create_directories(folder);
  tests::Program journald({"/lib/systemd/systemd-journald", space});
  REQUIRE(soon([&] { return fs::exists(folder + "/socket"); }));
  JournalOptions options;
  options.path = folder + "/socket";
  const config::Sink sink = sink_of("journal", options);
  Network network;
  const auto made = make_sink(sink, network, {});
  EncodedFor encoded(sink);
  made->push(encoded.batch(kFailure));
  const std::string long_name(std::size_t{600'000}, 'g');  // beyond what a socket takes
  made->push(encoded.batch(login_record(46, " grantors=" + long_name)));
  made->stop(kLong);
  REQUIRE(made->status().events_out == 2);
  const auto journalctl = [&](const std::vector<std::string>& more) {
    std::vector<std::string> command = {"/usr/bin/journalctl", "--namespace=" + space, "-t", "nauditd", "-o", "cat"};
    command.insert(command.end(), more.begin(), more.end());
    return tests::Program(command).rest();
  };
  REQUIRE(soon([&] { return journalctl({"AUDIT_ID=1700000000.123:46"}).size() > long_name.size(); }));
  CHECK_THAT(journalctl({"AUDIT_KEY=k2", "AUDIT_OUTCOME=failure", "AUDIT_ACTION=executed"}),
             Catch::StartsWith("{\"id\":\"1700000000.123:45\"") && Catch::EndsWith("}\n"));
  CHECK_THAT(journalctl({"AUDIT_ID=1700000000.123:46"}), Contains(long_name));
  journald.signal(SIGTERM);
}

TEST_CASE("who else listens to the audit records stands in /proc/net/netlink") {
  constexpr std::string_view kHead =
      "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n";
  CHECK(audit_listeners("").empty());
  CHECK(audit_listeners(kHead).empty());
  const std::string table = std::string(kHead) +
                            "0000000000000000 9   1          00000001 0        0        0     2        0        17\n"
                            "0000000000000000 0   2          00000001 0        0        0     2        0        18\n"
                            "0000000000000000 9   812        00000000 0        0        0     2        0        19\n"
                            "0000000000000000 9   4294963137 80000001 0        0        0     2        0        20\n"
                            "0000000000000000 9   5\n";
  CHECK(audit_listeners(table) == std::vector<std::uint32_t>{1, 4294963137});
}

TEST_CASE("what is wrong in a journal sink is refused, and what is missing is told") {
  const auto refusal_of = [](const std::string& keys) -> std::string {
    try {
      config::parse("sinks:\n  - {name: a, type: journal, " + keys + "}\n", "/f.yaml", kinds());
    } catch (const base::Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(refusal_of("priority: notice, failure_priority: err").empty());
  CHECK_THAT(refusal_of("identifier: 'a b'"), Contains("printable ASCII characters without a space, not 'a b'"));
  CHECK_THAT(refusal_of("path: /" + std::string(107, 'x')), Contains("at most 107 bytes"));
  CHECK_THAT(refusal_of("priority: information"), Contains("expected one of emerg"));
  JournalOptions missing;
  missing.path = "/nonexistent/socket";
  CHECK_THAT(sink_warnings(sink_of("journal", missing), true).at(0), Contains("there is no '/nonexistent/socket'"));
}

}  // namespace naudit::output
