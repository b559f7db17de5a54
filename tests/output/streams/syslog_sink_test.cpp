// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// The sink syslog: its header to the letter, and what Debian's rsyslogd makes of what we send over each transport.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <regex>

#include "base/descriptor.hpp"
#include "config/loader.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "output/sinks/syslog/options.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/output/streams/message_server.hpp"
#include "tests/output/streams/stream_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/rsyslog.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::EncodedFor;
using tests::login_record;
using tests::sink_of;
using tests::soon;
using namespace std::chrono_literals;

constexpr auto kLong = 30'000ms;
// Two keys, one of which needs each escape; an outcome that is a failure.
constexpr std::string_view kFailure =
    "type=SYSCALL msg=audit(1700000000.123:45): arch=c000003e syscall=59 success=no exit=-13 a0=1 a1=2 a2=3 a3=4 "
    "items=0 ppid=1 pid=2 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 "
    "comm=\"x\" exe=\"/bin/x\" key=657865630161225C5D62\n"
    "type=PROCTITLE msg=audit(1700000000.123:45): proctitle=\"x\"\n";

SyslogOptions options_for(SyslogTransport transport) {
  SyslogOptions options;
  options.transport = transport;
  options.retry = {5ms, 50ms};
  options.head.standard = SyslogStandard::kRfc5424;
  return options;
}

std::string text_of(const config::Sink& sink, std::string_view records, const std::string& node = "web1") {
  return EncodedFor(sink, node).batch(records)->bytes;
}

std::string refusal_of(const std::string& keys) {
  try {
    config::parse("sinks:\n  - {name: a, type: syslog, " + keys + "}\n", "/f.yaml", kinds());
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

const SyslogOptions& read(const config::Config& config) {
  return config.sinks.at(0).options.as<SyslogOptions>();
}

// A unix datagram socket that nobody but the test reads.
struct DatagramServer {
  explicit DatagramServer(const std::string& path) : fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(static_cast<char*>(address.sun_path), path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    REQUIRE(::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) == 0);
  }
  std::string receive() {
    std::array<char, 65536> buffer{};
    const ssize_t got = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    return got < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(got));
  }
  base::Descriptor fd;
};

// Sends `count` logins and checks what rsyslogd has understood of each.
void deliver_to_rsyslog(const SyslogOptions& options, tests::Rsyslog& server) {
  constexpr int kEvents = 200;
  const config::Sink sink = sink_of("syslog", options);
  Network network;
  const auto made = make_sink(sink, network, {});
  EncodedFor encoded(sink);
  std::vector<std::string> lines;
  // No more at a time than a socket holds whose reader is slow: over UDP the rest would be lost.
  for (int number = 0; number < kEvents; number += 20) {
    std::string records;
    for (int i = number; i < number + 20; ++i) records += login_record(i);
    made->push(encoded.batch(records));
    for (std::string& line : server.lines(20)) lines.push_back(std::move(line));
  }
  REQUIRE(lines.size() == kEvents);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string id = "1700000000.123:" + std::to_string(i);
    if (options.head.standard == SyslogStandard::kRfc5424) {
      REQUIRE_THAT(lines[i],
                   Catch::StartsWith("110|1|2023-11-14T22:13:20.123Z|web1|nauditd|" + std::to_string(::getpid()) +
                                     "|logged-in|[naudit@32473 id=\"" + id + "\"]|{\"id\":\"" + id + '"'));
    } else {
      REQUIRE_THAT(lines[i], Catch::StartsWith("110|0|") && Contains("|nauditd|" + std::to_string(::getpid())) &&
                                 Contains("| {\"id\":\"" + id + '"'));
    }
    REQUIRE(lines[i].ends_with('}'));
  }
  REQUIRE(soon([&] { return made->status().events_out == kEvents; }));
  made->stop(kLong);
  CHECK(made->status().events_dropped == 0);
  CHECK(made->status().last_error.empty());
}

}  // namespace

