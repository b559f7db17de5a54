// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/loader.hpp"
#include "migrate/rules/import.hpp"
#include "migrate/sources/auditbeat/auditbeat.hpp"
#include "migrate/sources/goaudit/goaudit.hpp"
#include "migrate/sources/laurel/laurel.hpp"
#include "migrate/sources/source.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinds.hpp"

namespace naudit::migrate {
namespace {

using Catch::Matchers::Contains;
using Take = void (*)(const std::string&, const std::string&, Draft&);

Draft draft_of(const std::vector<std::string>& found) {
  return {output::kinds(), any_accounts({}), found};
}

Draft::Done taken(Take take, const std::string& text, const std::string& name) {
  Draft draft = draft_of({name});
  take(text, name, draft);
  return draft.finish();
}

config::Config loaded(const Draft::Done& done) {
  return config::parse(done.yaml, "/etc/naudit/nauditd.yaml", output::kinds()).config;
}

std::string text_of(const std::vector<base::Problem>& problems) {
  std::string all;
  for (const base::Problem& problem : problems) all += problem.text() + '\n';
  return all;
}

TEST_CASE("laurel's configuration becomes a sink of its format, and what has no equivalent is told with its line") {
  const Draft::Done done =
      taken(take_laurel,
            "directory = \"/var/log/laurel\"\nuser = \"_laurel\"\n[auditlog]\nfile = \"audit.log\"\n"
            "size = 5000000\ngenerations = 10\nread-users = [ \"splunk\" ]\nline-prefix = \"@cee: \"\n"
            "[transform]\nexecve-argv = [ \"array\", \"string\" ]\nexecve-argv-limit-bytes = 10000\n"
            "[translate]\nuniversal = true\n[enrich]\ncontainer = false\n"
            "[label-process]\nlabel-exe.'^/opt/.*[.]x$' = 'java'\n"
            "[filter]\nfilter-keys = [\"noise\", \"more\"]\nfilter-null-keys = true\nmystery = 1\n"
            "[odd]\nx = 1\n",
            "config.toml");
  const config::Config config = loaded(done);
  REQUIRE(config.sinks.size() == 1);
  CHECK(config.sinks[0].format == "laurel");
  const auto& file = config.sinks[0].options.as<output::FileOptions>();
  CHECK(file.path == "/var/log/laurel/audit.log");
  CHECK(file.rotate == output::Rotate{5'000'000, 10});
  CHECK(file.acl == std::vector<std::string>{"user:splunk"});
  CHECK(config.sinks[0].filter.expression == "key and not key in (\"noise\", \"more\")");
  CHECK_THAT(done.yaml, Contains("laurel: {execve_argv: [array, string], execve_argv_limit: 10000, universal: true, "
                                 "container: false}"));
  CHECK(
      text_of(done.notes) ==
      "config.toml:8:15: auditlog.line-prefix = @cee: : nothing is put around an event; a syslog sink has what wanted "
      "'@cee:'\n"
      "config.toml:17:29: label-process.label-exe.^/opt/.*[.]x$ = java: processes have no labels; the rule's key is "
      "there, and a filter takes exe and argv\n"
      "config.toml:21:11: filter.mystery = 1: a sink's filter is an expression over the event; say it in words of "
      "docs/sinks.md\n"
      "config.toml:23:5: odd.x = 1: nauditd knows nothing like it, if laurel does\n");
}

TEST_CASE("a laurel that writes to standard output, and one whose plugin is not active") {
  CHECK(loaded(taken(take_laurel, "[auditlog]\nfile = \"-\"\n", "c.toml")).sinks.at(0).type == "stdout");
  Draft draft = draft_of({"auditd", "laurel"});
  draft.set_off("laurel");
  take_laurel("directory = \"/x\"\n", "c.toml", draft);
  CHECK_THAT(draft.finish().yaml, Contains("laurel: its plugin is not active") && !Contains("format: laurel"));
}

TEST_CASE("what is no TOML is refused with its place, and what is nested without an end too") {
  const auto refused = [](const std::string& text) {
    try {
      taken(take_laurel, text, "c.toml");
    } catch (const base::Error& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  CHECK_THAT(refused("a = 1\nb = \n"), Catch::StartsWith("c.toml:2:") && Contains("is not TOML"));
  CHECK_THAT(refused("a = 1\na = 2\n"), Contains("is not TOML"));
  CHECK_THAT(refused("a = " + std::string(100, '[') + std::string(100, ']')), Contains("c.toml:1:1: is nested deeper"));
  CHECK_THAT(refused("a" + std::string(1000, '.') + "b = 1"), Contains("is nested deeper"));
  CHECK(refused("a = \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\" # [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n") ==
        "taken");
}

TEST_CASE("go-audit's configuration becomes rules, a sink and its filter") {
  const std::string text =
      "socket_buffer: {receive: 1048576}\n"
      "message_tracking: {enabled: true, log_out_of_order: true}\n"
      "output:\n"
      "  file: {enabled: true, attempts: 2, path: /var/log/go-audit.log, mode: 0640, user: root, group: adm}\n"
      "  syslog: {enabled: true, network: tcp, address: \"127.0.0.1:514\", priority: 129, tag: x}\n"
      "  gelf:\n"
      "    enabled: true\n"
      "rules:\n"
      "  - -a exit,always -F arch=b64 -S execve\n"
      "  - -w bad\n"
      "  - -b 16384\n"
      "filters:\n"
      "  - {syscall: 49, message_type: 1306, regex: saddr=(10..|0A..)}\n"
      "  - {syscall: 49, message_type: 1306, regex: 'no field'}\n"
      "extras: {containers: {enabled: true, docker: true}}\n";
  const Draft::Done done = taken(take_go_audit, text, "go-audit.yaml");
  const config::Config config = loaded(done);
  CHECK(config.kernel.receive_buffer == config::kMiB);
  CHECK(config.kernel.backlog_limit == 16384U);
  CHECK(config.events.log_out_of_order);
  CHECK(config.events.max_out_of_order == 500);
  REQUIRE(config.sinks.size() == 2);
  const std::string filter =
      "type >= 1300 and type <= 1399 and not (syscall == 49 and sockaddr.saddr matches \"^((10..|0A..))\")";
  for (const config::Sink& sink : config.sinks) {
    CHECK(sink.format == "go-audit");
    CHECK(sink.filter.expression == filter);
  }
  CHECK(config.sinks[0].options.as<output::SyslogOptions>().head.severity == output::Severity::kAlert);
  CHECK(config.sinks[1].options.as<output::FileOptions>().mode == 0640);
  CHECK(config.sinks[1].options.as<output::FileOptions>().group == "adm");
  REQUIRE(done.rules.size() == 1);
  CHECK(done.rules[0].name == "go-audit.yaml");
  CHECK_THAT(done.rules[0].yaml, Contains("syscalls: [execve]"));
  CHECK_THAT(text_of(done.errors), Catch::StartsWith("go-audit.yaml:10:5: the path 'bad'"));
  CHECK_THAT(text_of(done.notes), Contains("go-audit.yaml:14:46: filters[1]: ") &&
                                      Contains("go-audit.yaml:7:14: output.gelf: there is no sink") &&
                                      Contains("go-audit.yaml:15:46: extras.containers.docker = true: images"));
}

TEST_CASE("auditbeat's module and output become rules, settings and a sink") {
  const std::string text =
      "name: web-1\n"
      "auditbeat.modules:\n"
      "- module: auditd\n"
      "  resolve_ids: true\n"
      "  failure_mode: log\n"
      "  backlog_limit: 8196\n"
      "  immutable: true\n"
      "  audit_rules: |\n"
      "    -w /etc/passwd -p wa -k identity\n"
      "    -w bad\n"
      "- module: file_integrity\n"
      "  paths: [/bin]\n"
      "output.elasticsearch:\n"
      "  hosts: ['search.example', 'other']\n"
      "  protocol: https\n"
      "  index: 'audit-%{[agent.version]}'\n"
      "  password: secret\n"
      "  username: beat\n"
      "  ssl: {certificate_authorities: [/etc/ca.pem]}\n"
      "processors:\n"
      "- add_host_metadata: ~\n";
  const Draft::Done done = taken(take_auditbeat, text, "auditbeat.yml");
  const config::Config config = loaded(done);
  CHECK(config.node.text == "web-1");
  CHECK(config.kernel.failure == config::FailureMode::kPrintk);
  CHECK(config.kernel.backlog_limit == 8196U);
  REQUIRE(config.sinks.size() == 1);
  CHECK(config.sinks[0].type == "elasticsearch");
  const auto& http = config.sinks[0].options.as<output::HttpOptions>();
  CHECK(http.url == "https://search.example:9200");
  CHECK(http.tls.ca == "/etc/ca.pem");
  CHECK(http.tls.verify);
  REQUIRE(done.rules.size() == 1);
  CHECK_THAT(done.rules[0].yaml, Contains("watch: /etc/passwd") && Contains("enabled: locked"));
  CHECK(text_of(done.errors) == "auditbeat.yml:10: the path 'bad' must start with /; the line stays as a comment\n");
  const std::string notes = text_of(done.notes);
  for (const char* part :
       {"auditbeat.yml:11:11: module file_integrity", "auditbeat.yml:14:10: output.elasticsearch.hosts",
        "auditbeat.yml:16:10: output.elasticsearch.index",
        "auditbeat.yml:18:13: "
        "output.elasticsearch.username",
        "processors[0].add_host_metadata: a sink has 'filter'"})
    CHECK_THAT(notes, Contains(part));
  CHECK_THAT(done.yaml + notes, !Contains("secret"));
}

TEST_CASE("auditbeat's other outputs: a file, Kafka, and those that there is no sink for") {
  const auto sinks = [](const std::string& text) { return loaded(taken(take_auditbeat, text, "auditbeat.yml")).sinks; };
  const std::string module = "auditbeat.modules: [{module: auditd, socket_type: multicast}]\n";
  const auto file = sinks(module + "output.file: {path: /var/log/beat, rotate_every_kb: 2048, permissions: 0640}\n");
  REQUIRE(file.size() == 1);
  CHECK(file[0].options.as<output::FileOptions>().path == "/var/log/beat/auditbeat");
  CHECK(file[0].options.as<output::FileOptions>().rotate == output::Rotate{2 * config::kMiB, 7});
  CHECK(file[0].options.as<output::FileOptions>().mode == 0640);
  CHECK(sinks(module + "output.kafka: {hosts: ['k:9092'], topic: audit}\n").at(0).type == "kafka");
  CHECK(sinks(module + "output.console: {pretty: true}\n").at(0).type == "stdout");
  CHECK(sinks(module + "output.kafka: {enabled: false, hosts: ['k:9092'], topic: audit}\n").empty());
  const Draft::Done logstash =
      taken(take_auditbeat, module + "output.logstash: {hosts: ['l:5044']}\n", "auditbeat.yml");
  CHECK(loaded(logstash).sinks.empty());
  CHECK(loaded(logstash).kernel.mode == config::KernelMode::kObserve);
  CHECK_THAT(text_of(logstash.notes),
             Contains("auditbeat.yml:2:26: output.logstash: no sink speaks the beats' protocol"));
}

TEST_CASE("what two programs say of one key stands as the first of them said it") {
  Draft draft = draft_of({"go-audit", "auditbeat"});
  take_go_audit("rules: ['-b 1024', '-w /a']\n", "g.yaml", draft);
  take_auditbeat("auditbeat.modules: [{module: auditd, backlog_limit: 2048, audit_rules: '-w /b'}]\n", "b.yml", draft);
  const Draft::Done done = draft.finish();
  CHECK(loaded(done).kernel.backlog_limit == 1024U);
  CHECK_THAT(text_of(done.notes), Contains("b.yml:1:53: backlog_limit: kernel.backlog_limit is 1024 already"));
  CHECK(done.rules.size() == 2);
  CHECK(done.rule_count == 2);
}

TEST_CASE("every source knows its own place, and no other's") {
  for (const Source& source : sources()) {
    if (source.name == "auditd") continue;  // a folder: it looks at the disk
    for (const Source& other : sources()) CHECK((other.is('/' + std::string(source.place)) == (&other == &source)));
  }
}

}  // namespace
}  // namespace naudit::migrate
