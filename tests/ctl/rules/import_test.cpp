// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <filesystem>
#include <initializer_list>

#include "config/loader.hpp"
#include "output/sinks/kinds.hpp"
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

test::Outcome rules(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "rules");
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

TEST_CASE("one rule file is imported to stdout, with its count on stderr") {
  const test::TempDir directory;
  directory.write("a.rules", "-w /a -p wa -k x\n-w /b -p wa -k x\n");
  const test::Outcome outcome = rules({"import", directory.file("a.rules")});
  CHECK(outcome.code == 0);
  CHECK(outcome.out ==
        "rules:\n  - key: x\n    watch: [/a, /b]\n    permissions: [write, attributes]\n    arch: any\n");
  CHECK(outcome.error ==
        "2 rules in 1 entry of YAML\n2 rules are looked at in every system call, as auditctl's -w is (arch: any); "
        "without that line YAML loads the fast form\n");
}

TEST_CASE("a line that auditctl refuses is told, and the exit code is 1") {
  const test::TempDir directory;
  directory.write("a.rules", "-w /a\n-w relative\n");
  const test::Outcome outcome = rules({"import", directory.file("a.rules")});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.error,
             Catch::StartsWith(directory.file("a.rules") + ":2:4: the path 'relative' must start with /"));
  CHECK_THAT(outcome.out, Catch::Contains("# -w relative"));
}

TEST_CASE("a directory is imported to a directory, and nothing is overwritten without being told") {
  const test::TempDir directory;
  std::filesystem::create_directory(directory.file("in"));
  directory.write("in/10-a.rules", "-w /a\n");
  directory.write("in/9-b.rules", "-w /b\n");
  CHECK_THAT(rules({"import", directory.file("in")}).error, Catch::Contains("say --output DIRECTORY"));
  const std::vector<std::string> to{"import", directory.file("in"), "--output", directory.file("out")};
  CHECK(rules(to).code == 0);
  CHECK(test::read_all(directory.file("out/10-a.yaml")) == "rules:\n  - watch: /a\n    arch: any\n");
  CHECK(rules({"check", directory.file("out")}).code == 0);

  directory.write("in/11-c.rules", "-w /c\n");
  const test::Outcome again = rules(to);
  CHECK(again.code == 1);
  CHECK_THAT(again.error, Catch::Contains("10-a.yaml: is there already; nothing was written"));
  CHECK_FALSE(std::filesystem::exists(directory.file("out/11-c.yaml")));
  auto forced = to;
  forced.emplace_back("--force");
  CHECK(rules(forced).code == 0);
  CHECK(std::filesystem::exists(directory.file("out/11-c.yaml")));
}

TEST_CASE("an import that fails at one file leaves all as it was") {
  const test::TempDir directory;
  std::filesystem::create_directories(directory.file("in"));
  std::filesystem::create_directories(directory.file("out/b.yaml"));
  directory.write("in/a.rules", "-w /a\n");
  directory.write("in/b.rules", "-w /b\n");
  directory.write("out/a.yaml", "old");
  const test::Outcome refused = rules({"import", directory.file("in"), "--output", directory.file("out"), "--force"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.error, Catch::Contains("out/b.yaml: cannot be written: Is a directory"));
  CHECK(test::read_all(directory.file("out/a.yaml")) == "old");
  using Entries = std::filesystem::directory_iterator;
  CHECK(std::distance(Entries(directory.file("out")), Entries()) == 2);

  // There is room for this name, but not for what is written beside it.
  directory.write("in/" + std::string(249, 'c') + ".rules", "-w /c\n");
  const test::Outcome long_name = rules({"import", directory.file("in"), "--output", directory.file("new/er")});
  CHECK(long_name.code == 1);
  CHECK_THAT(long_name.error, Catch::Contains("cannot be written: File name too long"));
  CHECK_FALSE(std::filesystem::exists(directory.file("new")));
}

TEST_CASE("a folder or file of auditd's that cannot be read is told, not taken for a missing one") {
  for (const char* name : {"rules.d", "plugins.d", "audit.rules", "audisp-remote.conf"}) {
    const test::TempDir directory;
    std::filesystem::create_directory(directory.file("audit"));
    directory.write("audit/auditd.conf", "log_format = RAW\n");
    // A link to itself: root cannot read it either.
    std::filesystem::create_symlink(name, directory.file("audit/") + name);
    const test::Outcome outcome = rules({"import", directory.file("audit"), "--output", directory.file("out")});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.error, Catch::Contains(std::string("audit/") + name + ": cannot be read: "));
    CHECK_FALSE(std::filesystem::exists(directory.file("out")));
  }
}

