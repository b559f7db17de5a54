// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// `sinks:` as the tables of the kinds and formats have it: what is read, what is refused, and in which words.

#include "config/loader.hpp"
#include "formats/mozdef/options.hpp"
#include "output/sinks/file/options.hpp"
#include "output/sinks/http/options.hpp"
#include "output/sinks/kinds.hpp"
#include "output/sinks/tcp/options.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using formats::MozdefOptions;
using namespace std::chrono_literals;

config::Config config_of(const std::string& text) {
  return config::parse(text, "/etc/naudit/nauditd.yaml", kinds()).config;
}

std::string problems_of(const std::string& text) {
  try {
    config::parse(text, "/f.yaml", kinds());
  } catch (const base::Error& error) {
    return error.what();
  }
  return "";
}

std::string refusal_of(const std::string& keys) {
  return problems_of("sinks:\n  - {name: a, " + keys + "}\n");
}

}  // namespace

TEST_CASE("relative paths start from the folder of the file") {
  const config::Config config = config_of(
      "rules: {files: [rules.d, /opt/rules, ../x.rules]}\n"
      "sinks:\n"
      "  - {name: a, type: file, path: log/events.json}\n"
      "  - {name: b, type: tcp, address: 'h:1', tls: {ca: ca.pem, certificate: c.pem, key: k.pem}}\n"
      "  - {name: c, type: https, url: https://h/, token_file: token}\n"
      "daemon: {control_socket: run/c.sock, state_directory: state}\n");
  CHECK(config.rules.files == std::vector<std::string>{"/etc/naudit/rules.d", "/opt/rules", "/etc/x.rules"});
  CHECK(config.sinks.at(0).options.as<FileOptions>().path == "/etc/naudit/log/events.json");
  CHECK(config.sinks.at(1).options.as<TcpOptions>().tls.ca == "/etc/naudit/ca.pem");
  CHECK(config.sinks.at(1).options.as<TcpOptions>().tls.certificate == "/etc/naudit/c.pem");
  CHECK(config.sinks.at(1).options.as<TcpOptions>().tls.key == "/etc/naudit/k.pem");
  CHECK(config.sinks.at(2).options.as<HttpOptions>().token_file == "/etc/naudit/token");
  CHECK(config.daemon.control_socket == "/etc/naudit/run/c.sock");
  CHECK(config.daemon.state_directory == "/etc/naudit/state");
}

TEST_CASE("every key of each sink type is read") {
  const config::Config config = config_of(
      "sinks:\n"
      "  - {name: a, type: file, format: raw, path: /x, mode: '0640', rotate: {size: 0, keep: 3}, sync: batch,\n"
      "     filter: {keys: [k], types: [SYSCALL, 1300], syscalls: execve, uids: [root, 0], outcome: failure},\n"
      "     queue: {size: 1MiB, when_full: block}}\n"
      "  - {name: b, type: https, url: 'http://127.0.0.1:9/x', body: event, batch: {bytes: 4KiB, events: 5, time: "
      "2s},\n"
      "     retry: {first: 1s, most: 2m}, timeout: 3s}\n");
  const config::Sink& sink = config.sinks.at(0);
  const auto& file = sink.options.as<FileOptions>();
  CHECK(sink.format == "raw");
  CHECK(file.mode == 0640);
  CHECK(file.rotate == Rotate{0, 3});
  CHECK(file.sync.kind == SyncKind::kBatch);
  CHECK(
      sink.filter ==
      config::Filter{{"k"}, {"SYSCALL", "1300"}, {"execve"}, {"root", "0"}, {}, {}, {}, {}, config::Outcome::kFailure});
  CHECK(sink.queue == config::Queue{config::kMiB, config::WhenFull::kBlock});
  const auto& https = config.sinks.at(1).options.as<HttpOptions>();
  CHECK(https.own.as<PlainOptions>().body == HttpBody::kEvent);
  CHECK(https.batch == HttpBatch{4096, 5, 2s});
  CHECK(https.retry == Retry{1s, 2min});
  CHECK(https.timeout == 3s);
  CHECK_FALSE(https.tls.enabled);
}

