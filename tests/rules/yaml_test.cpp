// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/listing.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

struct Loaded {
  RuleSet set;
  std::vector<base::Problem> problems;
  std::vector<std::string> lines;
};

Loaded load(const std::string& text, ReadOptions options = {}) {
  Loaded loaded;
  read_yaml_text(text, "r.yaml", test::machine(), options, loaded.set, loaded.problems);
  for (const WantedRule& wanted : loaded.set.rules())
    loaded.lines.push_back(rule_line(wanted.rule, tables::kArchX86_64));
  return loaded;
}

using Lines = std::vector<std::string>;

TEST_CASE("one rule with two arches makes two kernel rules, and a tag comes along as a key") {
  const Loaded loaded = load(R"(
rules:
  - key: exec
    description: every program that a logged-in person starts
    tags: [T1059]
    syscalls: [execve, execveat]
    arch: [b64, b32]
    where: [auid >= 1000, auid != unset]
)");
  CHECK(loaded.problems.empty());
  CHECK(loaded.lines ==
        Lines{"-a always,exit -F arch=b64 -S execve,execveat -F auid>=1000 -F auid!=unset -F key=exec -F key=T1059",
              "-a always,exit -F arch=b32 -S execve,execveat -F auid>=1000 -F auid!=unset -F key=exec "
              "-F key=T1059"});
  const auto rules = loaded.set.rules();
  CHECK(rules.at(0).place.text() == "r.yaml:3:5");
  CHECK(rules.at(0).description == "every program that a logged-in person starts");
  CHECK(rules.at(0).tags == Lines{"T1059"});
}

TEST_CASE("a watch is the kernel rule of auditctl -w") {
  const Loaded loaded = load("rules: [{key: id, watch: [/etc/passwd, /etc/], permissions: [write, attributes]}]");
  CHECK(loaded.problems.empty());
  CHECK(loaded.lines == Lines{"-w /etc/passwd -p wa -k id", "-w /etc -p wa -k id"});
  const auto rules = loaded.set.rules();
  CHECK(rules.at(0).rule == test::rule("-w /etc/passwd -p wa -k id").rule);
}

TEST_CASE("every kind of target multiplies the rule") {
  CHECK(load("rules: [{syscalls: connect, arch: b64, exe: [/a, /b], where: success = 0}]").lines ==
        Lines{"-a always,exit -F arch=b64 -S connect -F exe=/a -F success=0",
              "-a always,exit -F arch=b64 -S connect -F exe=/b -F success=0"});
  CHECK(load("rules: [{types: [CWD, EOE]}]").lines ==
        Lines{"-a always,exclude -F msgtype=CWD", "-a always,exclude -F msgtype=EOE"});
  CHECK(load("rules: [{filesystem: [tracefs], action: never}]").lines ==
        Lines{"-a never,filesystem -F fstype=tracefs"});
  CHECK(load("rules: [{io_uring: [openat], key: ring}]").lines == Lines{"-a always,io_uring -S openat -F key=ring"});
  CHECK(load("rules: [{list: task, action: never}]").lines == Lines{"-a never,task"});
}

TEST_CASE("conditions take names, numbers, and fields to compare with") {
  CHECK(load("rules: [{arch: b64, syscalls: open, where: ['uid != obj_uid', 'exit = -EACCES', 'gid=adm', "
             "'auid=jo', 'a1 &= 0x3'], key: k}]")
            .lines == Lines{"-a always,exit -F arch=b64 -S open -C uid!=obj_uid -F exit=-EACCES -F gid=4 -F auid=1000 "
                            "-F a1&=0x3 -F key=k"});
}

TEST_CASE("a key may stand on any rule") {
  CHECK(load("rules: [{where: auid = 1000, key: jo}]").lines == Lines{"-a always,exit -S all -F auid=1000 -F key=jo"});
}

TEST_CASE("system calls are for every ABI unless an arch is named; a name that one ABI lacks is left out there") {
  CHECK(load("rules: [{syscalls: [stime, settimeofday], key: t}]").lines ==
        Lines{"-a always,exit -F arch=b64 -S settimeofday -F key=t",
              "-a always,exit -F arch=b32 -S stime,settimeofday -F key=t"});
  const Loaded named = load("rules: [{syscalls: [stime, settimeofday], arch: [b64, b32]}]");
  REQUIRE(named.set.notes().size() == 1);
  CHECK(named.set.notes()[0].message == "'stime' does not exist on b64; the rule for that arch is loaded without it");
  const Loaded only32 = load("rules: [{syscalls: stime}]");
  CHECK(only32.lines == Lines{"-a always,exit -F arch=b32 -S stime"});
}