TEST_CASE("a whole /etc/audit becomes nauditd.yaml and the rules beside it") {
  const test::TempDir directory;
  std::filesystem::create_directories(directory.file("audit/rules.d"));
  std::filesystem::create_directories(directory.file("audit/plugins.d"));
  std::filesystem::create_directories(directory.file("audisp/plugins.d"));
  directory.write("audit/auditd.conf",
                  "log_file = /var/log/audit/audit.log\ndisk_error_action = HALT\nlog_format = RAW\n");
  directory.write("audit/audit.rules", "-w /elsewhere\n");
  directory.write("audit/rules.d/10-base.rules", "-D\n-b 8192\n-f 1\n");
  directory.write("audit/rules.d/20-a.rules", "-w /a -k a\n-b 4096\n--backlog_wait_time 0");
  directory.write("audit/rules.d/99-end.rules", "-e 2\n");
  directory.write("audit/plugins.d/syslog.conf", "active = no\npath = /sbin/audisp-syslog\n");
  directory.write("audisp/plugins.d/au-remote.conf", "active = yes\npath = /sbin/audisp-remote\n");
  directory.write("audisp/audisp-remote.conf", "remote_server = log.example\nport = 600\nformat = ascii\n");
  const test::Outcome outcome = rules({"import", directory.file("audit"), "-o", directory.file("naudit")});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.error, Catch::Contains("audit.rules: is not what rules.d gives; rules.d was taken"));
  CHECK_THAT(outcome.error, Catch::Contains("auditd.conf:2:1: disk_error_action = HALT: "));
  CHECK_THAT(outcome.error, Catch::Contains("1 rule in 1 entry of YAML, 4 files in " + directory.file("naudit")));

  const std::string yaml = test::read_all(directory.file("naudit/nauditd.yaml"));
  for (const char* part :
       {"  backlog_limit: 4096 ", "  backlog_wait_time: 0", "  failure: printk ", "  files: [rules.d] ",
        "    path: /var/log/audit/audit.log\n", "    address: log.example:600 "}) {
    CHECK_THAT(yaml, Catch::Contains(part));
  }
  CHECK_THAT(test::read_all(directory.file("naudit/rules.d/99-end.yaml")), Catch::Contains("enabled: locked"));
  CHECK_THAT(test::read_all(directory.file("naudit/rules.d/20-a.yaml")), Catch::Contains("watch: /a"));
  CHECK(rules({"check", directory.file("naudit/rules.d")}).code == 0);
  // With the permissions that nauditd asks for.
  CHECK(config::load(directory.file("naudit/nauditd.yaml"), output::kinds(), true).config.sinks.size() == 2);
}

TEST_CASE("a plugin's file alone is imported to stdout") {
  const test::TempDir directory;
  directory.write("audisp-remote.conf", "remote_server = log.example\nformat = ascii\n");
  const test::Outcome outcome = rules({"import", directory.file("audisp-remote.conf")});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.out, Catch::Contains("    address: log.example:60 "));
  CHECK_THAT(outcome.out, !Catch::Contains("audit.log"));
}

TEST_CASE("two files do not become one on stdout") {
  const test::TempDir directory;
  directory.write("a.rules", "-w /a\n");
  directory.write("b.rules", "-w /b\n");
  const test::Outcome outcome = rules({"import", directory.file("a.rules"), directory.file("b.rules")});
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.error, Catch::Contains("say --output DIRECTORY"));
}

TEST_CASE("YAML is not imported again") {
  const test::TempDir directory;
  directory.write("a.yaml", "rules: []\n");
  CHECK_THAT(rules({"import", directory.file("a.yaml")}).error, Catch::Contains("a.yaml: is YAML already"));
}

TEST_CASE("auditd.conf alone is imported to stdout") {
  const test::TempDir directory;
  directory.write("auditd.conf", "name_format = hostname\nlog_file = /x/audit.log\n");
  const test::Outcome outcome = rules({"import", directory.file("auditd.conf")});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.out, Catch::Contains("node: hostname "));
}

void make(const test::TempDir& directory, std::initializer_list<const char*> folders) {
  for (const char* const folder : folders) std::filesystem::create_directories(directory.file(folder));
}

TEST_CASE("an /etc/audit without rule files gives a configuration that can be checked") {
  const test::TempDir directory;
  make(directory, {"audit"});
  directory.write("audit/auditd.conf", "log_file = /var/log/audit/audit.log\n");
  CHECK(rules({"import", directory.file("audit"), "-o", directory.file("naudit")}).code == 0);
  CHECK(std::filesystem::is_directory(directory.file("naudit/rules.d")));
  CHECK(rules({"check", directory.file("naudit/rules.d")}).code == 0);
}

TEST_CASE("an import tells which rules are there already, and what the rules take from each other") {
  const test::TempDir directory;
  make(directory, {"audit/rules.d", "naudit/rules.d"});
  directory.write("audit/rules.d/50.rules",
                  "-a always,exit -F arch=b64 -C euid!=uid -F auid!=unset -S execve -k emulation\n"
                  "-a always,exclude -F msgtype=EOE\n");
  directory.write("naudit/rules.d/10-mine.yaml",
                  "rules:\n  - key: setuid\n    syscalls: [execve]\n    arch: b64\n"
                  "    where: [auid >= 1000, auid != unset, uid != 0, euid = 0]\n");
  const test::Outcome outcome = rules({"import", directory.file("audit"), "-o", directory.file("naudit")});
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.error,
             Catch::Contains("naudit/rules.d/10-mine.yaml: was there already and stays; its rules are loaded, too"));
  CHECK_THAT(outcome.error, Catch::Contains("an event that fits both has the key setuid and not emulation"));
  CHECK_THAT(outcome.error, Catch::Contains("without EOE the kernel does not say where an event ends") ||
                                Catch::Contains("Without EOE the kernel does not say where an event ends"));
}

