// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/print.hpp"

#include "config/loader.hpp"
#include "tests/support/catch.hpp"

using namespace naudit::config;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

void check_round_trip(const Config& config) {
  const std::string text = print(config);
  INFO(text);
  CHECK(parse(text, "/printed.yaml").config == config);
}

}  // namespace

TEST_CASE("the defaults are printed and read back", "[print]") {
  check_round_trip(Config{});
  CHECK_THAT(print(Config{}), Contains("backlog_limit: 8192\n") && Contains("failure: keep\n") &&
                                  Contains("receive_buffer: 64MiB\n") && Contains("path: /var/log/naudit/events.json"));
}

TEST_CASE("every kind of value is printed and read back", "[print]") {
  Config config;
  config.node = {NodeKind::kText, "web-1"};
  config.kernel = {KernelMode::kObserve, false, std::nullopt, 1500ms,          7U,
                   FailureMode::kPrintk, true,  kMiB,         OnStop::kDisable};
  config.rules = {{"/a b", "/'quote'", "/null", "/#x"}, true, true, Drift::kReport};
  config.events = {1ms, 10ms, 100, kMiB, 0ms};
  config.daemon = {"/r/c", "/s", "trace", 5, std::nullopt};
  Sink file;
  file.name = "file";
  file.path = "/log: odd #name";
  file.format = "raw";
  file.mode = 0640;
  file.rotate = {0, 0};
  file.sync = {SyncKind::kInterval, 90s};
  file.filter = {{"yes", "~", "a, b", "[x]", "Größe"}, {"1300"}, {"execve"}, {"0", "root"}, Outcome::kSuccess};
  Sink none = file;
  none.name = "none";
  none.path = "/n";
  none.sync.kind = SyncKind::kNone;
  none.sync.interval = 1000ms;
  Sink tcp;
  tcp.name = "tcp";
  tcp.type = SinkType::kTcp;
  tcp.address = "[::1]:1";
  tcp.queue = {kMiB, WhenFull::kBlock};
  tcp.retry = {10ms, 24h};
  Sink tls = tcp;
  tls.name = "tls";
  tls.tls = {true, true, "/ca", "/c", "/k", "siem.example"};
  Sink https;
  https.name = "https";
  https.type = SinkType::kHttps;
  https.url = "https://h:9/x?y=z";
  https.token_file = "/token";
  https.body = HttpBody::kEvent;
  https.batch = {kKiB, 1, 1ms};
  https.tls.enabled = true;
  Sink http = https;
  http.name = "http";
  http.url = "http://127.0.0.1/";
  http.tls.enabled = false;
  http.format = "mozdef";
  http.mozdef = {"x", false, true, "{\"m\": ", "}"};
  http.queue.events = 3;
  config.sinks = {file, none, tcp, tls, https, http};
  check_round_trip(config);
  config.sinks.clear();
  check_round_trip(config);
}