TEST_CASE("permissions with a path and an arch hook only the calls that they stand for") {
  const Loaded loaded = load("rules: [{path: /etc/passwd, arch: b64, permissions: execute}]");
  CHECK(loaded.lines == Lines{"-a always,exit -F arch=b64 -S execve,execveat -F path=/etc/passwd -F perm=x"});
}

struct Mistake {
  const char* text;
  const char* problem;
};

TEST_CASE("each mistake is told with its place") {
  const Mistake mistakes[] = {
      {"rules:\n  - syscals: [open]", "r.yaml:2:5: "},
      {"rules:\n  - syscalls: [open, opne]",
       "r.yaml:2:22: there is no system call 'opne' on x86_64 or i386; did you mean 'open'?"},
      {"rules:\n  - where: [auidd >= 3]", "r.yaml:2:13: there is no field 'auidd'; did you mean 'auid'?"},
      {"rules:\n  - where: [auid]", "r.yaml:2:13: expected a condition like 'auid >= 1000', not 'auid'"},
      {"rules:\n  - where: [uid = nobody-here]", "r.yaml:2:13: Unknown user: nobody-here"},
      {"rules:\n  - watch: /etc\n    permissions: [wrote]",
       "r.yaml:3:19: expected read, write, execute or attributes, not 'wrote'"},
      {"rules:\n  - watch: /etc\n    syscalls: [open]", "r.yaml:2:5: a rule has either watch or syscalls"},
      {"rules:\n  - list: entry", "r.yaml:2:11: expected one of exit, task"},
      {"rules:\n  - action: possible", "r.yaml:2:13: expected always or never"},
      {"rules:\n  - syscalls: open\n    arch: b65", "r.yaml:3:11: 'b65' is no arch"},
      {"rules:\n  - path: relative", "r.yaml:2:11: the path 'relative' must start with /"},
      {"rules:\n  - where: uid & 3", "r.yaml:2:12: uid does not take & or &="},
      {"rules:\n  - where: uid = unset", "r.yaml:2:12: uid can never be unset; only auid can"},
      {"rules:\n  - list: filesystem\n    action: never\n    where: uid = 0",
       "r.yaml:4:12: the filesystem list takes only fstype and key"},
      {"rules:\n  - filesystem: tracefs", "r.yaml:2:5: a filesystem rule needs its action"},
      {"rules: 7", "r.yaml:1:8: expected a list of rules"},
      {"kernel: {failure: panic}", "r.yaml:1:19: expected one of silent, printk"},
      {"include: other.yaml", "r.yaml:1:10: include works in files only"},
      {"rulez: []", "r.yaml:1:1: unknown key 'rulez' in a rule file; did you mean 'rules'?"},
      {"rules:\n  - syscall: open", "r.yaml:2:5: unknown key 'syscall' in a rule; did you mean 'syscalls'?"},
      {"rules:\n  - perm: w", "r.yaml:2:11: 'perm' is written permissions here: read, write, execute, attributes"},
      {"rules:\n  - syscalls: 'open, close'",
       "r.yaml:2:15: there is no system call 'open, close' on x86_64 or i386; several are a list: [open, close]"},
      {"rules:\n  - syscalls: chmdo\n    arch: aarch64",
       "r.yaml:2:15: there is no system call 'chmdo' on aarch64; did you mean 'fchmod'?"},
      {"rules:\n  - watch: /etc\n    permissions: wa",
       "r.yaml:3:18: expected read, write, execute or attributes, not 'wa'; write it out: [write, attributes]"},
      {"rules:\n  - watch: /etc\n    permissions: [atributes]",
       "r.yaml:3:19: expected read, write, execute or attributes, not 'atributes'; did you mean 'attributes'?"},
      {"rules:\n  - watch: /etc\n    permissions: 'read, write'",
       "r.yaml:3:18: expected read, write, execute or attributes, not 'read, write'; several are a list: [read, "
       "write]"},
      {"rules:\n  - syscalls: open\n    auid: 1000",
       "r.yaml:3:11: 'auid' is a condition; write it as where: ['auid = 1000']"},
      {"rules:\n  - io_uring: opennat",
       "r.yaml:2:15: there is no io_uring operation 'opennat'; did you mean 'openat'?"},
      {"rules:\n  - syscalls: {open: close}", "r.yaml:2:15: expected a list, like [one, two], not a map"},
      {"rules:\n  - where: [auid: 1000]", "r.yaml:2:13: expected one word in this list, not a map"},
      {"rules:\n  - description: [a]\n    watch: /a", "r.yaml:2:18: expected text, not a list"},
      {"rules:\n  syscalls: [open]", "r.yaml:2:3: expected a list of rules, each beginning with '- '"},
      {"rules:\n  - watch", "r.yaml:2:5: expected a rule as a map"},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.text);
    const Loaded loaded = load(mistake.text);
    REQUIRE(loaded.problems.size() == 1);
    CHECK_THAT(loaded.problems[0].text(), Catch::StartsWith(mistake.problem));
    CHECK(loaded.lines.empty());
  }
}