TEST_CASE("import and export are each other's reverse") {
  const test::TempDir directory;
  make(directory, {"audit/rules.d"});
  const std::string start = "## first\n-D\n-b 8192\n-f 2\n--backlog_wait_time 60000\n\n";
  const std::string own =
      "# who\n-w /etc/passwd -p wa -k id\n-a always,exit -F arch=b64 -S mount -F auid>=1000 -k mount\n";
  const std::string conf =
      "local_events = yes\nlog_file = /var/log/audit/audit.log\nlog_format = RAW\nflush = INCREMENTAL_ASYNC\n"
      "freq = 50\nmax_log_file = 8\nnum_logs = 5\nmax_log_file_action = ROTATE\nspace_left = 75\n";
  directory.write("audit/auditd.conf", conf);
  directory.write("audit/rules.d/00-start.rules", start);
  directory.write("audit/rules.d/50-own.rules", own);
  directory.write("audit/rules.d/99-end.rules", "-e 2\n");
  REQUIRE(rules({"import", directory.file("audit"), "-o", directory.file("naudit")}).code == 0);
  const test::Outcome back = rules({"export", directory.file("naudit"), "-o", directory.file("back")});
  INFO(back.error);
  REQUIRE(back.code == 0);
  CHECK(test::read_all(directory.file("back/auditd.conf")) == conf);
  // What augenrules makes of both is the same except for comments.
  const auto merged = [&directory](const std::string& folder) {
    rules({"generate", "--source", directory.file(folder + "/rules.d"), "--target",
           directory.file(folder + "/audit.rules")});
    const std::string text = test::read_all(directory.file(folder + "/audit.rules"));
    return text.substr(text.find('\n'));
  };
  CHECK(merged("back") == merged("audit"));
  CHECK(std::filesystem::exists(directory.file("back/rules.d/00-nauditd.rules")) == false);
  // One file alone, too.
  directory.write("one.rules", start + own);
  const test::Outcome one = rules({"import", directory.file("one.rules"), "-o", directory.file("yaml")});
  REQUIRE(one.code == 0);
  const test::Outcome lines = rules({"export", directory.file("yaml/one.yaml")});
  for (const char* line :
       {"-D\n", "-b 8192\n", "--backlog_wait_time 60000\n", "-f 2\n", "-w /etc/passwd -p wa -k id\n"})
    CHECK_THAT(lines.out, Catch::Contains(line));
}

TEST_CASE("what was changed in nauditd.yaml meanwhile is exported") {
  const test::TempDir directory;
  make(directory, {"audit/rules.d"});
  directory.write("audit/auditd.conf", "log_file = /var/log/audit/audit.log\nlog_format = RAW\nname_format = none\n");
  directory.write("audit/rules.d/a.rules", "-D\n-b 8192\n-w /a -p wa -k a\n");
  REQUIRE(rules({"import", directory.file("audit"), "-o", directory.file("naudit")}).code == 0);
  std::string yaml = test::read_all(directory.file("naudit/nauditd.yaml"));
  const auto replace = [&yaml](const std::string& from, const std::string& to) {
    const std::size_t at = yaml.find(from);
    REQUIRE(at != std::string::npos);
    yaml.replace(at, from.size(), to);
  };
  replace(
      "/var/log/audit/audit.log",
      "/srv/audit.log\n    group: adm\n    keep_free: 200MiB\n    when_low: pause\n    when_full: drop-oldest-files");
  replace("node: none", "node: fqdn");
  replace("backlog_limit: 8192", "backlog_limit: 16384\n  rate_limit: 500");
  directory.write("naudit/nauditd.yaml", yaml);
  const test::Outcome back = rules({"export", directory.file("naudit"), "-o", directory.file("back")});
  REQUIRE(back.code == 0);
  CHECK_THAT(test::read_all(directory.file("back/auditd.conf")),
             Catch::StartsWith("log_file = /srv/audit.log\nlog_format = RAW\nname_format = fqd\n") &&
                 Catch::Contains("log_group = adm\n") && Catch::Contains("\nspace_left = 200\n") &&
                 Catch::Contains("\nspace_left_action = suspend\n") &&
                 Catch::Contains("\nadmin_space_left_action = ignore\n") &&
                 Catch::Contains("disk_full_action = rotate\n"));
  CHECK_THAT(test::read_all(directory.file("back/rules.d/a.rules")),
             Catch::Contains("-D\n") && Catch::Contains("-b 16384\n"));
  CHECK_THAT(test::read_all(directory.file("back/rules.d/00-nauditd.rules")), Catch::EndsWith("\n-r 500\n"));
}

}  // namespace
}  // namespace naudit::ctl