TEST_CASE("a file sink says when a file ends, what it is called then, and what is kept") {
  const auto file_of = [](const std::string& keys) {
    return config_of("sinks: [{name: a, type: file, path: /x, " + keys + "}]").sinks.at(0).options.as<FileOptions>();
  };
  const Rotate rotate = file_of("rotate: {every: daily, names: dated, total: 20GiB, age: 90d}").rotate;
  CHECK(rotate.every == Every{EveryKind::kDaily, {}});
  CHECK(rotate.names == RotateNames::kDated);
  CHECK(rotate.total == 20 * 1024 * config::kMiB);
  CHECK(rotate.age == 90 * 24h);
  CHECK(rotate.keep == std::nullopt);
  CHECK(file_of("rotate: {every: 6h}").rotate.every == Every{EveryKind::kDuration, 6h});
  const std::string file = "type: file, path: /x, rotate: ";
  for (const char* wrong : {"monthly", "30s", "400d", "90500ms", "[daily]"})
    CHECK_THAT(refusal_of(file + "{every: " + wrong + "}"), Contains("expected never, hourly, daily, weekly, or"));
  CHECK_THAT(refusal_of(file + "{age: 30s}"), Contains("expected at least 1m, or 0"));
  CHECK_THAT(refusal_of(file + "{names: lettered}"), Contains("numbered") && Contains("dated"));
}

TEST_CASE("a file sink has a group, and says what is to be done when space is short") {
  const auto file_of = [](const std::string& keys) {
    return config_of("sinks: [{name: a, type: file, path: /x, " + keys + "}]").sinks.at(0).options.as<FileOptions>();
  };
  CHECK(file_of("group: adm").mode == 0640);
  CHECK(file_of("group: adm, mode: '0644'").mode == 0644);
  const FileOptions file = file_of("keep_free: 5%, when_low: drop-oldest-files, when_full: drop-oldest-files");
  CHECK(file.keep_free == KeepFree{0, 5});
  CHECK(file.when_low == WhenLow::kDropOldestFiles);
  CHECK(file.when_full == WhenDiskFull::kDropOldestFiles);
  CHECK(file_of("keep_free: 200MiB, when_low: pause").keep_free == KeepFree{200 * config::kMiB, 0});
  const std::string sink = "type: file, path: /x, ";
  CHECK_THAT(refusal_of(sink + "group: adm, mode: '0600'"), Contains("the group may not read the file"));
  for (const char* wrong : {"0%", "100%", "5.5%", "-1", "all"})
    CHECK_THAT(refusal_of(sink + "keep_free: " + wrong), Contains("expected 1% to 99% of the file system, or a size"));
}

TEST_CASE("an https sink has a login, a proxy and a version of HTTP") {
  const config::Config config = config_of(
      "sinks:\n  - {name: a, type: https, url: https://h/, user: jo, password_file: pass, http_version: auto,\n"
      "     proxy: 'http://proxy.example:3128'}\n  - {name: b, type: https, url: https://h/, http_version: 1.1}\n");
  const auto& https = config.sinks.at(0).options.as<HttpOptions>();
  CHECK(https.user == "jo");
  CHECK(https.password_file == "/etc/naudit/pass");
  CHECK(https.http_version == HttpVersion::kAuto);
  CHECK(parse_proxy(https.proxy) == Endpoint{"proxy.example", 3128});
  CHECK(config.sinks.at(1).options.as<HttpOptions>().http_version == HttpVersion::kOne);
  CHECK(parse_proxy("http://[::1]:80/") == Endpoint{"::1", 80});
  for (const char* wrong : {"", "proxy:1", "https://proxy:1", "http://proxy", "http://u:p@proxy:1", "http://proxy:1/x"})
    CHECK_FALSE(parse_proxy(wrong));
}

