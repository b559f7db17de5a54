// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/loader.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "tests/support/catch.hpp"

using namespace naudit::config;
using namespace naudit::base;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

Config config_of(const std::string& text) {
  return parse(text, "/etc/naudit/nauditd.yaml", Kinds{}).config;
}

std::string problems_of(const std::string& text) {
  try {
    parse(text, "/f.yaml", Kinds{});
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an empty file gives the defaults", "[loader]") {
  CHECK(config_of("") == Config{});
  CHECK(config_of("kernel:\nrules:\nevents:\ndaemon:\n") == Config{});
}

TEST_CASE("every kernel setting is read, and keep leaves the kernel alone", "[loader]") {
  const Kernel kernel = config_of(
                            "kernel:\n  mode: auto\n  enabled: false\n  backlog_limit: 1000\n  backlog_wait_time: 60s\n"
                            "  rate_limit: 5\n  failure: silent\n  loginuid_immutable: true\n  receive_buffer: 1MiB\n"
                            "  on_stop: disable\n")
                            .kernel;
  CHECK(kernel.mode == KernelMode::kAuto);
  CHECK(kernel.enabled == false);
  CHECK(kernel.backlog_limit == 1000U);
  CHECK(kernel.backlog_wait_time == 60s);
  CHECK(kernel.rate_limit == 5U);
  CHECK(kernel.failure == FailureMode::kSilent);
  CHECK(kernel.loginuid_immutable);
  CHECK(kernel.receive_buffer == kMiB);
  CHECK(kernel.on_stop == OnStop::kDisable);
  const Kernel kept =
      config_of(
          "kernel: {enabled: keep, backlog_limit: keep, backlog_wait_time: keep, rate_limit: keep, failure: keep}")
          .kernel;
  CHECK_FALSE(kept.enabled.has_value());
  CHECK_FALSE(kept.backlog_limit.has_value());
  CHECK_FALSE(kept.backlog_wait_time.has_value());
  CHECK_FALSE(kept.rate_limit.has_value());
  CHECK_FALSE(kept.failure.has_value());
}

TEST_CASE("failure: panic is refused with the reason", "[loader]") {
  CHECK_THAT(problems_of("kernel:\n  failure: panic\n"),
             StartsWith("/f.yaml:2:12: nauditd never sets 'panic'") && Contains("printk"));
  CHECK_THAT(problems_of("kernel: {failure: 2}"), Contains("never sets 'panic'"));
}

TEST_CASE("a wrong value names its place, what was expected and an example", "[loader]") {
  CHECK(problems_of("events:\n  timeout: 5\n") ==
        "/f.yaml:2:12: expected a duration with its unit, like 250ms, 2s, 5m or 1h, not '5'");
  CHECK(problems_of("events:\n  timeout: 5h\n") == "/f.yaml:2:12: expected a duration from 10ms to 1m, not '5h'");
  CHECK(problems_of("kernel:\n  backlog_limit: 0\n") ==
        "/f.yaml:2:18: expected a whole number from 64 to 10000000, not '0'");
  CHECK(problems_of("kernel:\n  receive_buffer: 5GiB\n") ==
        "/f.yaml:2:19: expected a size from 64KiB to 1GiB, not '5GiB'");
  CHECK(problems_of("kernel:\n  enabled: 1\n") == "/f.yaml:2:12: expected true or false, not '1'");
  CHECK(problems_of("kernell: {}\n") == "/f.yaml:1:1: unknown key 'kernell' in nauditd.yaml; did you mean 'kernel'?");
  CHECK_THAT(problems_of("daemon: {log_level: warn}"), Contains("did you mean 'warning'?"));
}

TEST_CASE("the name of the node is a word of its own or a name that fits into a record", "[loader]") {
  CHECK(config_of("node: none").node.kind == NodeKind::kNone);
  CHECK(config_of("node: fqdn").node.kind == NodeKind::kFqdn);
  CHECK(config_of("node: web-1.example").node == Node{NodeKind::kText, "web-1.example"});
  CHECK_THAT(problems_of("node: 'two words'"), Contains("without spaces"));
  CHECK_THAT(problems_of("node: ''"), Contains("not ''"));
  CHECK_THAT(problems_of("node:"), Contains("expected text, not nothing"));
}

TEST_CASE("a file on the disk is loaded, and one that others can write is not", "[loader]") {
  std::string name = "/tmp/nauditd-test-XXXXXX";
  const int descriptor = ::mkstemp(name.data());
  REQUIRE(descriptor >= 0);
  std::ofstream(name) << "node: disk\n";
  CHECK(load(name, Kinds{}, true).config.node.text == "disk");
  REQUIRE(::fchmod(descriptor, 0622) == 0);
  CHECK_THROWS_WITH(load(name, Kinds{}, true), Contains("chmod go-w"));
  CHECK(load(name, Kinds{}, false).config.node.text == "disk");
  ::close(descriptor);
  std::remove(name.c_str());
}

TEST_CASE("where the metrics are listened for is an address and a port", "[loader]") {
  const auto metrics = [](const std::string& listen) { return config_of("metrics: {listen: " + listen + "}").metrics; };
  CHECK(config_of("").metrics.address.empty());
  CHECK(metrics("none").address.empty());
  CHECK(metrics("127.0.0.1:9477").address == "127.0.0.1");
  CHECK(metrics("127.0.0.1:9477").port == 9477);
  CHECK(metrics("127.8.9.1:1").is_loopback);
  CHECK(metrics("'[::1]:65535'").address == "::1");
  CHECK(metrics("'[::1]:65535'").port == 65535);
  for (const char* const wrong : {"9477", "localhost:9477", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "'::1:80'",
                                  "'[127.0.0.1]:80'", "'127.0.0.1:80 '", "127.0.0.1:+80", "':80'", "''"}) {
    CAPTURE(wrong);
    CHECK_THAT(problems_of("metrics: {listen: " + std::string(wrong) + "}"), Contains("127.0.0.1:9477"));
  }
}

TEST_CASE("an address that others reach has to be asked for twice", "[loader]") {
  CHECK_THAT(problems_of("metrics:\n  listen: 0.0.0.0:9477\n"),
             StartsWith("/f.yaml:2:11: whoever reaches 0.0.0.0 could read the metrics") && Contains("remote: true"));
  CHECK_THAT(problems_of("metrics: {listen: '[::]:9477'}"), Contains("whoever reaches ::"));
  const auto metrics = config_of("metrics: {listen: 192.0.2.1:80, remote: true}").metrics;
  CHECK(metrics.address == "192.0.2.1");
  CHECK_FALSE(metrics.is_loopback);
}

TEST_CASE("quiet is shorter than timeout", "[loader]") {
  CHECK(problems_of("events: {quiet: 3s}") ==
        "/f.yaml:1:17: quiet, 3s, is longer than timeout, 2s; it has to be shorter");
}

TEST_CASE("a source is read with all that it may have", "[loader]") {
  const auto sources =
      config_of(
          "kernel: {mode: none}\n"
          "sources:\n"
          "  - name: fleet\n    type: stream\n    listen: 0.0.0.0:6514\n"
          "    tls: {certificate: tls/a.crt, key: /k, ca: /ca, names: ['*.example'], fingerprints: [aa]}\n"
          "    relays: [hub.example]\n    max_connections: 10\n    max_line: 64KiB\n    timeout: 1s\n"
          "  - {name: old, listen: '127.0.0.1:60'}\n"
          "  - {name: open, listen: '[::]:60', plain: true}\n")
          .sources;
  REQUIRE(sources.size() == 3);
  CHECK(sources[0].type == SourceType::kStream);
  CHECK(sources[0].tls.enabled);
  CHECK(sources[0].tls.certificate == "/etc/naudit/tls/a.crt");
  CHECK(sources[0].tls.names == std::vector<std::string>{"*.example"});
  CHECK(sources[0].relays == std::vector<std::string>{"hub.example"});
  CHECK(sources[0].max_connections == 10);
  CHECK(sources[0].max_line == 64 * kKiB);
  CHECK(sources[0].timeout == 1s);
  CHECK(sources[1].type == SourceType::kAuditd);
  CHECK_FALSE(sources[1].tls.enabled);
  CHECK(sources[2].plain);
  CHECK(config_of("sources:\n").sources.empty());
}

TEST_CASE("a source that cannot be meant so is refused at its place", "[loader]") {
  const auto problem = [](const std::string& keys) { return problems_of("sources:\n  - {name: a, " + keys + "}\n"); };
  CHECK_THAT(problem("listen: '0.0.0.0:60'"),
             StartsWith("/f.yaml:2:23: whoever reaches 0.0.0.0 could send events in any machine's name") &&
                 Contains("plain: true"));
  CHECK_THAT(problem("listen: 'localhost:60'"), Contains("expected an IP address and a port"));
  CHECK_THAT(problem("type: syslog, listen: '127.0.0.1:60'"), Contains("auditd"));
  CHECK_THAT(problem("type: auditd"), Contains("this source has no 'listen'; write one, like 'listen: 0.0.0.0:60'"));
  CHECK_THAT(problem("listen: '127.0.0.1:60', tls: {key: /k, ca: /c}"), Contains("'certificate' is missing"));
  CHECK_THAT(problem("listen: '127.0.0.1:60', plain: true, tls: {certificate: /a, key: /k, ca: /c}"),
             Contains("'plain: true' has no meaning with 'tls'"));
  CHECK_THAT(problem("listen: '127.0.0.1:60', max_line: 4MiB"), Contains("max_line, 4MiB"));
  CHECK_THAT(problem("listen: '127.0.0.1:60', total_buffer: 1MiB"), Contains("is smaller than buffer"));
  CHECK_THAT(problem("listen: '127.0.0.1:60'}\n  - {name: a, listen: '127.0.0.1:60'"),
             Contains("two sources have the name 'a'") && Contains("two sources listen at 127.0.0.1:60"));
  CHECK_THAT(problems_of("sources: {name: a}"), Contains("expected a list of sources"));
  CHECK_THAT(problems_of("sources: [a]"), Contains("expected a source here"));
  CHECK_THAT(problems_of("kernel: {mode: none}"), Contains("'none' without 'sources' leaves nothing to do"));
}