TEST_CASE("a message of RFC 5424 has its header to the letter") {
  SyslogOptions options = options_for(SyslogTransport::kTcp);
  const std::string process = std::to_string(::getpid());
  const std::string text = text_of(sink_of("syslog", options, "raw"), kFailure);
  const std::string head = "<110>1 2023-11-14T22:13:20.123Z web1 nauditd " + process +
                           " executed [naudit@32473 id=\"1700000000.123:45\" key=\"exec\" key=\"a\\\"\\\\\\]b\"] ";
  const std::vector<std::string> lines = tests::split_lines(text);
  REQUIRE(lines.size() == 2);  // each record is a message
  CHECK_THAT(lines[0], Catch::StartsWith(head + "node=web1 type=SYSCALL msg=audit(1700000000.123:45): arch="));
  CHECK(lines[1] == head + "node=web1 type=PROCTITLE msg=audit(1700000000.123:45): proctitle=\"x\"");
  options.head = {.standard = SyslogStandard::kRfc5424,
                  .has_host = true,
                  .facility = SyslogFacility::kAuthpriv,
                  .severity = Severity::kInfo,
                  .failure_severity = Severity::kWarning,
                  .app_name = "x",
                  .structured_data = false,
                  .enterprise = 1,
                  .bom = true};
  CHECK_THAT(text_of(sink_of("syslog", options), kFailure, ""),
             Catch::StartsWith("<84>1 2023-11-14T22:13:20.123Z - x " + process + " executed - \xEF\xBB\xBF{\"id\":"));
  CHECK_THAT(text_of(sink_of("syslog", options), login_record(1), std::string(300, 'h') + "\n"),
             Catch::StartsWith("<86>1 2023-11-14T22:13:20.123Z " + std::string(255, 'h') + " x "));
  CHECK_THAT(text_of(sink_of("syslog", options), login_record(1), "a b\xC3\xA9"), Contains("Z a_b__ x "));
}

TEST_CASE("a message of RFC 3164 has local time, and no host where it goes into a local socket") {
  SyslogOptions options = options_for(SyslogTransport::kUdp);
  options.head.standard = SyslogStandard::kRfc3164;
  const std::string tag = "nauditd[" + std::to_string(::getpid()) + "]: {";
  const std::regex with_host("<110>Nov 1[45] \\d\\d:\\d\\d:20 web1 nauditd\\[\\d+\\]: \\{.*\\}\n");
  CHECK(std::regex_match(text_of(sink_of("syslog", options), login_record(1)), with_host));
  CHECK_THAT(text_of(sink_of("syslog", options), login_record(1), ""), Contains(":20 localhost " + tag));
  options.head.has_host = false;
  CHECK_THAT(text_of(sink_of("syslog", options), login_record(1)), Contains(":20 " + tag));
  // A single digit has a space before it.
  CHECK(std::regex_search(
      text_of(sink_of("syslog", options),
              "type=USER_LOGIN msg=audit(1699272000.000:1): pid=7 uid=0 auid=1 ses=3 msg='op=login res=success'\n"),
      std::regex("^<110>Nov  [67] ")));
}

TEST_CASE("rsyslogd understands each message over UDP, a unix socket, and TCP with either framing") {
  const tests::TempDir directory;
  tests::Rsyslog server(directory.path(), std::nullopt);
  SECTION("UDP") {
    SyslogOptions options = options_for(SyslogTransport::kUdp);
    options.address = {server.udp_address()};
    deliver_to_rsyslog(options, server);
  }
  SECTION("a unix socket, as syslog(3)") {
    SyslogOptions options = options_for(SyslogTransport::kUnix);
    options.path = server.socket();
    options.head.standard = SyslogStandard::kRfc3164;
    options.head.has_host = false;
    deliver_to_rsyslog(options, server);
  }
  SECTION("TCP, octet-counted") {
    SyslogOptions options = options_for(SyslogTransport::kTcp);
    options.address = {server.tcp_address()};
    deliver_to_rsyslog(options, server);
  }
  SECTION("TCP, newline") {
    SyslogOptions options = options_for(SyslogTransport::kTcp);
    options.address = {server.tcp_address()};
    options.framing = Framing::kNewline;
    deliver_to_rsyslog(options, server);
  }
}

