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

TEST_CASE("a watch is auditctl's fast rule for each ABI, with the calls of i386 that auditctl leaves out") {
  const Loaded loaded = load("rules: [{key: id, watch: [/etc/passwd, /etc/], permissions: [write, attributes]}]");
  CHECK(loaded.problems.empty());
  const auto rules = loaded.set.rules();
  REQUIRE(rules.size() == 4);
  CHECK(rules[0].rule == test::rule("-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id").rule);
  CHECK(rules[1].rule == test::rule("-a always,exit -F arch=b64 -F dir=/etc -F perm=wa -k id").rule);
  const std::string b32 = "-a always,exit -F arch=b32 -S chown32,fchown32,lchown32,truncate64,ftruncate64 ";
  CHECK(rules[2].rule == test::rule(b32 + "-F path=/etc/passwd -F perm=wa -k id").rule);
  CHECK(rules[3].rule == test::rule(b32 + "-F dir=/etc -F perm=wa -k id").rule);
  CHECK_FALSE(rules[0].every_call_is_meant);
  // path and dir, too; without permissions there is nothing that could be left out.
  const auto path = load("rules: [{path: /x, permissions: [read]}]").set.rules();
  REQUIRE(path.size() == 2);
  CHECK(path[0].rule == test::rule("-a always,exit -F arch=b64 -F path=/x -F perm=r").rule);
  CHECK(path[1].rule == test::rule("-a always,exit -F arch=b32 -F path=/x -F perm=r").rule);
  CHECK(load("rules: [{path: /x}]").lines == Lines{"-a always,exit -S all -F path=/x"});
}

TEST_CASE("a watch for any arch is the kernel rule of auditctl -w") {
  const Loaded loaded =
      load("rules: [{key: id, watch: [/etc/passwd, /etc/], permissions: [write, attributes], arch: any}]");
  CHECK(loaded.problems.empty());
  CHECK(loaded.lines == Lines{"-w /etc/passwd -p wa -k id", "-w /etc -p wa -k id"});
  const auto rules = loaded.set.rules();
  CHECK(rules.at(0).rule == test::rule("-w /etc/passwd -p wa -k id").rule);
  CHECK(rules.at(0).every_call_is_meant);
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
      {"rules:\n  - where: [uid = nobody-here]", "r.yaml:2:19: there is no user 'nobody-here' on this machine"},
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
      // What stands behind a value is not cut off.
      {"rules:\n  - where: [auid >= 500 auid != unset]",
       "r.yaml:2:25: 'auid != unset' is left over behind 500; several conditions are a list"},
      {"rules:\n  - where: [gid=0 and egid=0]", "r.yaml:2:19: 'and egid=0' is left over behind 0"},
      {"rules:\n  - where: ['uid = 0 # root']", "r.yaml:2:22: '# root' is left over behind 0; inside quotes a '#'"},
      {"rules:\n  - where: [uid = root or euid = 0]",
       "r.yaml:2:24: 'or euid = 0' is left over behind root; all conditions of a rule have to hold; write a rule for"},
      {"rules:\n  - where: [pid = 1e3]", "r.yaml:2:20: '1e3' is no number: 'e3' is left over behind 1"},
      {"rules:\n  - where: [pid = 10 00]", "r.yaml:2:22: '00' is left over behind 10"},
      {"rules:\n  - where: [a1 & 0x]", "r.yaml:2:19: '0x' is no number: 'x' is left over behind 0"},
      {"rules:\n  - where: [exit = -13x]", "r.yaml:2:23: '-13x' is no number: 'x' is left over behind -13"},
      {"rules:\n  - where: [auid = 4294967296]", "r.yaml:2:20: '4294967296' does not fit into the kernel's 32 bits"},
      {"rules:\n  - where: [inode = 7,5]", "r.yaml:2:23: expected a condition"},
      {"rules:\n  - where: 'inode = 7,5'", "r.yaml:2:22: '7,5' is no number: ',5' is left over behind 7"},
      {"rules:\n  - syscalls: [59x]\n    arch: b64", "r.yaml:2:16: '59x' is neither a number nor a name"},
      {"rules:\n  - syscalls: [2048]\n    arch: b64", "r.yaml:2:16: '2048' is beyond the numbers of calls"},
      {"rules:\n  - io_uring: 9th", "r.yaml:2:15: '9th' is neither a number nor a name"},
      {"rules:\n  - types: 1300s", "r.yaml:2:12: '1300s' is no number: 's' is left over behind 1300"},
      {"rules:\n  - filesystem: 0x64g\n    action: never", "r.yaml:2:17: '0x64g' is no number: 'g' is left over"},
      {"rules:\n  - where: [sessionid = x]", "r.yaml:2:25: sessionid is a number or unset, not 'x'"},
      {"rules:\n  - where: [saddr_fam = inet6]", "r.yaml:2:25: saddr_fam is a number: write 10 for 'inet6'"},
      {"kernel: {backlog_limit: 8192k}", "r.yaml:1:25: expected a whole number"},
      {"rules:\n  - where: ['auid>=1000, auid!=unset']",
       "r.yaml:2:24: ', auid!=unset' is left over behind 1000; several conditions are a list"},
      // The wrong word, and the right one.
      {"rules:\n  - where: [uid == 0]", "r.yaml:2:17: '==' is no operator; write '='"},
      {"rules:\n  - where: [auid => 1000]", "r.yaml:2:18: '=>' is no operator; write '>='"},
      {"rules:\n  - where: [auid <> unset]", "r.yaml:2:18: '<>' is no operator; write '!='"},
      {"rules:\n  - where: [auid is unset]", "r.yaml:2:18: 'is' is no operator; write '='"},
      {"rules:\n  - where: [success = no]", "r.yaml:2:23: success is a number: write 0 for 'no'"},
      {"rules:\n  - where: [success = 2]", "r.yaml:2:23: success is 1 or 0, not '2'"},
      {"rules:\n  - where: [exit = -EACCESS]",
       "r.yaml:2:20: '-EACCESS' is no number and no errno; did you mean '-EACCES'?"},
      {"rules:\n  - types: AVX", "r.yaml:2:12: 'AVX' is no record type that is known here; did you mean 'AVC'?"},
      {"rules:\n  - where: [filetype = fil]",
       "r.yaml:2:24: 'fil' is no type of file; known are file, dir, link, socket, fifo, block or character; did you "
       "mean "
       "'file'?"},
      {"rules:\n  - where: [uid = ppid]", "r.yaml:2:19: uid and ppid cannot be compared; the kernel compares uid with"},
      {"rules:\n  - where: [gid = wheels]", "r.yaml:2:19: there is no group 'wheels' on this machine"},
      {"rules:\n  - exe: date", "r.yaml:2:10: the exe 'date' must start with /: the kernel compares the whole path"},
      {"rules:\n  - exe: ~/bin/x", "r.yaml:2:10: the exe '~/bin/x' must start with /: '~' is no home directory here"},
      {"rules:\n  - dir: $HOME/.ssh", "r.yaml:2:10: the dir '$HOME/.ssh' must start with /: there are no variables"},
      {"rules:\n  - exe: /usr/bin/", "r.yaml:2:10: the exe '/usr/bin/' ends with /, and a program is no directory"},
      {"rules:\n  - path: /etc/..", "r.yaml:2:11: the path '/etc/..' must end with a name"},
      {"rules:\n  - {path: /etc/x, where: [inode = 7]}", "r.yaml:2:5: the kernel takes one of path, dir and inode"},
      {"rules:\n  - where: [auid > unset]", "r.yaml:2:13: auid is compared with unset by = or != only"},
      {"rules:\n  - syscalls: umount\n    arch: b64",
       "r.yaml:2:15: there is no system call 'umount' on x86_64: it exists on i386 only; leave it out of this rule, "
       "and "
       "name it in one for b32"},
      // auditctl's syntax in a file of YAML.
      {"-w /etc/passwd -p wa -k id\n-a always,exit -S open", "r.yaml:1:1: this is auditctl's syntax; give the file a"},
      {"rules:\n  - -w /etc/passwd -p wa",
       "r.yaml:2:5: a line of auditctl is a rule by the key auditctl: \"auditctl: '-w"},
      {"rules:\n  - auditctl: -w etc/passwd", "r.yaml:2:15: the path 'etc/passwd' must start with /"},
      {"rules:\n  - auditctl: -a always,exit -F path=/etc/ssl/", "r.yaml:2:15: the path '/etc/ssl/' ends with /"},
  };
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.text);
    const Loaded loaded = load(mistake.text);
    REQUIRE(loaded.problems.size() == 1);
    CHECK_THAT(loaded.problems[0].text(), Catch::StartsWith(mistake.problem));
    CHECK(loaded.lines.empty());
  }
}

