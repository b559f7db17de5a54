// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <sys/stat.h>

#include "base/error.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/net/network.hpp"
#include "output/sinks/registry.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/http_server.hpp"
#include "tests/support/line_server.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using tests::LoopbackServer;
using tests::make_batch;
using namespace std::chrono_literals;

// One server for each kind of sink, and sinks that trust its authority.
struct Fixture {
  Fixture() {
    tls.enabled = true;
    tls.ca = certificates.authority.certificate;
  }
  LoopbackServer::Tls server_tls() {
    LoopbackServer::Tls server;
    server.certificate = certificates.server.certificate;
    server.key = certificates.server.key;
    return server;
  }
  template <typename Config>
  Config with_tls(Config config) {
    config.name = "siem";
    config.retry = {5ms, 20ms};
    config.tls.enabled = true;
    config.tls.ca = certificates.authority.certificate;
    return config;
  }
  // What becomes of ten events: "" if they arrive, else the sink's last error.
  std::string deliver(const config::Sink& config) {
    Network network;
    const auto sink = make_sink(config, network, {});
    sink->push(make_batch(0, 10));
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    SinkStatus status = sink->status();
    while (status.events_out == 0 && status.retries < 2 && std::chrono::steady_clock::now() < deadline)
      status = sink->status();
    sink->stop(0ms);
    return status.events_out == 10 ? "" : status.last_error;
  }
  // By both kinds of sink; they have to agree.
  std::string deliver(const Tls& wanted, const LoopbackServer::Tls& server) {
    tests::HttpServer posts({}, server);
    tests::LineServer::Options options;
    options.tls = server;
    tests::LineServer lines(options);
    auto https = with_tls(tests::HttpsConfig{});
    https.url = "https://" + posts.server().address() + "/in";
    https.batch.time = 1ms;
    auto tcp = with_tls(tests::TcpConfig{});
    tcp.address = {lines.address()};
    https.tls = tcp.tls = wanted;
    const std::string by_tcp = deliver(tcp);
    const std::string by_https = deliver(https);
    CHECK(by_tcp.empty() == by_https.empty());
    return by_tcp.empty() ? by_https : by_tcp + '\n' + by_https;
  }
  std::string refusal_of(const config::Sink& sink) {
    Network network;
    try {
      (void)make_sink(sink, network, {});
    } catch (const base::Error& error) {
      return error.what();
    }
    return "accepted";
  }

  tests::TempDir directory;
  tests::Certificates certificates{directory.path()};
  Tls tls;
};

}  // namespace

TEST_CASE("a certificate that was revoked is refused, one that was not is taken") {
  Fixture f;
  f.tls.crl = f.certificates.none_revoked;
  CHECK(f.deliver(f.tls, f.server_tls()).empty());
  f.tls.crl = f.certificates.server_revoked;
  CHECK_THAT(f.deliver(f.tls, f.server_tls()), Contains("its certificate is refused: certificate revoked"));
}

TEST_CASE("a revocation list that is none is refused before anything is sent") {
  Fixture f;
  auto tcp = f.with_tls(tests::TcpConfig{});
  tcp.address = {"127.0.0.1:9"};
  tcp.tls.crl = f.directory.file("none");
  CHECK_THAT(f.refusal_of(tcp), Contains("tls.crl: cannot read"));
  tcp.tls.crl = tcp.tls.ca;
  CHECK_THAT(f.refusal_of(tcp), Contains("has no revocation list in PEM form"));
}

TEST_CASE("the least version of TLS is the one that was asked for") {
  Fixture f;
  LoopbackServer::Tls old = f.server_tls();
  old.most_version = 0x0303;  // TLS 1.2
  CHECK(f.deliver(f.tls, old).empty());
  f.tls.min_version = TlsVersion::k13;
  CHECK_FALSE(f.deliver(f.tls, old).empty());
  CHECK(f.deliver(f.tls, f.server_tls()).empty());
}

TEST_CASE("CBC with SHA-1 is spoken only by whom asks for it") {
  Fixture f;
  LoopbackServer::Tls weak = f.server_tls();
  weak.most_version = 0x0303;
  weak.ciphers = "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA";
  CHECK_FALSE(f.deliver(f.tls, weak).empty());
  f.tls.ciphers = "ECDHE-ECDSA-AES128-SHA";
  CHECK(f.deliver(f.tls, weak).empty());
  auto tcp = f.with_tls(tests::TcpConfig{});
  tcp.address = {"127.0.0.1:9"};
  tcp.tls.ciphers = "NO-SUCH-CIPHER";
  CHECK_THAT(f.refusal_of(tcp), Contains("tls.ciphers: 'NO-SUCH-CIPHER' names no cipher"));
}