TEST_CASE("half a login, two of them, and a proxy that leads nowhere are refused") {
  const std::string sink = "type: https, url: https://h/, ";
  CHECK_THAT(refusal_of(sink + "user: jo"), Contains("`password_file` is missing"));
  CHECK_THAT(refusal_of(sink + "password_file: /p"), Contains("`user` is missing"));
  CHECK_THAT(refusal_of(sink + "user: jo, password_file: /p, token_file: /t"), Contains("not both"));
  CHECK_THAT(refusal_of(sink + "user: 'j:o', password_file: /p"), Contains("no ':'"));
  CHECK_THAT(refusal_of(sink + "proxy: 'proxy:3128'"), Contains("expected http://host:port, not 'proxy:3128'"));
  CHECK_THAT(refusal_of("type: https, url: http://127.0.0.1/, proxy: 'http://p:1'"), Contains("no proxy leads to it"));
  CHECK_THAT(refusal_of(sink + "http_version: 2"), Contains("1.1") && Contains("auto"));
}

TEST_CASE("tls is on with an https url, and on request for tcp") {
  const auto sink_of = [](const std::string& sink) { return config_of("sinks: [" + sink + "]").sinks.at(0).options; };
  const auto https_of = [&](const std::string& sink) { return sink_of(sink).as<HttpOptions>().tls; };
  const auto tcp_of = [&](const std::string& sink) { return sink_of(sink).as<TcpOptions>().tls; };
  CHECK(https_of("{name: a, type: https, url: https://h/}").enabled);
  CHECK(https_of("{name: a, type: https, url: https://h/}").verify);
  CHECK_FALSE(tcp_of("{name: a, type: tcp, address: 'h:1'}").enabled);
  CHECK(tcp_of("{name: a, type: tcp, address: 'h:1', tls: true}").enabled);
  Tls unverified;
  unverified.enabled = true;
  unverified.verify = false;
  CHECK(tcp_of("{name: a, type: tcp, address: 'h:1', tls: {verify: false}}") == unverified);
}

TEST_CASE("a sink without what its type needs is told what is missing") {
  CHECK(problems_of("sinks:\n  - {name: a}\n") == "/f.yaml:2:5: this sink has no 'type'; write one, like 'type: file'");
  CHECK_THAT(problems_of("sinks:\n  - {type: file, path: /x}\n"), Contains("no 'name'"));
  CHECK_THAT(problems_of("sinks:\n  - {name: a, type: file}\n"), Contains("no 'path'"));
  CHECK_THAT(problems_of("sinks:\n  - {name: a, type: tcp}\n"), Contains("no 'address'"));
  CHECK_THAT(problems_of("sinks:\n  - {name: a, type: https}\n"), Contains("no 'url'"));
  CHECK_THAT(problems_of("sinks: {name: a}\n"), Contains("expected a list of sinks"));
  CHECK_THAT(problems_of("sinks: [text]\n"), Contains("expected a sink as a map"));
  CHECK_THAT(problems_of("sinks: [{}]\n"), Contains("expected a sink here"));
  CHECK_THAT(problems_of("sinks: [{name: a, type: pigeon}]\n"),
             Contains("expected one of file, trail, auditdistd, tcp, https"));
}

TEST_CASE("the format mozdef has options, and one event a request unless said otherwise") {
  const config::Sink sink =
      config_of(
          "sinks:\n  - name: m\n    type: https\n    url: https://h/events\n    format: mozdef\n"
          "    mozdef: {process_name: x, paths: false, strict: true, prefix: '{\"m\":', suffix: '}'}\n"
          "    queue: {events: 512}\n")
          .sinks.at(0);
  CHECK(sink.options.as<HttpOptions>().own.as<PlainOptions>().body == HttpBody::kEvent);
  CHECK(sink.format_options == MozdefOptions{"x", false, true, "{\"m\":", "}"});
  CHECK(sink.queue.events == 512);
  const std::string plain = "sinks: [{name: m, type: https, url: 'https://h/', format: ";
  CHECK(
      config_of(plain + "mozdef, body: ndjson}]\n").sinks.at(0).options.as<HttpOptions>().own.as<PlainOptions>().body ==
      HttpBody::kNdjson);
  CHECK(config_of(plain + "json}]\n").sinks.at(0).options.as<HttpOptions>().own.as<PlainOptions>().body ==
        HttpBody::kNdjson);
  CHECK_THAT(problems_of("sinks:\n  - {name: m, type: tcp, address: 'h:1', mozdef: {paths: false}}\n"),
             StartsWith("/f.yaml:2:50: 'mozdef' has no meaning with the format 'json'"));
  CHECK_THAT(problems_of(plain + "mozdef, mozdef: {path: false}}]\n"), Contains("'paths'"));
}

