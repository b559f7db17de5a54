// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "migrate/rules/export.hpp"
#include "migrate/rules/import.hpp"
#include "rules/auditctl/listing.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"

namespace naudit::migrate {
namespace {

namespace fs = std::filesystem;

Imported import(const std::string& text, ImportOptions options = {}) {
  return import_rules(text, "a.rules", rules::test::machine(), options);
}

// What stands below `rules:`.
std::string entries(const std::string& text) {
  const Imported done = import(text);
  CHECK(done.errors.empty());
  const std::size_t start = done.yaml.find("rules:\n");
  return start == std::string::npos ? "" : done.yaml.substr(start + 7);
}

std::vector<rules::WantedRule> load_auditctl(const std::string& text, std::vector<base::Problem>& problems) {
  rules::RuleSet set;
  rules::read_auditctl_rules(text, "a.rules", any_accounts(rules::test::machine()), true, set, problems);
  return set.rules();
}

std::vector<rules::WantedRule> load_yaml(const std::string& text) {
  rules::RuleSet set;
  std::vector<base::Problem> problems;
  rules::read_yaml_text(text, "a.yaml", any_accounts(rules::test::machine()), {}, set, problems);
  for (const base::Problem& problem : problems) FAIL_CHECK(problem.text());
  return set.rules();
}

TEST_CASE("twins for b64 and b32 become one entry, and names stay names") {
  CHECK(entries("-a always,exit -F arch=b64 -S chmod,fchmod -F exit=-EACCES -F auid>=1000 -F auid!=4294967295 -k perm\n"
                "-a always,exit -F arch=b32 -S fchmod -S chmod -F exit=-EACCES -F auid>=1000 -F auid!=-1 -k perm\n"
                "-a never,exit -F arch=b64 -S adjtimex -F uid=chrony -C auid!=uid\n") ==
        R"(  - key: perm
    syscalls: [chmod, fchmod]
    arch: [b64, b32]
    where: [exit = -EACCES, auid >= 1000, auid != unset]
  - action: never
    syscalls: [adjtimex]
    arch: b64
    where: [uid = chrony, auid != uid]
)");
}

TEST_CASE("watches of one kind become one list, and a comment describes what stands below it") {
  CHECK(entries(R"(-w /before -k other
# users and groups
-w /etc/passwd -p wa -k identity
-w /etc/group -p aw -k identity

-w /etc/sudoers -p wa -k identity
-w /etc/opasswd -p wa -k identity
-w /bin -p rwxa
)") == R"(  - key: other
    watch: /before
    arch: any

  - key: identity
    description: users and groups
    watch: [/etc/passwd, /etc/group]
    permissions: [write, attributes]
    arch: any

  - key: identity
    watch: [/etc/sudoers, /etc/opasswd]
    permissions: [write, attributes]
    arch: any
  - watch: /bin
    arch: any
)");
}

TEST_CASE("a rule moves up to its twin only past rules that it may change places with") {
  // The kernel takes the first rule that matches: the key of an event would change.
  CHECK(entries("-w /a -p w -k one\n-w /b -p w -k two\n-w /c -p w -k one\n") ==
        "  - key: one\n    watch: /a\n    permissions: [write]\n    arch: any\n"
        "  - key: two\n    watch: /b\n    permissions: [write]\n    arch: any\n"
        "  - key: one\n    watch: /c\n    permissions: [write]\n    arch: any\n");
  CHECK(entries("-a always,exit -F arch=b64 -S open -k o\n-a always,exit -F arch=b64 -S mount -k m\n"
                "-a always,exit -F arch=b32 -S open -k o\n-a always,exit -F arch=b32 -S mount -k m\n") ==
        "  - key: o\n    syscalls: [open]\n    arch: [b64, b32]\n"
        "  - key: m\n    syscalls: [mount]\n    arch: [b64, b32]\n");
}

TEST_CASE("the order of fields is kept by a condition where YAML has another one") {
  CHECK(entries("-a always,exit -F path=/usr/bin/su -F perm=x -F auid>=1000 -k p\n"
                "-a always,exit -F auid>=1000 -F path=/usr/bin/su -F perm=x -k p\n"
                "-a always,exit -F arch=b64 -F dir=/etc/ -p wa -k p\n") ==
        R"(  - key: p
    path: /usr/bin/su
    permissions: [execute]
    arch: any
    where: [auid >= 1000]
  - key: p
    where: [auid >= 1000, path = /usr/bin/su, perm = x]
  - key: p
    syscalls: [all]
    arch: b64
    dir: /etc/
    permissions: [write, attributes]
)");
}

TEST_CASE("the lists have their own keys") {
  CHECK(entries("-a always,exclude -F msgtype=CWD\n-a always,exclude -F msgtype=EOE\n-a never,task\n"
                "-a never,user -F subj_type=crond_t\n-a never,filesystem -F fstype=tracefs\n"
                "-a always,io_uring -S openat -k u\n-a always,exit -S kill\n-a exit,always -S all -F exe=/bin/x\n") ==
        R"(  - types: [CWD, EOE]
  - list: task
    action: never
  - list: user
    action: never
    where: [subj_type = crond_t]
  - action: never
    filesystem: tracefs
  - key: u
    io_uring: [openat]
  - syscalls: [kill]
    arch: any
  - exe: /bin/x
)");
}

TEST_CASE("a rule for everything is an entry too") {
  CHECK(entries("-a always,exit\n") == "  - action: always\n");
}

TEST_CASE("what YAML has no form for keeps its line") {
  const Imported done = import("-a always,exit -F auid=1000 -F arch=b64 -S open\n-A never,exit -F pid=1\n");
  CHECK_THAT(done.yaml, Catch::Contains("  - auditctl: \"-a always,exit -F auid=1000 -F arch=b64 -S open\"\n"));
  CHECK_THAT(done.yaml, Catch::Contains("  - auditctl: \"-A never,exit -F pid=1\"\n"));
  CHECK(done.notes.size() == 2);
  CHECK(done.errors.empty());
}

TEST_CASE("settings become kernel:, and the last one counts") {
  CHECK(import("# head\n\n# the queue\n-b 100\n-f 1\n-b 8192\n-e 2\n--backlog_wait_time 60000\n-r 5\n"
               "--loginuid-immutable\n")
            .yaml == R"(# head

kernel:
  failure: printk
  # the queue
  # It was 100 in a line before.
  backlog_limit: 8192
  enabled: locked
  backlog_wait_time: 60000
  rate_limit: 5
  loginuid_immutable: true
)");
}

TEST_CASE("settings go to nauditd.yaml when asked, but the lock stays with the rules") {
  const Imported done = import("-b 100\n-f 0\n-e 2\n-w /a -k a\n", {true});
  CHECK(done.settings.backlog_limit == 100U);
  CHECK(done.settings.failure == 0U);
  CHECK(done.yaml == R"(kernel:
  enabled: locked

rules:
  # -b 100    (now kernel.backlog_limit in nauditd.yaml)
  # -f 0    (now kernel.failure in nauditd.yaml)

  - key: a
    watch: /a
    arch: any
)");
}

TEST_CASE("a line without an equivalent is told with its place and stays as a comment") {
  const Imported done = import("# why\n-a always,exit -S no_such_call -k x\n-f 2\n-q /a,/b\n-w /a -k a\n-w /a -k a\n");
  REQUIRE(done.errors.size() == 1);
  CHECK(done.errors[0].text() ==
        "a.rules:2:19: there is no system call 'no_such_call' on x86_64; the line stays as a comment");
  REQUIRE(done.notes.size() == 3);
  CHECK(done.notes[0].place.line == 3);
  CHECK_THAT(done.notes[1].text(), Catch::StartsWith("a.rules:4:1: -q is not part of a rule set"));
  CHECK_THAT(done.notes[2].text(), Catch::StartsWith("a.rules:6:1: the same rule stands in line 5"));
  for (const char* line :
       {"  # why\n", "# -a always,exit -S no_such_call -k x", "# -f 2", "# -q /a,/b", "# -w /a -k a"}) {
    CHECK_THAT(done.yaml, Catch::Contains(line));
  }
}

TEST_CASE("a rule that a later line takes back is a comment") {
  const Imported done = import("-w /a -k a\n-w /b -k b\n-W /a -k a\n");
  CHECK(load_yaml(done.yaml).size() == 1);
  CHECK_THAT(done.yaml, Catch::Contains("#     watch: /a\n"));
}

TEST_CASE("a watch is not taken for a rule with a path or with a directory") {
  // What is a directory is made up on import; of these some would be, and some not.
  for (char name = 'a'; name <= 'p'; ++name) {
    const std::string watch = "-w /" + std::string(1, name) + " -p wa -k k\n";
    for (const char* field : {"path", "dir"}) {
      const std::string other = "-a always,exit -F " + std::string(field) + "=/" + name + " -F perm=wa -F key=k\n";
      INFO(watch << other);
      const Imported both = import(watch + other);
      CHECK(both.rules == 2);
      CHECK(both.notes.empty());
      CHECK(import(other + watch).rules == 2);
      CHECK(import(watch + watch + other).rules == 2);

      const Imported deleted = import(other + "-W /" + name + " -p wa -k k\n");
      CHECK(deleted.rules == 1);
      REQUIRE(deleted.notes.size() == 1);
      CHECK_THAT(deleted.notes[0].text(),
                 Catch::EndsWith("there is no such rule to delete above this line; it stays as a comment"));
    }
  }
}

TEST_CASE("values keep their special characters") {
  const std::string text = "-w /a\\ b -k a,b\n-w /c#d:\\ e -k no\n-w /\"q\"\\\\ -k 10\n-w /{x} -k '-y'\n";
  std::vector<base::Problem> problems;
  CHECK(difference(load_auditctl(text, problems), load_yaml(import(text).yaml)).empty());
}

TEST_CASE("bytes that YAML cannot hold are told, not written") {
  const Imported done = import("# \x01 \xff\n-w /\xff -k x\n-w /b -k y\n");
  CHECK(done.errors.size() == 1);
  CHECK(load_yaml(done.yaml).size() == 1);
  CHECK_THAT(done.yaml, Catch::Contains("# -w /\\xff -k x"));
}

TEST_CASE("a rule that is switched off describes nothing") {
  CHECK(
      entries("# heading\n#-w /x -k x\n# about y\n# -----\n-w /y -k why\n") ==
      "  # heading\n  #-w /x -k x\n  # -----\n  - key: why\n    description: about y\n    watch: /y\n    arch: any\n");
}

TEST_CASE("what an empty comment parts from a rule does not describe it") {
  CHECK(entries("-b 1\n## a long introduction\n##\n## Users\n### who is there\n-w /y -k why\n") ==
        "  ## a long introduction\n  ##\n  - key: why\n    description: Users. who is there\n    watch: /y\n    arch: "
        "any\n");
}

TEST_CASE("a long description is folded on both sides and stays the same") {
  std::string words = "start";
  while (words.size() < 300) words += " a-word tags: -x #y";
  const std::string yaml = "rules:\n  - description: \"" + words + "\"\n    watch: /a\n";
  const Exported out = export_yaml(yaml, "a.yaml", rules::test::machine());
  const Imported back = import(out.text);
  CHECK(load_yaml(back.yaml).at(0).description == words);
  CHECK(back.yaml.find(": >-\n") != std::string::npos);
}

TEST_CASE("YAML goes to auditctl and back with its descriptions, tags and comments") {
  const std::string yaml = R"(# whose rules these are

kernel:
  backlog_limit: 8192
  enabled: locked

rules:
  # a heading
  - key: exec
    description: every program that a logged-in person starts
    tags: [T1059, T1204]
    syscalls: [execve, execveat]
    arch: [b64, b32]
    where: [auid >= 1000, auid != unset, uid = jo]

  - key: [identity, users]
    description: "-w looks like a rule"
    watch: [/etc/passwd, /etc/]
    permissions: [write, attributes]
    arch: any

  - key: identity
    watch: /etc/group
    arch: any
)";
  const Exported out = export_yaml(yaml, "a.yaml", rules::test::machine());
  CHECK(out.errors.empty());
  CHECK(out.text == R"(# whose rules these are

-b 8192

# a heading

# every program that a logged-in person starts
# tags: T1059, T1204
-a always,exit -F arch=b64 -S execve,execveat -F auid>=1000 -F auid!=unset -F uid=jo -k exec -k T1059 -k T1204
-a always,exit -F arch=b32 -S execve,execveat -F auid>=1000 -F auid!=unset -F uid=jo -k exec -k T1059 -k T1204

# description: -w looks like a rule
-w /etc/passwd -p wa -k identity -k users
-w /etc/ -p wa -k identity -k users

-w /etc/group -p rwxa -k identity

-e 2
)");
  const Imported back = import(out.text);
  CHECK_THAT(back.yaml, Catch::Contains(yaml.substr(yaml.find("  - key: exec"))));
  CHECK(difference(load_yaml(yaml), load_yaml(back.yaml)).empty());
}

TEST_CASE("a watch stays a watch in auditctl's words, unless an arch makes it choose") {
  CHECK(
      export_yaml(
          "rules:\n  - {watch: /nowhere, where: auid != unset, exe: /bin/x, permissions: [read], key: k, arch: any}\n",
          "a.yaml", rules::test::machine())
          .text == "-w /nowhere -p r -F exe=/bin/x -F auid!=unset -k k\n");
  CHECK(export_yaml("rules:\n  - {watch: [/etc/, /etc/passwd], arch: b64, key: k}\n", "a.yaml", rules::test::machine())
            .text ==
        "-a always,exit -F arch=b64 -F dir=/etc -F perm=rwxa -k k\n"
        "-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=rwxa -k k\n");
}

TEST_CASE("each line of a description is a comment") {
  const Exported out = export_yaml(
      "rules:\n  - {key: k, description: \"one\\n-D\\r\\n\\n-w /evil\\rtags: a\\n\", watch: /a, arch: any}\n", "a.yaml",
      rules::test::machine());
  CHECK(out.text == "# one\n# description: -D\n# description: -w /evil\n# description: tags: a\n-w /a -p rwxa -k k\n");
  CHECK(load_yaml(import(out.text).yaml).at(0).description == "one -D -w /evil tags: a");
}

TEST_CASE("a rule that comes again is exported once") {
  const Exported out = export_yaml(
      "rules:\n  - {key: k, watch: [/a, /b], arch: any, description: both}\n  - {key: k, watch: [/b, /c], arch: any, "
      "description: others}\n",
      "a.yaml", rules::test::machine());
  CHECK(out.text ==
        "# both\n-w /a -p rwxa -k k\n-w /b -p rwxa -k k\n\n# others\n-w /c -p rwxa -k k\n# -w /b -p rwxa -k k\n");
  CHECK(out.rules == 3);
  CHECK(out.errors.empty());
  REQUIRE(out.notes.size() == 1);
  CHECK_THAT(out.notes[0].text(), Catch::StartsWith("a.yaml:3:5: the same rule stands at a.yaml:2:5"));
  CHECK(load_yaml(import(out.text).yaml).size() == 3);
}

TEST_CASE("a rule that auditctl has no way to say is told") {
  const Exported out =
      export_yaml("rules:\n  - key: k\n    list: user\n    where:\n      - uid = 0\n  - key: l\n    where: [uid = 0]\n",
                  "a.yaml", rules::test::machine());
  REQUIRE(out.errors.size() == 1);
  CHECK(out.errors[0].place.text() == "a.yaml:2:5");
  CHECK(
      out.text ==
      "#     - key: k\n#       list: user\n#       where:\n#         - uid = 0\n-a always,exit -S all -F uid=0 -k l\n");
}

TEST_CASE("a file of auditctl is put right and else stays as it is") {
  const Exported out =
      export_auditctl("# c\r\n-w\t/a  -k x\r\n\n-b 5\n-w /b\\ c -k y", "a.rules", rules::test::machine());
  CHECK(out.text == "# c\n-w /a -k x\n\n-b 5\n-w /b\\ c -k y\n");
}

// What each kernel rule is described as, and its tags.
std::map<std::string, std::string> descriptions(const std::string& yaml) {
  std::map<std::string, std::string> all;
  for (const rules::WantedRule& wanted : load_yaml(yaml)) {
    std::string& text = all[rules::rule_line(wanted.rule, tables::kArchX86_64)] = wanted.description;
    for (const std::string& tag : wanted.tags) text += " tag " + tag;
  }
  return all;
}

// Every rule file of the collection, both ways; fixtures of ours everywhere.
std::string read_all(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("whole rule files give the same rules by way of YAML and back") {
  std::vector<fs::path> files = tests::corpus_rules();
  for (const auto& entry : fs::recursive_directory_iterator(NAUDIT_SOURCE_DIR "/tests/data/rules"))
    if (entry.path().extension() == ".rules") files.push_back(entry.path());
  std::size_t rules = 0, entries = 0, refused = 0;
  for (const fs::path& file : files) {
    INFO(file);
    const std::string text = read_all(file);
    std::vector<base::Problem> problems;
    const auto theirs = load_auditctl(text, problems);
    const Imported done = import(text);
    CHECK(difference(theirs, load_yaml(done.yaml)).empty());
    const Exported back = export_yaml(done.yaml, "a.yaml", rules::test::machine());
    CHECK(back.errors.empty());
    const auto again = load_auditctl(back.text, problems);
    CHECK(problems.empty());
    CHECK(difference(theirs, again).empty());
    // The settled form: once more through YAML and nothing changes.
    const Imported second = import(back.text);
    CHECK(difference(theirs, load_yaml(second.yaml)).empty());
    const auto wanted = descriptions(done.yaml);
    for (const auto& [rule, description] : descriptions(second.yaml)) {
      INFO(rule);
      CHECK(description == wanted.at(rule));
    }
    rules += done.rules;
    entries += done.entries;
    refused += done.errors.size();
  }
  std::cout << "rule files: " << files.size() << " with " << rules << " rules became " << entries
            << " entries of YAML and the same rules again; auditctl refuses " << refused << " lines\n";
  CHECK(rules > (tests::has_larger_corpus() ? 1500 : 600));
}

TEST_CASE("the example rules for MozDef load, and are imported whole") {
  std::ifstream file(NAUDIT_SOURCE_DIR "/contrib/mozdef/mozdef.rules");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<base::Problem> problems;
  CHECK(load_auditctl(text, problems).size() > 15);
  CHECK(problems.empty());
  CHECK(import(text).errors.empty());
}

}  // namespace
}  // namespace naudit::migrate