TEST_CASE("a key that others can read or write is refused") {
  Fixture f;
  auto tcp = f.with_tls(tests::TcpConfig{});
  tcp.address = {"127.0.0.1:9"};
  tcp.tls.certificate = f.certificates.client.certificate;
  tcp.tls.key = f.certificates.client.key;
  for (const mode_t mode : {0666U, 0644U, 0604U, 0660U, 0602U}) {
    REQUIRE(::chmod(tcp.tls.key.c_str(), mode) == 0);
    CHECK_THAT(f.refusal_of(tcp), Contains("tls.key: " + tcp.tls.key + " can be read or written by others"));
  }
  for (const mode_t mode : {0600U, 0400U, 0640U, 0440U}) {
    REQUIRE(::chmod(tcp.tls.key.c_str(), mode) == 0);
    CHECK(f.refusal_of(tcp) == "accepted");
  }
}

TEST_CASE("files that others can change are not used") {
  Fixture f;
  auto https = f.with_tls(tests::HttpsConfig{});
  https.url = "https://127.0.0.1:9/";
  SECTION("the authorities") {
    REQUIRE(::chmod(https.tls.ca.c_str(), 0666) == 0);
    CHECK_THAT(f.refusal_of(https), Contains("tls.ca: '") && Contains("can be written by everybody"));
  }
  SECTION("the certificate") {
    https.tls.certificate = f.certificates.client.certificate;
    https.tls.key = f.certificates.client.key;
    REQUIRE(::chmod(https.tls.certificate.c_str(), 0666) == 0);
    CHECK_THAT(f.refusal_of(https), Contains("tls.certificate: '") && Contains("can be written by everybody"));
  }
  SECTION("the folder of a token") {
    const std::string folder = f.directory.file("open");
    std::filesystem::create_directory(folder);
    https.token_file = folder + "/token";
    tests::write_file(https.token_file, "s3cret\n", std::filesystem::perms{0600});
    CHECK(f.refusal_of(https) == "accepted");
    REQUIRE(::chmod(folder.c_str(), 0777) == 0);
    CHECK_THAT(f.refusal_of(https), Contains("token_file: ") && Contains("can be written by everybody"));
  }
}

TEST_CASE("the name to verify is that of one server") {
  Fixture f;
  auto tcp = f.with_tls(tests::TcpConfig{});
  tcp.address = {"127.0.0.1:9"};
  for (const std::string name : {".example", "*.example", "siem.example.", "a b", "siem/x", "user@siem"}) {
    tcp.tls.server_name = name;
    CHECK_THAT(f.refusal_of(tcp), Contains("tls.server_name: expected the name of one server"));
  }
  for (const std::string name : {"siem.example", "siem", "192.0.2.1", "2001:db8::1"}) {
    tcp.tls.server_name = name;
    CHECK(f.refusal_of(tcp) == "accepted");
  }
}

TEST_CASE("what is allowed and hardly meant so is told") {
  Fixture f;
  auto https = f.with_tls(tests::HttpsConfig{});
  https.url = "https://siem.example/";
  CHECK(sink_warnings(https, false).empty());
  https.tls.verify = false;
  CHECK(sink_warnings(https, false) ==
        std::vector<std::string>{"tls.verify is false: anybody may pose as the server, and read the events"});
  tests::TcpConfig tcp;
  tcp.name = "lines";
  const std::vector<std::string> open = {"tls is off: events cross the network readable by anybody"};
  for (const std::string address : {"siem.example:514", "192.0.2.1:514", "[2001:db8::1]:514"}) {
    tcp.address = {address};
    CHECK(sink_warnings(tcp, false) == open);
  }
  for (const std::string address : {"localhost:514", "127.0.0.1:514", "[::1]:514"}) {
    tcp.address = {address};
    CHECK(sink_warnings(tcp, false).empty());
  }
  tests::FileConfig file;
  file.name = "log";
  file.path = f.directory.file("none/events.json");
  CHECK(sink_warnings(file, false).empty());
  CHECK_THAT(sink_warnings(file, true).at(0), Contains("there is no folder '" + f.directory.file("none") + "'"));
  file.path = f.directory.file("events.json");
  CHECK(sink_warnings(file, true).empty());
}

}  // namespace naudit::output