TEST_CASE("the type null stands in quotes, and no value is never the sink that forgets") {
  CHECK(config_of("sinks: [{name: a, type: \"null\"}]").sinks.at(0).type == "null");
  CHECK_THAT(problems_of("sinks: [{name: a, type: \"null\", spool: true}]"), Contains("has none; leave it out"));
  CHECK_THAT(problems_of("sinks: [{name: a, type: null}]"), Contains("'type: \"null\"', in quotes"));
  CHECK_THAT(problems_of("sinks: [{name: a, type: }]"), Contains("expected a type here"));
}

TEST_CASE("a key that belongs to another type of sink is refused") {
  CHECK(problems_of("sinks:\n  - {name: a, type: tcp, address: 'h:1', rotate: {keep: 1}}\n") ==
        "/f.yaml:2:50: 'rotate' has no meaning for a tcp sink, only for file, trail and auditdistd");
  CHECK_THAT(problems_of("sinks: [{name: a, type: file, path: /x, tls: true}]"), Contains("only for tcp, https"));
}

TEST_CASE("a file that others could read the wrong way is refused as log mode") {
  const auto mode = [](const std::string& text) {
    return problems_of("sinks: [{name: a, type: file, path: /x, mode: " + text + "}]");
  };
  CHECK(mode("0640").empty());
  for (const char* text : {"640", "0666", "0700", "0400", "0888", "rw", "-0600", "00600"}) {
    INFO(text);
    CHECK_THAT(mode(text), Contains("permissions in octal"));
  }
}

TEST_CASE("sinks may share settings by a merge key") {
  const config::Config config = config_of(
      "sinks:\n"
      "  - &base {name: a, type: file, path: /a, queue: {size: 1MiB}}\n"
      "  - {<<: *base, name: b, path: /b}\n");
  CHECK(config.sinks.at(1).name == "b");
  CHECK(config.sinks.at(1).type == "file");
  CHECK(config.sinks.at(1).queue.size == config::kMiB);
}

TEST_CASE("the place of each value can be asked for after the load") {
  const config::Loaded loaded = config::parse(
      "node: none\nsinks:\n  - name: a\n    type: file\n    path: /a\n    filter: {types: [X]}\n", "/f.yaml", kinds());
  CHECK(loaded.places.of("sinks[0].filter.types").text() == "/f.yaml:6:21");
  CHECK(loaded.places.of("sinks[0].path").text() == "/f.yaml:5:11");
  CHECK(loaded.places.of("sinks[0].format").text() == "/f.yaml:3:5");
  CHECK(loaded.places.of("events.quiet").text() == "/f.yaml:1:1");
}

TEST_CASE("two sinks cannot share a name or a file") {
  CHECK(problems_of("sinks:\n- {name: a, type: file, path: /x}\n- {name: a, type: file, path: /y}\n") ==
        "/f.yaml:3:10: two sinks have the name 'a'; each needs its own");
  CHECK(problems_of("sinks:\n- {name: a, type: file, path: /x}\n- {name: b, type: file, path: /y/../x}\n") ==
        "/f.yaml:3:31: two sinks write to '/x'; each needs a file of its own");
}

TEST_CASE("a sink's name is a word that a command line can hold") {
  for (const char* name : {"''", "'a b'", "a/b", "'é'"}) {
    INFO(name);
    CHECK_THAT(problems_of("sinks: [{type: file, path: /x, name: " + std::string(name) + "}]"),
               Contains("expected a name of at most 64"));
  }
}

TEST_CASE("a file sink needs a file, not a directory") {
  CHECK_THAT(refusal_of("type: file, path: /var/log/"), Contains("not the directory '/var/log/'"));
}