TEST_CASE("rsyslogd takes messages over TLS from who has a certificate") {
  const tests::TempDir directory;
  const tests::Certificates certificates(directory.path());
  tests::Rsyslog server(directory.path(), tests::Rsyslog::Tls{certificates.server, certificates.authority.certificate});
  SyslogOptions options = options_for(SyslogTransport::kTcp);
  options.address = {server.tcp_address()};
  options.tls.enabled = true;
  options.tls.ca = certificates.authority.certificate;
  SECTION("with one") {
    options.tls.certificate = certificates.client.certificate;
    options.tls.key = certificates.client.key;
    deliver_to_rsyslog(options, server);
  }
  SECTION("without one nothing counts as delivered") {
    const config::Sink sink = sink_of("syslog", options);
    Network network;
    const auto made = make_sink(sink, network, {});
    made->push(EncodedFor(sink).batch(login_record(1)));
    REQUIRE(soon([&] { return made->status().retries >= 2; }));
    CHECK(made->status().events_out == 0);
    made->stop(0ms);
    CHECK(made->status().events_dropped == 1);
  }
}

TEST_CASE("a strict receiver of octet-counted messages finds nothing but messages, each line of an event one") {
  tests::MessageServer server;
  SyslogOptions options = options_for(SyslogTransport::kTcp);
  options.address = {server.address()};
  options.max_size = 1024;
  const config::Sink sink = sink_of("syslog", options, "raw");
  Network network;
  const auto made = make_sink(sink, network, {});
  EncodedFor encoded(sink);
  made->push(encoded.batch(kFailure));
  made->push(encoded.batch(login_record(46, " grantors=" + std::string(2000, 'x'))));
  REQUIRE(server.wait_for(3));
  CHECK(server.violation().empty());
  CHECK_THAT(server.messages().at(1), Contains("] node=web1 type=PROCTITLE"));
  CHECK(server.messages().at(2).size() == 1024);
  REQUIRE(soon([&] { return made->status().events_out == 2; }));
  CHECK(made->status().state == "messages cut");
  CHECK(made->status().last_error == "1 were longer than max_size");
  made->stop(kLong);
}

TEST_CASE("a local datagram receiver that reads nothing is waited for, and one that comes back is found again") {
  const tests::TempDir directory;
  const std::string path = directory.file("log");
  SyslogOptions options = options_for(SyslogTransport::kUnix);
  options.path = path;
  const config::Sink sink = sink_of("syslog", options);
  Network network;
  tests::LossLog losses;
  const auto made = make_sink(sink, network, losses.handler());
  EncodedFor encoded(sink);
  constexpr int kEvents = 300;  // more than a receiver's queue holds (net.unix.max_dgram_qlen)
  for (int number = 0; number < kEvents; ++number) made->push(encoded.batch(login_record(number)));
  REQUIRE(soon([&] { return made->status().retries >= 2; }));
  CHECK_THAT(made->status().last_error, Contains("cannot connect to " + path + ": No such file"));
  auto first = std::make_unique<DatagramServer>(path);
  CHECK_THAT(first->receive(), Contains("id=\"1700000000.123:0\""));
  CHECK(made->status().events_out < kEvents);
  // What is in its queue goes with it: the kernel had taken it.
  first.reset();
  ::unlink(path.c_str());
  DatagramServer second(path);
  std::string last;
  do last = second.receive();
  while (last.find("id=\"1700000000.123:" + std::to_string(kEvents - 1) + '"') == std::string::npos &&
         last != "nothing");
  CHECK(last != "nothing");
  made->stop(kLong);
  CHECK(made->status().events_out == kEvents);
  CHECK(made->status().events_dropped == 0);
}

TEST_CASE("a datagram that no socket takes is lost by itself, counted and told") {
  const tests::TempDir directory;
  DatagramServer server(directory.file("log"));
  SyslogOptions options = options_for(SyslogTransport::kUnix);
  options.path = directory.file("log");
  const config::Sink sink = sink_of("syslog", options);
  Network network;
  tests::LossLog losses;
  const auto made = make_sink(sink, network, losses.handler());
  auto batch = std::make_shared<Batch>();
  batch->bytes = "first\n" + std::string(std::size_t{64} << 20, 'x') + "\nlast\n";
  batch->ends = {6, static_cast<std::uint32_t>(batch->bytes.size() - 5),
                 static_cast<std::uint32_t>(batch->bytes.size())};
  batch->first_id = "1.000:1";
  batch->last_id = "1.000:3";
  made->push(batch);
  CHECK(server.receive() == "first");
  CHECK(server.receive() == "last");
  made->stop(kLong);
  CHECK(made->status().events_out == 2);
  CHECK(made->status().events_dropped == 1);
  REQUIRE(losses.losses().size() == 1);
  CHECK(losses.losses().front().cause == "message too long");
}