TEST_CASE("every wrong condition of a rule is told, once for all arches") {
  const Loaded loaded =
      load("rules:\n  - syscalls: [open]\n    where: [uid == 0, auidd = 1, gid = 0, exit = -ENOEN]\n");
  REQUIRE(loaded.problems.size() == 3);
  CHECK(loaded.problems[0].place.column == 17);
  CHECK(loaded.problems[1].text() == "r.yaml:3:23: there is no field 'auidd'; did you mean 'auid'?");
  CHECK(loaded.problems[2].text() == "r.yaml:3:50: '-ENOEN' is no number and no errno; did you mean '-ENOENT'?");
}

TEST_CASE("an errno without its minus is taken, and a note tells that it fits no failure") {
  const Loaded loaded =
      load("rules: [{syscalls: [open], where: [exit = EPERM]}, {syscalls: [openat], where: [exit = 13]}]");
  CHECK(loaded.lines.size() == 4);
  REQUIRE(loaded.set.notes().size() == 1);
  CHECK_THAT(loaded.set.notes()[0].message, Catch::StartsWith("exit=EPERM never fits a call that fails"));
}

TEST_CASE("every mistake of a file is told, and when lenient the good rules are taken") {
  const std::string text = "rules:\n  - where: [foo = 1]\n  - {watch: /etc/passwd, arch: any}\n  - where: [bar = 1]\n";
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
  CHECK(loaded.lines.size() == 2);
  REQUIRE(loaded.set.notes().size() == 1);
  CHECK(loaded.set.notes()[0].text() == "r.yaml:3:5: the same rule stands at r.yaml:2:5; it is loaded once");
}

TEST_CASE("many rules that stand twice are one note") {
  const Loaded loaded =
      load("rules:\n  - watch: /a\n  - watch: /b\n  - watch: /c\n  - watch: [/a, /b]\n  - watch: /c\n");
  CHECK(loaded.lines.size() == 6);
  REQUIRE(loaded.set.notes().size() == 1);
  CHECK(loaded.set.notes()[0].text() ==
        "r.yaml:5:5: 5 rules stand here again and are loaded once: lines 5 and 6; first in lines 2 to 4");
}

TEST_CASE("keys and tags have 256 bytes together, and the first that does not fit is told") {
  const std::string long_key(200, 'k');
  CHECK(load("rules: [{watch: /a, key: " + long_key + ", tags: [" + std::string(55, 't') + "]}]").lines.size() == 2);
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