TEST_CASE("a tcp address needs a host and a port") {
  CHECK(refusal_of("type: tcp, address: '[::1]:6514'").empty());
  CHECK_THAT(refusal_of("type: tcp, address: siem.example"), Contains("2:35: expected host:port"));
}

TEST_CASE("a tcp sink may have several addresses, each once") {
  const std::string sink = "type: tcp, address: ";
  CHECK(refusal_of(sink + "['a:1', 'b:2'], hosts: balance, reconnect: 1h").empty());
  CHECK_THAT(refusal_of(sink + "['a:1', b]"), Contains("expected host:port") && Contains("not 'b'"));
  CHECK_THAT(refusal_of(sink + "['a:1', 'a:1']"), Contains("'a:1' stands here twice"));
  CHECK_THAT(refusal_of(sink + "[]"), Contains("is missing; write host:port"));
  CHECK_THAT(refusal_of(sink + "'a:1', hosts: all"), Contains("expected one of failover, balance"));
  CHECK_THAT(refusal_of(sink + "'a:1', framing: crlf"), Contains("expected one of newline, octet-counted"));
}

TEST_CASE("keepalive is in whole seconds, as the kernel takes it") {
  const std::string sink = "type: tcp, address: 'a:1', keepalive: ";
  CHECK(refusal_of(sink + "false").empty());
  CHECK(refusal_of(sink + "{idle: 1m, interval: 5s, count: 9}").empty());
  CHECK_THAT(refusal_of(sink + "{idle: 1500ms}"), Contains("expected whole seconds, not 1500ms"));
  CHECK_THAT(refusal_of(sink + "{interval: 0s}"), Contains("from 1s"));
}

TEST_CASE("a fingerprint that is none is refused") {
  const std::string sink = "type: tcp, address: 'a:1', tls: {fingerprints: ";
  CHECK(refusal_of(sink + std::string(64, 'b') + "}").empty());
  CHECK_THAT(refusal_of(sink + "[aa:bb]}"), Contains("expected a SHA-256 fingerprint") && Contains("not 'aa:bb'"));
}

TEST_CASE("a url is https, or http on loopback") {
  CHECK(refusal_of("type: https, url: 'http://localhost:8080/x'").empty());
  CHECK_THAT(refusal_of("type: https, url: 'http://siem.example/x'"), Contains("readable by anybody"));
  CHECK_THAT(refusal_of("type: https, url: siem.example"), Contains("expected a URL"));
  CHECK_THAT(refusal_of("type: https, url: 'https://u:p@h/'"), Contains("token_file"));
  CHECK_THAT(refusal_of("type: https, url: 'http://[::1]/', tls: {ca: /x}"), Contains("starts with http://"));
  CHECK_THAT(refusal_of("type: https, url: 'https://h/', tls: false"), Contains("contradicts"));
}

TEST_CASE("a certificate and its key come together") {
  CHECK_THAT(refusal_of("type: tcp, address: 'h:1', tls: {certificate: /c}"), Contains("needs its 'key'"));
  CHECK_THAT(refusal_of("type: tcp, address: 'h:1', tls: {key: /k}"), Contains("needs its 'certificate'"));
  CHECK(refusal_of("type: tcp, address: 'h:1', tls: {key: /k, certificate: /c}").empty());
}

TEST_CASE("a CA that nothing is verified against is refused") {
  CHECK_THAT(refusal_of("type: tcp, address: 'h:1', tls: {ca: /c, verify: false}"), Contains("pose as the server"));
}

TEST_CASE("a queue that is smaller than a batch is refused") {
  CHECK_THAT(refusal_of("type: https, url: 'https://h/', queue: {size: 64KiB}"),
             Contains("a batch of 1MiB never fits into the queue of 64KiB"));
}

TEST_CASE("the first wait is not longer than the longest") {
  CHECK_THAT(refusal_of("type: tcp, address: 'h:1', retry: {first: 1h}"), Contains("longer than the longest"));
}

}  // namespace naudit::output
