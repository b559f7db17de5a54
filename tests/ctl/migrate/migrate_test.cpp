// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <filesystem>

#include "config/loader.hpp"
#include "ctl/migrate/unified_diff.hpp"
#include "output/sinks/kinds.hpp"
#include "rules/read.hpp"
#include "tests/ctl/run.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

test::Outcome migrate(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "migrate");
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

// A machine's /etc with auditd, its plugin laurel, and go-audit.
class Machine {
 public:
  Machine() {
    for (const char* folder : {"etc/audit/rules.d", "etc/audit/plugins.d", "etc/laurel"})
      fs::create_directories(folder_.file(folder));
    folder_.write("etc/audit/auditd.conf", "log_format = RAW\nspace_left = 75\nspace_left_action = email\n");
    folder_.write("etc/audit/plugins.d/laurel.conf", "active = yes\npath = /usr/sbin/laurel\n");
    folder_.write("etc/audit/rules.d/10-a.rules", "# who is who\n-w /etc/passwd -p wa -k identity\n-b 8192\n");
    folder_.write("etc/laurel/config.toml", "directory = \"/var/log/laurel\"\n[auditlog]\nfile = \"audit.log\"\n");
    folder_.write("etc/go-audit.yaml",
                  "output: {stdout: {enabled: true}}\nrules: ['-w /etc/group -p wa -k identity']\n");
  }
  [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }
  void write(const std::string& name, const std::string& text) const { folder_.write(name, text); }
  [[nodiscard]] test::Outcome migrate(std::vector<std::string> more) const {
    more.insert(more.end(), {"--to", file("naudit")});
    return ctl::migrate(more);
  }

 private:
  test::TempDir folder_;
};

TEST_CASE("a whole machine is shown, migrated and taken back") {
  const Machine machine;
  const test::Outcome shown = machine.migrate({"--from", machine.file(""), "--dry-run"});
  CHECK(shown.code == 0);
  CHECK_FALSE(fs::exists(machine.file("naudit")));
  CHECK_THAT(shown.out, Contains("--- /dev/null\n+++ " + machine.file("naudit/nauditd.yaml") + "\n@@ -0,0 +1,"));
  CHECK_THAT(shown.error, Contains("auditd.conf:3:1: space_left_action = email: it is told") &&
                              Contains("2 rules, 1 note; 3 files would change in "));

  const test::Outcome done = machine.migrate({"--from", machine.file("")});
  CHECK(done.code == 0);
  CHECK_THAT(done.out, Contains("systemctl disable --now auditd\n") && Contains("systemctl disable --now go-audit\n") &&
                           Contains("nauditctl migrate --back --to " + machine.file("naudit")));
  const config::Config config =
      config::load(machine.file("naudit/nauditd.yaml"), output::kinds(), /*check_permissions=*/false).config;
  std::vector<std::string> formats;
  for (const config::Sink& sink : config.sinks) formats.push_back(sink.format);
  CHECK(formats == std::vector<std::string>{"raw", "laurel", "go-audit"});
  CHECK(config.kernel.backlog_limit == 8192U);
  CHECK(config.rules.files == std::vector<std::string>{machine.file("naudit/rules.d")});
  CHECK(rules::read_rules(config.rules.files, rules::system_environment()).rules().size() == 2);
  CHECK_THAT(test::read_all(machine.file("naudit/rules.d/10-a.yaml")), Contains("description: who is who"));
  CHECK_THAT(machine.migrate({"--from", machine.file("")}).error, Contains("0 files changed"));

  machine.write("naudit/nauditd.yaml", "mine: 1\n");
  const test::Outcome refused = machine.migrate({"--back"});
  CHECK(refused.code == 1);
  CHECK_THAT(refused.error, Contains("nauditd.yaml: was changed since the migration; nothing was restored"));
  CHECK(machine.migrate({"--back", "--force"}).code == 0);
  CHECK(fs::is_empty(machine.file("naudit")));
}

TEST_CASE("the shipped configuration is replaced, and one that somebody wrote only when that is meant") {
  const Machine machine;
  fs::create_directories(machine.file("naudit/rules.d"));
  machine.write("naudit/rules.d/own.yaml", "rules:\n  - watch: /own\n    key: own\n");
  machine.write("naudit/nauditd.yaml", "node: hostname # the default\n");
  const std::string conf = machine.file("etc/audit/auditd.conf");
  const test::Outcome first = machine.migrate({"--from", conf});
  CHECK(first.code == 0);
  CHECK_THAT(first.error, Contains("own.yaml: was there already and stays"));
  CHECK(machine.migrate({"--back"}).code == 0);
  CHECK(test::read_all(machine.file("naudit/nauditd.yaml")) == "node: hostname # the default\n");

  machine.write("naudit/nauditd.yaml", "node: mine\n");
  const test::Outcome second = machine.migrate({"--from", conf});
  CHECK(second.code == 1);
  CHECK_THAT(second.error, Contains("is there already; nothing was written"));
  CHECK(test::read_all(machine.file("naudit/nauditd.yaml")) == "node: mine\n");
}

TEST_CASE("rules that stay auditd's are read where they are") {
  const Machine machine;
  CHECK(machine.migrate({"--from", machine.file("etc/audit"), "--keep-rules"}).code == 0);
  const config::Config config =
      config::load(machine.file("naudit/nauditd.yaml"), output::kinds(), /*check_permissions=*/false).config;
  CHECK(config.rules.files == std::vector<std::string>{machine.file("etc/audit/rules.d")});
  CHECK(rules::read_rules(config.rules.files, rules::system_environment()).rules().size() == 1);
  CHECK_FALSE(fs::exists(machine.file("naudit/rules.d")));
}

TEST_CASE("what there is nothing to migrate from, or to take back, is told") {
  const Machine machine;
  CHECK_THAT(machine.migrate({"--from", machine.file("nothing")}).error, Contains("nothing: is not there"));
  CHECK_THAT(machine.migrate({"--from", machine.file("etc/audit/rules.d/10-a.rules")}).error,
             Contains("is of no program that is known") && Contains("nauditctl rules import"));
  CHECK_THAT(machine.migrate({"--back"}).error, Contains("nothing was migrated into"));
  CHECK(machine.migrate({"--back", "--dry-run"}).code == 2);
  machine.write("etc/laurel/config.toml", "a = \n");
  const test::Outcome broken = machine.migrate({"--from", machine.file("etc/laurel/config.toml")});
  CHECK(broken.code == 1);
  CHECK_THAT(broken.error, Contains("config.toml:1:") && Contains("is not TOML"));
  CHECK_FALSE(fs::exists(machine.file("naudit")));
}

TEST_CASE("a diff is what patch takes") {
  CHECK(unified_diff("f", "a\n", "a\n").empty());
  CHECK(unified_diff("f", std::nullopt, "a\nb\n") == "--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n");
  CHECK(unified_diff("f", "a\n", std::nullopt) == "--- f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n");
  const std::string before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\nend";
  std::string after = before;
  after.replace(after.find("2\n"), 2, "two\nand more\n").replace(after.find("14\n"), 3, "").append("ing\n");
  const test::TempDir folder;
  folder.write("f", before);
  folder.write("p", unified_diff("f", before, after));
  const test::Outcome patched = test::run("/usr/bin/patch", {"--posix", "-d", folder.path(), "-p0", "-i", "p"});
  INFO(patched.out + patched.error + test::read_all(folder.file("p")));
  CHECK(patched.code == 0);
  CHECK(test::read_all(folder.file("f")) == after);
}

}  // namespace
}  // namespace naudit::ctl
