// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/loader.hpp"
#include "config/print.hpp"
#include "formats/auditd/options.hpp"
#include "formats/mozdef/options.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::config;
using namespace naudit::output;
using naudit::config::Queue;
using naudit::config::Sink;
using naudit::tests::FileConfig;
using naudit::tests::HttpsConfig;
using naudit::tests::TcpConfig;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

void check_round_trip(const Config& config) {
  const std::string text = print(config, kinds());
  INFO(text);
  CHECK(parse(text, "/printed.yaml", kinds()).config == config);
}

}  // namespace

TEST_CASE("the defaults are printed and read back", "[print]") {
  const Config defaults = parse("", "/nauditd.yaml", kinds()).config;
  check_round_trip(defaults);
  CHECK_THAT(print(defaults, kinds()), Contains("backlog_limit: 8192\n") && Contains("failure: keep\n") &&
                                           Contains("receive_buffer: 64MiB\n") &&
                                           Contains("path: /var/log/naudit/events.json"));
}

TEST_CASE("every kind of value is printed and read back", "[print]") {
  Config config;
  config.node = {NodeKind::kText, "web-1"};
  config.kernel = {KernelMode::kObserve, false, std::nullopt, 1500ms,          7U,
                   FailureMode::kPrintk, true,  kMiB,         OnStop::kDisable};
  config.rules = {{"/a b", "/'quote'", "/null", "/#x"}, true, true, Drift::kReport};
  config.events = {1ms, 10ms, 100, kMiB, 0ms, 500, true};
  config.daemon = {"/r/c", "/s", "trace", 5, std::nullopt};
  FileConfig file;
  file.name = "file";
  file.path = "/log: odd #name";
  file.format = "raw";
  file.format_options = naudit::formats::AuditdOptions{.node = true};
  file.mode = 0640;
  file.rotate = {0, 0};
  file.sync = {SyncKind::kInterval, 90s};
  const Filter filter = {{"yes", "~", "a, b", "[x]", "Größe"},
                         {"1300"},
                         {"execve"},
                         {"0", "root"},
                         {"/usr/"},
                         {"* b"},
                         {"7"},
                         {"h"},
                         Outcome::kSuccess};
  FileConfig none = file;
  none.name = "none";
  none.path = "/n";
  none.sync.kind = SyncKind::kNone;
  none.sync.interval = 1000ms;
  TcpConfig tcp;
  tcp.name = "tcp";
  tcp.address = {"[::1]:1"};
  tcp.queue = {kMiB, WhenFull::kBlock};
  tcp.retry = {10ms, 24h};
  TcpConfig tls = tcp;
  tls.name = "tls";
  tls.tls = {true, true, "/ca", "/c", "/k", "siem.example", "/crl", {std::string(64, 'a')}, TlsVersion::k13, "HIGH"};
  tls.address = {"[::1]:1", "h:2"};
  tls.hosts = Hosts::kBalance;
  tls.reconnect = 1h;
  tls.framing = Framing::kOctetCounted;
  tls.keepalive = {true, 1s, 2s, 3};
  tcp.keepalive.enabled = false;
  HttpsConfig https;
  https.name = "https";
  https.url = "https://h:9/x?y=z";
  https.token_file = "/token";
  https.own = PlainOptions{HttpBody::kEvent};
  https.headers = {"A: b", "C: d: e"};
  https.headers_file = "credential:headers";
  https.compression = HttpCompression::kZstd;
  https.parallel = 3;
  https.dead_letter = "/var/log/naudit/dead";
  https.batch = {kKiB, 1, 1ms};
  https.tls.enabled = true;
  HttpsConfig http = https;
  http.name = "http";
  http.url = "http://127.0.0.1/";
  http.tls.enabled = false;
  http.format = "mozdef";
  http.dead_letter.clear();
  http.format_options = naudit::formats::MozdefOptions{"x", false, true, "{\"m\": ", "}"};
  http.queue.events = 3;
  config.sinks = {file, none, tcp, tls, https, http};
  config.sinks[0].filter = config.sinks[1].filter = filter;
  config.sinks[2].filter.expression = "key in (a, 'b c') and not exe startswith \"/x: y\" # no";
  config.sinks[1].redact = {true, false, {"a: (b)", "\\x00#"}};
  config.sinks[3].rate_limit = {true, 7, 2s, 9, {Trait::kHost, Trait::kKey}};
  config.sinks[4].rate_limit.by = {};
  config.sinks[4].rate_limit.enabled = true;
  config.sinks[3].aggregate = {true, 3s, {Trait::kExe}};
  check_round_trip(config);
  config.sinks.clear();
  check_round_trip(config);
}
