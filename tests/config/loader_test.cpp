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
  return parse(text, "/etc/naudit/nauditd.yaml").config;
}

std::string problems_of(const std::string& text) {
  try {
    parse(text, "/f.yaml");
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

TEST_CASE("relative paths start from the folder of the file", "[loader]") {
  const Config config = config_of(
      "rules: {files: [rules.d, /opt/rules, ../x.rules]}\n"
      "sinks:\n"
      "  - {name: a, type: file, path: log/events.json}\n"
      "  - {name: b, type: tcp, address: 'h:1', tls: {ca: ca.pem, certificate: c.pem, key: k.pem}}\n"
      "  - {name: c, type: https, url: https://h/, token_file: token}\n"
      "daemon: {control_socket: run/c.sock, state_directory: state}\n");
  CHECK(config.rules.files == std::vector<std::string>{"/etc/naudit/rules.d", "/opt/rules", "/etc/x.rules"});
  CHECK(config.sinks.at(0).path == "/etc/naudit/log/events.json");
  CHECK(config.sinks.at(1).tls.ca == "/etc/naudit/ca.pem");
  CHECK(config.sinks.at(1).tls.certificate == "/etc/naudit/c.pem");
  CHECK(config.sinks.at(1).tls.key == "/etc/naudit/k.pem");
  CHECK(config.sinks.at(2).token_file == "/etc/naudit/token");
  CHECK(config.daemon.control_socket == "/etc/naudit/run/c.sock");
  CHECK(config.daemon.state_directory == "/etc/naudit/state");
}

TEST_CASE("every key of each sink type is read", "[loader]") {
  const Config config = config_of(
      "sinks:\n"
      "  - {name: a, type: file, format: raw, path: /x, mode: '0640', rotate: {size: 0, keep: 3}, sync: batch,\n"
      "     filter: {keys: [k], types: [SYSCALL, 1300], syscalls: execve, uids: [root, 0], outcome: failure},\n"
      "     queue: {size: 1MiB, when_full: block}}\n"
      "  - {name: b, type: https, url: 'http://127.0.0.1:9/x', body: event, batch: {bytes: 4KiB, events: 5, time: "
      "2s},\n"
      "     retry: {first: 1s, most: 2m}, timeout: 3s}\n");
  const Sink& file = config.sinks.at(0);
  CHECK(file.format == "raw");
  CHECK(file.mode == 0640);
  CHECK(file.rotate == Rotate{0, 3});
  CHECK(file.sync.kind == SyncKind::kBatch);
  CHECK(file.filter == Filter{{"k"}, {"SYSCALL", "1300"}, {"execve"}, {"root", "0"}, Outcome::kFailure});
  CHECK(file.queue == Queue{kMiB, WhenFull::kBlock});
  const Sink& https = config.sinks.at(1);
  CHECK(https.body == HttpBody::kEvent);
  CHECK(https.batch == HttpBatch{4096, 5, 2s});
  CHECK(https.retry == Retry{1s, 2min});
  CHECK(https.timeout == 3s);
  CHECK_FALSE(https.tls.enabled);
}

TEST_CASE("tls is on with an https url, and on request for tcp", "[loader]") {
  const auto tls_of = [](const std::string& sink) { return config_of("sinks: [" + sink + "]").sinks.at(0).tls; };
  CHECK(tls_of("{name: a, type: https, url: https://h/}").enabled);
  CHECK(tls_of("{name: a, type: https, url: https://h/}").verify);
  CHECK_FALSE(tls_of("{name: a, type: tcp, address: 'h:1'}").enabled);
  CHECK(tls_of("{name: a, type: tcp, address: 'h:1', tls: true}").enabled);
  CHECK(tls_of("{name: a, type: tcp, address: 'h:1', tls: {verify: false}}") == Tls{true, false, "", "", "", ""});
}

TEST_CASE("a sink without what its type needs is told what is missing", "[loader]") {
  CHECK(problems_of("sinks:\n  - {name: a}\n") == "/f.yaml:2:5: this sink has no 'type'; write one, like 'type: file'");
  CHECK_THAT(problems_of("sinks:\n  - {type: file, path: /x}\n"), Contains("no 'name'"));
  CHECK_THAT(problems_of("sinks:\n  - {name: a, type: file}\n"), Contains("no 'path'"));
  CHECK_THAT(problems_of("sinks:\n  - {name: a, type: tcp}\n"), Contains("no 'address'"));
  CHECK_THAT(problems_of("sinks:\n  - {name: a, type: https}\n"), Contains("no 'url'"));
  CHECK_THAT(problems_of("sinks: {name: a}\n"), Contains("expected a list of sinks"));
  CHECK_THAT(problems_of("sinks: [text]\n"), Contains("expected a sink as a map"));
  CHECK_THAT(problems_of("sinks: [{}]\n"), Contains("expected a sink here"));
  CHECK_THAT(problems_of("sinks: [{name: a, type: kafka}]\n"), Contains("expected one of file, tcp, https"));
}

TEST_CASE("the format mozdef has options, and one event a request unless said otherwise", "[loader]") {
  const Sink sink = config_of(
                        "sinks:\n  - name: m\n    type: https\n    url: https://h/events\n    format: mozdef\n"
                        "    mozdef: {process_name: x, paths: false, strict: true, prefix: '{\"m\":', suffix: '}'}\n"
                        "    queue: {events: 512}\n")
                        .sinks.at(0);
  CHECK(sink.body == HttpBody::kEvent);
  CHECK(sink.mozdef == Mozdef{"x", false, true, "{\"m\":", "}"});
  CHECK(sink.queue.events == 512);
  const std::string plain = "sinks: [{name: m, type: https, url: 'https://h/', format: ";
  CHECK(config_of(plain + "mozdef, body: ndjson}]\n").sinks.at(0).body == HttpBody::kNdjson);
  CHECK(config_of(plain + "json}]\n").sinks.at(0).body == HttpBody::kNdjson);
  CHECK_THAT(problems_of("sinks:\n  - {name: m, type: tcp, address: 'h:1', mozdef: {paths: false}}\n"),
             StartsWith("/f.yaml:2:50: 'mozdef' has no meaning with the format 'json'"));
  CHECK_THAT(problems_of(plain + "mozdef, mozdef: {path: false}}]\n"), Contains("'paths'"));
}

TEST_CASE("a key that belongs to another type of sink is refused", "[loader]") {
  CHECK(problems_of("sinks:\n  - {name: a, type: tcp, address: 'h:1', rotate: {keep: 1}}\n") ==
        "/f.yaml:2:50: 'rotate' has no meaning for a tcp sink, only for file");
  CHECK_THAT(problems_of("sinks: [{name: a, type: file, path: /x, tls: true}]"), Contains("only for tcp and https"));
}

TEST_CASE("a file that others could read the wrong way is refused as log mode", "[loader]") {
  const auto mode = [](const std::string& text) {
    return problems_of("sinks: [{name: a, type: file, path: /x, mode: " + text + "}]");
  };
  CHECK(mode("0640").empty());
  for (const char* text : {"640", "0666", "0700", "0400", "0888", "rw", "-0600", "00600"}) {
    INFO(text);
    CHECK_THAT(mode(text), Contains("permissions in octal"));
  }
}

TEST_CASE("sinks may share settings by a merge key", "[loader]") {
  const Config config = config_of(
      "sinks:\n"
      "  - &base {name: a, type: file, path: /a, queue: {size: 1MiB}}\n"
      "  - {<<: *base, name: b, path: /b}\n");
  CHECK(config.sinks.at(1).name == "b");
  CHECK(config.sinks.at(1).type == SinkType::kFile);
  CHECK(config.sinks.at(1).queue.size == kMiB);
}

TEST_CASE("the place of each value can be asked for after the load", "[loader]") {
  const Loaded loaded =
      parse("node: none\nsinks:\n  - name: a\n    type: file\n    path: /a\n    filter: {types: [X]}\n", "/f.yaml");
  CHECK(loaded.places.of("sinks[0].filter.types").text() == "/f.yaml:6:21");
  CHECK(loaded.places.of("sinks[0].path").text() == "/f.yaml:5:11");
  CHECK(loaded.places.of("sinks[0].format").text() == "/f.yaml:3:5");
  CHECK(loaded.places.of("events.quiet").text() == "/f.yaml:1:1");
}

TEST_CASE("a file on the disk is loaded, and one that others can write is not", "[loader]") {
  std::string name = "/tmp/nauditd-test-XXXXXX";
  const int descriptor = ::mkstemp(name.data());
  REQUIRE(descriptor >= 0);
  std::ofstream(name) << "node: disk\n";
  CHECK(load(name, true).config.node.text == "disk");
  REQUIRE(::fchmod(descriptor, 0622) == 0);
  CHECK_THROWS_WITH(load(name, true), Contains("chmod go-w"));
  CHECK(load(name, false).config.node.text == "disk");
  ::close(descriptor);
  std::remove(name.c_str());
}