TEST_CASE("every mistake of a file is told, and when lenient the good rules are taken") {
  const std::string text = "rules:\n  - where: [foo = 1]\n  - watch: /etc/passwd\n  - where: [bar = 1]\n";
  CHECK(load(text).problems.size() == 2);
  ReadOptions lenient;
  lenient.lenient = true;
  const Loaded loaded = load(text, lenient);
  CHECK(loaded.problems.empty());
  CHECK(loaded.set.notes().size() == 2);
  CHECK(loaded.lines == Lines{"-w /etc/passwd -p rwxa"});
}

TEST_CASE("the same kernel rule twice is loaded once, with a note") {
  const Loaded loaded = load("rules:\n  - watch: /etc/passwd\n  - watch: /etc/passwd\n");
  CHECK(loaded.lines.size() == 1);
  REQUIRE(loaded.set.notes().size() == 1);
  CHECK(loaded.set.notes()[0].text() == "r.yaml:3:5: the same rule stands at r.yaml:2:5; it is loaded once");
}

TEST_CASE("keys and tags have 256 bytes together, and the first that does not fit is told") {
  const std::string long_key(200, 'k');
  CHECK(load("rules: [{watch: /a, key: " + long_key + ", tags: [" + std::string(55, 't') + "]}]").lines.size() == 1);
  const Loaded loaded =
      load("rules:\n  - watch: /a\n    key: " + long_key + "\n    tags: [T1, " + std::string(53, 't') + "]\n");
  REQUIRE(loaded.problems.size() == 1);
  CHECK_THAT(loaded.problems[0].text(),
             Catch::StartsWith("r.yaml:4:16: the keys and tags of a rule have 257 bytes up to here"));
}

TEST_CASE("a description may have several lines") {
  const Loaded loaded = load("rules:\n  - watch: /a\n    description: |\n      one\n      two\n");
  CHECK(loaded.problems.empty());
  const auto rules = loaded.set.rules();
  CHECK(rules.at(0).description == "one\ntwo");
}

TEST_CASE("a tab in the indentation is called by its name") {
  for (const char* text : {"rules:\n\t- key: x\n", "rules:\n  - key: x\n\tsyscalls: open\n"})
    CHECK_THROWS_WITH(load(text), Catch::Contains("has a tab in its indentation; YAML takes spaces only"));
}

TEST_CASE("kernel settings are collected") {
  const Loaded loaded =
      load("kernel: {enabled: locked, failure: silent, backlog_limit: 8192, rate_limit: 0, loginuid_immutable: true}");
  CHECK(loaded.problems.empty());
  CHECK(loaded.set.settings.enabled == 2U);
  CHECK(loaded.set.settings.failure == 0U);
  CHECK(loaded.set.settings.backlog_limit == 8192U);
  CHECK(loaded.set.loginuid_immutable);
}

TEST_CASE("the old word for kernel: works, and a note tells the new one") {
  const Loaded loaded = load("control: {failure: silent}");
  CHECK(loaded.problems.empty());
  CHECK(loaded.set.settings.failure == 0U);
  REQUIRE(loaded.set.notes().size() == 1);
  CHECK_THAT(loaded.set.notes()[0].text(), Catch::Contains("r.yaml:1:10: 'control:' is called 'kernel:' now"));
}

TEST_CASE("an empty file wants nothing") {
  CHECK(load("").lines.empty());
  CHECK(load("rules:\n").problems.empty());
}

}  // namespace
}  // namespace naudit::rules