TEST_CASE("the transport decides the header and the framing, as long as the file does not") {
  const auto parsed = [](const std::string& keys) {
    return config::parse("sinks: [{name: a, type: syslog" + keys + "}]", "/f.yaml", kinds()).config;
  };
  CHECK(read(parsed("")).transport == SyslogTransport::kUnix);
  CHECK(read(parsed("")).path == "/dev/log");
  CHECK(read(parsed("")).head.standard == SyslogStandard::kRfc3164);
  CHECK_FALSE(read(parsed("")).head.has_host);
  CHECK(read(parsed(", transport: unix-stream")).framing == Framing::kNewline);
  CHECK(read(parsed(", transport: unix-stream, framing: octet-counted")).framing == Framing::kOctetCounted);
  const config::Config udp = parsed(", transport: udp, address: 'h:514'");
  CHECK(read(udp).head.standard == SyslogStandard::kRfc5424);
  CHECK(read(udp).head.has_host);
  CHECK(read(udp).framing == Framing::kOctetCounted);
  CHECK(read(parsed(", standard: rfc5424")).head.standard == SyslogStandard::kRfc5424);
}

TEST_CASE("a format that another program had comes with that program's facility, severity and name") {
  const std::string sink = "sinks:\n  - {name: a, type: syslog, format: cef-audisp";
  const config::Config config = config::parse(sink + "}\n", "/f.yaml", kinds()).config;
  CHECK_THAT(text_of(config.sinks.at(0), kFailure), Catch::StartsWith("<174>") && Contains(" audisp-cef[") &&
                                                        Contains("]: CEF:0|Unix|auditd|2|EXECVE|Unix Exec|3|end="));
  const auto other = config::parse(sink + ", facility: local0, app_name: x}\n", "/f.yaml", kinds()).config;
  CHECK_THAT(text_of(other.sinks.at(0), kFailure), Catch::StartsWith("<134>") && Contains(" x["));
  CHECK_THAT(
      text_of(
          config::parse("sinks:\n  - {name: a, type: syslog, format: cef}\n", "/f.yaml", kinds()).config.sinks.at(0),
          kFailure),
      Catch::StartsWith("<110>") && Contains(" nauditd["));
}

TEST_CASE("what does not go together in a syslog sink is refused, and what is hardly meant so is told") {
  CHECK(refusal_of("transport: tcp, address: 'h:6514', tls: true").empty());
  CHECK_THAT(refusal_of("address: 'h:514'"), Contains("'transport: unix' goes to 'path' on this machine"));
  CHECK_THAT(refusal_of("transport: udp"), Contains("is missing; write host:port"));
  CHECK_THAT(refusal_of("transport: udp, address: 'h:514', tls: true"), Contains("is for 'transport: tcp' only"));
  CHECK_THAT(refusal_of("transport: tcp, address: 'h:1', tls: true, framing: newline"), Contains("RFC 5425"));
  CHECK_THAT(refusal_of("app_name: 'a b'"), Contains("printable ASCII characters without a space, not 'a b'"));
  CHECK_THAT(refusal_of("app_name: " + std::string(49, 'a')), Contains("expected 1 to 48"));
  CHECK_THAT(refusal_of("facility: audits"), Contains("did you mean 'audit'?"));
  CHECK_THAT(refusal_of("max_size: 100"), Contains("expected 0, or at least 1KiB"));
  CHECK_THAT(refusal_of("path: /" + std::string(107, 'x')), Contains("at most 107 bytes"));
  SyslogOptions udp = options_for(SyslogTransport::kUdp);
  udp.address = {"siem.example:514"};
  const auto warnings = sink_warnings(sink_of("syslog", udp), false);
  REQUIRE(warnings.size() == 2);
  CHECK_THAT(warnings[0], Contains("readable by anybody"));
  CHECK_THAT(warnings[1], Contains("udp: what is lost on the way is lost"));
  SyslogOptions missing = options_for(SyslogTransport::kUnix);
  missing.path = "/nonexistent/log";
  CHECK_THAT(sink_warnings(sink_of("syslog", missing), true).at(0), Contains("there is no '/nonexistent/log'"));
}

}  // namespace naudit::output
