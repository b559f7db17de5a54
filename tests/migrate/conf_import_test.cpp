// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "config/loader.hpp"
#include "migrate/conf/import.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kinds.hpp"

namespace naudit::migrate {
namespace {

const config::Kinds& kKinds = output::kinds();

AuditdInstallation installation(const std::string& text) {
  AuditdInstallation all;
  all.daemon = AuditdConf(text, "auditd.conf");
  return all;
}

config::Config loaded(const ImportedConfig& done) {
  return config::parse(done.yaml, "/etc/naudit/nauditd.yaml", kKinds).config;
}

std::string notes(const ImportedConfig& done) {
  std::string all;
  for (const base::Problem& problem : done.notes) all += problem.text() + '\n';
  return all;
}

TEST_CASE("a file of auditd is read with tabs, any case, and the last of two settings") {
  const AuditdConf conf("# c\n\n\tName_Format\t=  HOSTNAME \r\nfreq=50\nfreq = 60\nnonsense\n", "x.conf");
  REQUIRE(conf.settings().size() == 3);
  CHECK(conf.word("name_format", "none") == "hostname");
  CHECK(conf.text("freq") == "60");
  CHECK(conf.find("freq")->line == 5);
  CHECK(conf.find("flush") == nullptr);
  REQUIRE(conf.problems().size() == 1);
  CHECK(conf.problems()[0].text() == "x.conf:6:1: expected 'keyword = value', not 'nonsense'");
}

TEST_CASE("what auditd.conf says about the log becomes a file sink") {
  const ImportedConfig done = import_auditd(
      installation("log_file = /var/log/audit/audit.log\nlog_format = ENRICHED\nlog_group = root\n"
                   "max_log_file = 8\nmax_log_file_action = ROTATE\nnum_logs = 5\nflush = INCREMENTAL_ASYNC\n"
                   "freq = 50\nname_format = user\nname = web-1\npriority_boost = 6\nend_of_event_timeout = 5\n"),
      kKinds);
  CHECK(notes(done).empty());
  const config::Config config = loaded(done);
  REQUIRE(config.sinks.size() == 1);
  CHECK(config.sinks[0].type == "file");
  CHECK(config.sinks[0].format == "enriched");
  const auto& log = config.sinks[0].options.as<output::FileOptions>();
  CHECK(log.path == "/var/log/audit/audit.log");
  CHECK(log.mode == 0600);
  CHECK(log.rotate == output::Rotate{8 * config::kMiB, 4});
  CHECK(log.sync == output::Sync{output::SyncKind::kInterval, config::Milliseconds(1000)});
  CHECK(config.node == config::Node{config::NodeKind::kText, "web-1"});
  CHECK(config.daemon.nice == -6);
  CHECK(config.events.timeout == config::Milliseconds(5000));
  CHECK(config.rules.files == std::vector<std::string>{"/etc/naudit/rules.d"});
}

TEST_CASE("without a keyword auditd's own default counts, not that of its shipped file") {
  const config::Config config = loaded(import_auditd(installation(""), kKinds));
  CHECK(config.node.kind == config::NodeKind::kNone);
  REQUIRE(config.sinks.size() == 1);
  CHECK(config.sinks[0].format == "enriched");
  CHECK(config.sinks[0].options.as<output::FileOptions>().rotate.size == 0);
  CHECK(config.sinks[0].options.as<output::FileOptions>().sync.kind == output::SyncKind::kNone);
}

TEST_CASE("a log has the machine's name in each line where auditd's had it") {
  using Catch::Matchers::Contains;
  const auto yaml = [](const std::string& text) { return import_auditd(installation(text), kKinds).yaml; };
  CHECK_THAT(yaml("name_format = hostname\n"), Contains("enriched: {node: true}"));
  CHECK_THAT(yaml("name_format = user\nname = web-1\nlog_format = raw\n"), Contains("raw: {node: true}"));
  CHECK_THAT(yaml(""), !Contains("{node: true}"));
  CHECK_THAT(yaml("name_format = none\n"), !Contains("{node: true}"));
}

TEST_CASE("the ways to flush, rotate and name") {
  const auto sink = [](const std::string& text) {
    return loaded(import_auditd(installation(text), kKinds)).sinks.at(0);
  };
  const auto file = [&](const std::string& text) { return sink(text).options.as<output::FileOptions>(); };
  CHECK(file("flush = data\n").sync.kind == output::SyncKind::kBatch);
  CHECK(file("flush = SYNC\n").sync.kind == output::SyncKind::kBatch);
  CHECK(file("flush = none\n").sync.kind == output::SyncKind::kNone);
  CHECK(sink("log_format = raw\n").format == "raw");
  CHECK(file("log_group = adm\n").mode == 0640);
  CHECK(file("log_group = adm\n").group == "adm");
  CHECK(file("max_log_file = 8\nmax_log_file_action = rotate\nnum_logs = 1\n").rotate.size == 0);
  CHECK(file("max_log_file = 8\nmax_log_file_action = keep_logs\n").rotate == output::Rotate{8 * config::kMiB, 9999});
  CHECK(file("max_log_file = 8\nmax_log_file_action = ignore\nnum_logs = 5\n").rotate.size == 0);
  CHECK(loaded(import_auditd(installation("name_format = fqd\n"), kKinds)).node.kind == config::NodeKind::kFqdn);
  CHECK(loaded(import_auditd(installation("write_logs = no\n"), kKinds)).sinks.empty());
}

TEST_CASE("auditd's thresholds of free space become the one of the stronger action, and a full disk what it was") {
  const auto import = [](const std::string& text) { return import_auditd(installation(text), kKinds); };
  const auto file = [&](const std::string& text) {
    return loaded(import(text)).sinks.at(0).options.as<output::FileOptions>();
  };
  const std::string shipped =
      "space_left = 75\nspace_left_action = SYSLOG\nadmin_space_left = 50\nadmin_space_left_action = SUSPEND\n"
      "disk_full_action = SUSPEND\n";
  CHECK(file(shipped).keep_free == output::KeepFree{50 * config::kMiB, 0});
  CHECK(file(shipped).when_low == output::WhenLow::kPause);
  CHECK(file(shipped).when_full == output::WhenDiskFull::kWait);
  CHECK_THAT(notes(import(shipped)), Catch::Contains("one threshold, that of admin_space_left"));
  const output::FileOptions rotates = file("space_left = 25%\nspace_left_action = rotate\ndisk_full_action = rotate\n");
  CHECK(rotates.keep_free == output::KeepFree{0, 25});
  CHECK(rotates.when_low == output::WhenLow::kDropOldestFiles);
  CHECK(rotates.when_full == output::WhenDiskFull::kDropOldestFiles);
  CHECK(file("space_left = 75\nspace_left_action = syslog\n").when_low == output::WhenLow::kTell);
  CHECK(file("space_left = 75\nspace_left_action = ignore\n").keep_free == output::KeepFree{});
  CHECK(file("space_left = 75\n").keep_free == output::KeepFree{});
  CHECK_THAT(notes(import("space_left = lots\nspace_left_action = syslog\n")),
             Catch::Contains("neither a number of MiB"));
}

TEST_CASE("what has no equivalent is told with its line, and stands in the file") {
  const ImportedConfig done = import_auditd(
      installation("space_left = 75\nspace_left_action = email\ndisk_full_action = HALT\ntcp_listen_port = 60\n"
                   "name_format = numeric\nnew_keyword = 1\n"),
      kKinds);
  CHECK(
      notes(done) ==
      "auditd.conf:5:1: name_format = numeric: the name of a machine is none, its host name, that with its domain, "
      "or a "
      "text; the address is not\n"
      "auditd.conf:2:1: space_left_action = email: it is told, as an event and in the log; nauditd sends no mail, "
      "executes nothing and stops no machine\n"
      "auditd.conf:3:1: disk_full_action = HALT: it is told, and writing goes on when there is room; nauditd executes "
      "nothing and stops no machine\n"
      "auditd.conf:6:1: new_keyword = 1: auditd knows no such keyword\n");
  CHECK_THAT(done.yaml, Catch::Contains("#  - auditd.conf:3:1: disk_full_action = HALT"));
}

TEST_CASE("an auditd that listens becomes a source, or a note when its transport is not spoken") {
  const ImportedConfig done = import_auditd(
      installation("local_events = no\ntcp_listen_port = 60\ntcp_max_per_addr = 2\ntcp_client_max_idle = 30\n"
                   "tcp_client_ports = 1024-65535\nuse_libwrap = yes\ntransport = TCP\n"),
      kKinds);
  const config::Config config = loaded(done);
  CHECK(config.kernel.mode == config::KernelMode::kNone);
  REQUIRE(config.sources.size() == 1);
  CHECK(config.sources[0].type == config::SourceType::kAuditd);
  CHECK(config.sources[0].listen == "0.0.0.0:60");
  CHECK(config.sources[0].max_per_address == 2);
  CHECK(config.sources[0].idle == config::Milliseconds(30'000));
  CHECK(notes(done) ==
        "auditd.conf:5:1: tcp_client_ports = 1024-65535: a source does not look at a client's port; certificates "
        "('tls') tell who it is\n"
        "auditd.conf:6:1: use_libwrap = yes: /etc/hosts.allow and hosts.deny are not asked; a firewall or 'tls' does "
        "that\n");

  const ImportedConfig kerberos = import_auditd(installation("tcp_listen_port = 60\nenable_krb5 = yes\n"), kKinds);
  CHECK(loaded(kerberos).sources.empty());
  CHECK_THAT(notes(kerberos), Catch::StartsWith("auditd.conf:1:1: tcp_listen_port = 60: transport krb5"));
}

TEST_CASE("a keyword that changes nothing is named without a note") {
  const ImportedConfig done =
      import_auditd(installation("local_events = yes\nuse_libwrap = yes\ntransport = TCP\nq_depth = 2000\n"
                                 "overflow_action = SYSLOG\nspace_left_action = ignore\nverify_email = yes\n"),
                    kKinds);
  CHECK(notes(done).empty());
  CHECK_THAT(done.yaml, Catch::Contains("use_libwrap = yes, transport = TCP: auditd does not listen"));
}

TEST_CASE("the kernel's settings of the rule files become kernel") {
  AuditdInstallation all = installation("");
  all.kernel.backlog_limit = 8192;
  all.kernel.failure = 0;
  all.kernel.enabled = 0;
  all.kernel.rate_limit = 7;
  all.kernel.backlog_wait_time = config::Milliseconds(240'000);
  all.kernel.loginuid_immutable = true;
  const config::Kernel kernel = loaded(import_auditd(all, kKinds)).kernel;
  CHECK(kernel.backlog_limit == 8192U);
  CHECK(kernel.failure == config::FailureMode::kSilent);
  CHECK(kernel.enabled == false);
  CHECK(kernel.rate_limit == 7U);
  CHECK(kernel.backlog_wait_time == config::Milliseconds(240'000));
  CHECK(kernel.loginuid_immutable);

  all.kernel.backlog_limit = 0;  // without a limit, which nauditd refuses
  const ImportedConfig refused = import_auditd(all, kKinds);
  CHECK_THAT(notes(refused), Catch::Contains("-b: expected a whole number from 64"));
}

TEST_CASE("audisp-remote becomes an auditd-remote sink, or a note when its transport is not spoken") {
  AuditdInstallation all = installation("log_format = raw\nname_format = hostname\n");
  all.plugins.emplace_back("active = yes\npath = /sbin/audisp-remote\ntype = always\n", "au-remote.conf");
  const auto import = [&](const std::string& text) {
    all.remote = AuditdConf(text, "r.conf");
    return import_auditd(all, kKinds);
  };
  const auto sink = [&](const std::string& text) {
    const ImportedConfig done = import(text);
    CHECK(notes(done).empty());
    const config::Config config = loaded(done);
    REQUIRE(config.sinks.size() == 2);
    CHECK(config.sinks[1].type == "auditd-remote");
    CHECK(config.sinks[1].format == "raw");
    CHECK_THAT(done.yaml.substr(done.yaml.find("auditd-remote")), Catch::Contains("raw: {node: true}"));
    return config.sinks[1];
  };
  const config::Sink shipped = sink(
      "remote_server = log.example\nport = 60\ntransport = tcp\nmode = immediate\nqueue_depth = 10240\n"
      "format = managed\nheartbeat_timeout = 0 \nnetwork_failure_action = stop\ndisk_full_action = warn_once\n");
  CHECK(shipped.options.as<output::AuditdRemoteOptions>() == [] {
    output::AuditdRemoteOptions options;
    options.address = {"log.example:60"};
    return options;
  }());
  CHECK_FALSE(shipped.spool.enabled);
  const config::Sink forward = sink("remote_server = 2001:db8::1\nmode = forward\nheartbeat_timeout = 45\n");
  CHECK(forward.options.as<output::AuditdRemoteOptions>().address == std::vector<std::string>{"[2001:db8::1]:60"});
  CHECK(forward.options.as<output::AuditdRemoteOptions>().heartbeat_timeout == config::Milliseconds(45'000));
  CHECK(forward.spool.enabled);
  const config::Sink ascii = sink("remote_server = siem.example\nport = 6514\nformat = ascii\n");
  CHECK(ascii.options.as<output::AuditdRemoteOptions>().protocol == output::AuditdFraming::kAscii);

  CHECK_THAT(notes(import("remote_server = log.example\nlocal_port = 60\n")),
             Catch::StartsWith("r.conf:2:1: local_port: a sink does not choose its own port"));
  for (const char* text :
       {"remote_server = log.example\ntransport = KRB5\n", "remote_server = log.example\nenable_krb5 = yes\n"}) {
    const ImportedConfig kerberos = import(text);
    CHECK(loaded(kerberos).sinks.size() == 1);
    CHECK_THAT(notes(kerberos),
               Catch::StartsWith("r.conf:1:1: events to auditd on log.example:60: its transport krb5"));
  }
  CHECK(notes(import("remote_server = \nport = 60\n")) == "r.conf: there is no remote_server\n");
}

TEST_CASE("audisp-json becomes an https sink, or a comment with the reason") {
  AuditdInstallation all = installation("write_logs = no\n");
  all.plugins.emplace_back("active = yes\npath = /sbin/audisp-json\n", "json.conf");
  all.json = AuditdConf("mozdef_url = https://mozdef.example/events\nssl_verify = no\nprepend_msg = x\n", "j.conf");
  const ImportedConfig done = import_auditd(all, kKinds);
  const config::Config config = loaded(done);
  REQUIRE(config.sinks.size() == 1);
  CHECK(config.sinks[0].options.as<output::HttpOptions>().url == "https://mozdef.example/events");
  CHECK(config.sinks[0].format == "mozdef");
  CHECK(config.sinks[0].options.as<output::HttpOptions>().own.as<output::PlainOptions>().body ==
        output::HttpBody::kEvent);
  CHECK_FALSE(config.sinks[0].options.as<output::HttpOptions>().tls.verify);
  CHECK(notes(done) == "j.conf:3:1: prepend_msg: nothing is put around an event\n");

  all.json = AuditdConf("mozdef_url = http://mozdef.example/events\n", "j.conf");
  const ImportedConfig plain = import_auditd(all, kKinds);
  CHECK(loaded(plain).sinks.empty());
  CHECK_THAT(notes(plain), Catch::Contains("this sink is left as a comment: events would cross the network"));
  CHECK_THAT(plain.yaml, Catch::Contains("#    url: http://mozdef.example/events"));
}

TEST_CASE("plugins become the sinks that do the same, programs run as they are, and those that are not active none") {
  AuditdInstallation all = installation("write_logs = no\nlog_format = raw\nname_format = hostname\n");
  all.plugins.emplace_back("active = no\npath = /sbin/quiet\n", "/etc/audit/plugins.d/quiet.conf");
  all.plugins.emplace_back("active = yes\npath = builtin_af_unix\nargs = 0640 /run/events\n", "af_unix.conf");
  all.plugins.emplace_back("active = YES\npath = /sbin/audisp-syslog\nargs = LOG_WARNING LOG_LOCAL3\n", "syslog.conf");
  all.plugins.emplace_back("active = yes\npath = /usr/bin/other\nargs = -c /etc/x\nformat = binary\n", "my other.conf");
  const ImportedConfig done = import_auditd(all, kKinds);
  CHECK(notes(done).empty());
  const config::Config config = loaded(done);
  REQUIRE(config.sinks.size() == 3);
  CHECK(config.sinks[0].type == "unix");
  CHECK(config.sinks[0].format == "audispd");
  CHECK(config.sinks[0].options.as<output::UnixOptions>().path == "/run/events");
  CHECK(config.sinks[0].options.as<output::UnixOptions>().mode == 0600);
  CHECK(config.sinks[1].format == "raw");
  const output::SyslogHead& head = config.sinks[1].options.as<output::SyslogOptions>().head;
  CHECK(head.severity == output::Severity::kWarning);
  CHECK(head.facility == static_cast<output::SyslogFacility>(19));
  CHECK(config.sinks[2].name == "plugin-my-other");
  CHECK(config.sinks[2].format == "audispd-binary");
  CHECK(config.sinks[2].options.as<output::PluginOptions>().command ==
        std::vector<std::string>{"/usr/bin/other", "-c", "/etc/x"});
  CHECK_THAT(done.yaml, Catch::Contains("audispd-binary: {names: false, node: true}") &&
                            Catch::Contains("audispd: {names: false, node: true}") &&
                            Catch::Contains("#  - quiet.conf: not active"));
}

TEST_CASE("a plugin alone is its sink and nothing else, and nothing at all is the default") {
  AuditdInstallation all;
  all.json = AuditdConf("file_log = /var/log/mozdef.json\n", "j.conf");
  all.plugins.emplace_back("active = yes\npath = audisp-json\n", "j.conf");
  const config::Config config = loaded(import_auditd(all, kKinds));
  REQUIRE(config.sinks.size() == 1);
  CHECK(config.sinks[0].options.as<output::FileOptions>().path == "/var/log/mozdef.json");
  CHECK(loaded(import_auditd({}, kKinds)).sinks == loaded({}).sinks);
}

TEST_CASE("values cannot break out of their place") {
  const ImportedConfig done = import_auditd(
      installation("log_file = /a: {b}\nname_format = user\nname = \"x\" # y\nend_of_event_timeout = 2}, a: {b\n"
                   "priority_boost = x: y\nlog_group = \xff\x01\n"),
      kKinds);
  CHECK(loaded(done).sinks.at(0).options.as<output::FileOptions>().path == "/a: {b}");
  CHECK(done.notes.size() == 4);
}

}  // namespace
}  // namespace naudit::migrate
