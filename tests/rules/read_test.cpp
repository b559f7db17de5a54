// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/read.hpp"

#include <filesystem>
#include <fstream>

#include "rules/auditctl/listing.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

namespace naudit::rules {
namespace {

namespace fs = std::filesystem;

using naudit::tests::TempDir;

std::vector<std::string> lines(const RuleSet& set) {
  std::vector<std::string> all;
  for (const WantedRule& wanted : set.rules()) all.push_back(rule_line(wanted.rule, tables::kArchX86_64));
  return all;
}

RuleSet load(const std::vector<std::string>& paths, ReadOptions options = {false, false}) {
  return read_rules(paths, test::machine(), options);
}

std::vector<std::string> problems(const std::vector<std::string>& paths) {
  std::vector<std::string> texts;
  try {
    load(paths);
  } catch (const base::Error& error) {
    for (const base::Problem& problem : error.problems()) texts.push_back(problem.text());
  }
  return texts;
}

using Lines = std::vector<std::string>;

TEST_CASE("a directory is read in version order, both kinds of files, nothing else") {
  const TempDir directory;
  directory.write("10-b.rules", "-w /b -p r");
  directory.write("9-a.yaml", "rules: [{watch: /a, permissions: read, arch: any}]");
  directory.write("README", "-w /readme");
  directory.write(".hidden.rules", "-w /hidden");
  CHECK(lines(load({directory.path()})) == Lines{"-w /a -p r", "-w /b -p r"});
}

TEST_CASE("every mistake of every file is told with file, line and column") {
  const TempDir directory;
  directory.write("1.rules", "-w /a\n-w /b -p z\n  -a always,exit -F foo=1\n");
  directory.write("2.yaml", "rules: [{where: foo = 1}]");
  const std::string one = directory.file("1.rules");
  const std::string two = directory.file("2.yaml");
  CHECK(problems({directory.path(), directory.file("none.rules")}) ==
        Lines{one + ":2:10: -p takes up to four letters of r, w, x and a, not 'z'",
              one + ":3:21: there is no field 'foo'", two + ":1:17: there is no field 'foo'",
              directory.file("none.rules") + ": cannot be opened: No such file or directory"});
}

TEST_CASE("what is wrong is left out and told when asked, and the rest is there") {
  const TempDir directory;
  directory.write("1.rules", "-w /a -p z\n-w /b -p r\n");
  directory.write("2.yaml", "rules: [{path: /c, foo: 1, key: c}, {syscalls: [mkdir], arch: b64, key: d}]");
  directory.write("3.yaml", "rules: [");
  directory.write("4.rules", "-w /e -p r\n");
  fs::permissions(directory.file("4.rules"), fs::perms::others_write, fs::perm_options::add);
  directory.write("5.rules", "-w /f -p r\n-c\n-w /g -p z\n");
  directory.write("6.rules", "-i\n-w /h -p z\n");
  const std::vector<std::string> paths{directory.path(), directory.file("none")};
  CHECK_THROWS_AS(load(paths, {.check_permissions = true, .lenient = true}), base::Error);
  const RuleSet set = load(paths, {.check_permissions = true, .partial = true});
  CHECK(lines(set) == Lines{"-w /b -p r", "-a always,exit -F arch=b64 -S mkdir -F key=d", "-w /f -p r"});
  Lines places;
  for (const base::Problem& problem : set.left_out()) places.push_back(fs::path(problem.place.text()).filename());
  // Files as a whole come behind the rules; what stands below `-i` is only a note.
  CHECK(places == Lines{"1.rules:1:10", "2.yaml:1:20", "5.rules:3:10", "3.yaml:1:1", "4.rules", "none"});
  CHECK(set.notes().size() == 7);
}

TEST_CASE("a folder of rules that others can write is refused once, and so is each file that it holds") {
  const TempDir directory;
  directory.write("1.rules", "-w /a -p r\n");
  directory.write("2.rules", "-w /b -p r\n");
  fs::permissions(directory.path(), fs::perms::others_write, fs::perm_options::add);
  const RuleSet set = load({directory.path()}, {.check_permissions = true, .partial = true});
  CHECK(set.rules().empty());
  REQUIRE(set.left_out().size() == 1);
  CHECK(set.left_out()[0].place.text() == directory.path());
  CHECK_THAT(set.left_out()[0].message,
             Catch::Contains("can be written by everybody") && Catch::Contains("chmod go-w"));
  CHECK(lines(load({directory.path()})).size() == 2);
}

TEST_CASE("prepended rules come first, and -d takes back") {
  const TempDir directory;
  directory.write("1.rules",
                  "-D\n-a always,exit -S 1\n-a always,exit -S 2\n-A always,exit -S 3\n-A always,exit -S 4\n"
                  "-d always,exit -S 2\n-d always,exit -S 9\n");
  const RuleSet set = load({directory.path()});
  CHECK(lines(set) == Lines{"-a always,exit -S stat", "-a always,exit -S close", "-a always,exit -S write"});
  REQUIRE(set.notes().size() == 1);
  CHECK(set.notes()[0].place.line == 7);
}

TEST_CASE("settings are collected, the last one wins, and failure mode 2 is not taken") {
  const TempDir directory;
  directory.write("1.rules", "-b 64\n-f 2\n--backlog_wait_time 5\n-r 7\n-e 2\n");
  directory.write("2.rules", "-b 8192\n--loginuid-immutable\n-l\n");
  const RuleSet set = load({directory.path()});
  CHECK(set.settings.backlog_limit == 8192U);
  CHECK(set.settings.backlog_wait_time == 5U);
  CHECK(set.settings.rate_limit == 7U);
  CHECK(set.settings.enabled == 2U);
  CHECK_FALSE(set.settings.failure);
  CHECK(set.loginuid_immutable);
  CHECK(set.notes().size() == 2);
}

TEST_CASE("-i in a file makes its rest lenient") {
  const TempDir directory;
  directory.write("1.rules", "-i\n-w relative\n-w /a -p r\n");
  const RuleSet set = load({directory.path()});
  CHECK(lines(set) == Lines{"-w /a -p r"});
  CHECK(set.notes().at(0).message == "left out: the path 'relative' must start with /");
}

TEST_CASE("comments above a rule become its description") {
  const TempDir directory;
  directory.write("1.rules", "# who\n# is there\n-w /a -p r\n");
  CHECK(load({directory.path()}).rules().at(0).description == "who\nis there");
}

TEST_CASE("include reads files beside the one that names them, and a circle is told") {
  const TempDir directory;
  directory.write("main.yaml", "include: [more.rules, sub.yaml]\nrules: [{watch: /c, permissions: read, arch: any}]");
  directory.write("more.rules", "-w /a -p r");
  directory.write("sub.yaml", "rules: [{watch: /b, permissions: read, arch: any}]");
  CHECK(lines(load({directory.file("main.yaml")})) == Lines{"-w /a -p r", "-w /b -p r", "-w /c -p r"});
  directory.write("sub.yaml", "include: main.yaml");
  const auto told = problems({directory.file("main.yaml")});
  REQUIRE_FALSE(told.empty());
  CHECK_THAT(told[0], Catch::Contains("the file includes itself"));
}

TEST_CASE("include takes wildcards, in the order of directories; no match is no error, a missing file is one") {
  const TempDir directory;
  directory.write("main.yaml", "include:\n  - part-*.yaml\n  - none-*.yaml\n");
  directory.write("part-10.yaml", "rules: [{watch: /b, permissions: read, arch: any}]");
  directory.write("part-9.yaml", "rules: [{watch: /a, permissions: read, arch: any}]");
  CHECK(lines(load({directory.file("main.yaml")})) == Lines{"-w /a -p r", "-w /b -p r"});
  directory.write("main.yaml", "include:\n  - part-9.yaml\n  - none.yaml\n");
  CHECK(problems({directory.file("main.yaml")}) ==
        Lines{directory.file("main.yaml") + ":3:5: cannot include: " + directory.file("none.yaml") +
              ": cannot be opened: No such file or directory"});
}

TEST_CASE("only what is included has wildcards, not the directory of the file that includes") {
  const TempDir directory;
  fs::create_directory(directory.file("a[1]*"));
  directory.write("a[1]*/main.yaml", "include:\n  - part-*.yaml\n  - one.yaml\n");
  directory.write("a[1]*/part-1.yaml", "rules: [{watch: /a, permissions: read, arch: any}]");
  CHECK(problems({directory.file("a[1]*/main.yaml")}) ==
        Lines{directory.file("a[1]*/main.yaml") + ":3:5: cannot include: " + directory.file("a[1]*/one.yaml") +
              ": cannot be opened: No such file or directory"});
  directory.write("a[1]*/one.yaml", "rules: [{watch: /b, permissions: read, arch: any}]");
  CHECK(lines(load({directory.file("a[1]*/main.yaml")})) == Lines{"-w /a -p r", "-w /b -p r"});
}

TEST_CASE("wildcards below a directory that cannot be read are an error, below one that is not there none") {
  const TempDir directory;
  directory.write("main.yaml", "include: none.d/*.yaml");
  CHECK(problems({directory.file("main.yaml")}).empty());
  fs::create_symlink("loop.d", directory.file("loop.d"));
  directory.write("main.yaml", "include: loop.d/*.yaml");
  CHECK(problems({directory.file("main.yaml")}) ==
        Lines{directory.file("main.yaml") + ":1:10: cannot include: " + directory.file("loop.d/*.yaml") +
              ": a directory that it leads through cannot be read"});
}

TEST_CASE("a file that others may write is refused when permissions are checked") {
  const TempDir directory;
  directory.write("1.rules", "-w /a");
  fs::permissions(directory.file("1.rules"), fs::perms::all);
  CHECK_THROWS_AS(load({directory.path()}, {true, false}), base::Error);
  CHECK_NOTHROW(load({directory.path()}));
}

TEST_CASE(
    "a line in auditctl's syntax is refused with its wrong word, the nearest right one, and what the kernel refuses") {
  struct Refused {
    const char* line;
    const char* problem;
  };
  const Refused refused[] = {
      {"-a always,exclude -F msgtype=ALL", "1:30: 'ALL' is no record type; a rule without msgtype is for records of"},
      {"-a always,exclude -F msgtype=SYSCAL",
       "1:30: 'SYSCAL' is no record type that is known here; did you mean 'SYSCALL'?"},
      {"-a always,exit -S open -F exit=-EPREM", "1:32: '-EPREM' is no number and no errno; did you mean '-EPERM'?"},
      {"-a always,exit -F arch=b64 -S mount,umount",
       "1:37: there is no system call 'umount' on x86_64: it exists on i386 only"},
      {"-a always,exit -F arch=b32 -S newfstatat",
       "1:31: there is no system call 'newfstatat' on i386: it exists on x86_64 only"},
      {"-a always,exit -F arch=b64 -S opne", "1:31: there is no system call 'opne' on x86_64; did you mean 'open'?"},
      {"-w \"/srv/a b\" -p wa", "1:4: '\"/srv/a' does not start with /: quotes are part of the text here"},
      {"-w /srv/a -k \"my key\"", "1:18: 'key\"' stands without an option; quotes are part of the text here"},
      {"-w ~/.ssh -p wa", "1:4: the path '~/.ssh' must start with /: '~' is no home directory here"},
      {"-a always,exit -S open -F path=etc/passwd", "1:27: the path 'etc/passwd' must start with /"},
      {"-a always,exit -S open -F path=/etc/ssl/", "1:27: the path '/etc/ssl/' ends with /; use dir for a directory"},
      {"-a always,exit -S open -F path=/", "1:27: the path '/' ends with /"},
      {"-a always,exit -S open -F dir=\"/etc\"", "1:27: '\"/etc\"' does not start with /: quotes are part"},
      {"-a always,exit -S open -F exe=cat",
       "1:27: the exe 'cat' must start with /: the kernel compares the whole path"},
      {"-a always,exit -S open -F exe=/bin/a -F exe=/bin/b", "1:1: the kernel takes one exe in a rule"},
      {"-a always,exit -S open -F uid=-1", "1:27: uid can never be unset; only auid can"},
      {"-a always,exti -S open", "1:11: 'exti' is no list and no action; did you mean 'exit'?"},
      {"-a always,entry -S open", "1:11: the kernel has no list entry any more; write exit"},
      {"-a always -S open", "1:4: expected a list and an action with a comma between them, like always,exit"},
      {"-a always,exit -S open -F auid=>1000", "1:31: '=>' is no operator; write '>='"},
      {"-a always,exit -S open -F success=no", "1:35: success is a number: write 0 for 'no'"},
      {"-a always,exit -S open -C uid!=ppid", "1:27: uid and ppid cannot be compared; the kernel compares uid with"},
      {"-a always,exit -S open # why", "1:24: a comment needs a line of its own"},
      {"-a always, exit -S open", "1:4: 'always,' lacks its list or action; no blank may stand beside the comma"},
      {"-a always,exit -S open -F uid == 0",
       "1:27: expected a condition like auid>=1000, not 'uid'; no blank may stand"},
      {"-a always,exit -S open -F uid", "1:27: expected a condition like auid>=1000, not 'uid'"},
      {"-a always,exit -S open -F auid>='1000'", "1:33: ''1000'': quotes are part of the text here"},
      {"-a always,exit -S open -k", "1:24: -k needs something behind it"},
      {"--backlog_wait_tme 5", "1:1: there is no option '--backlog_wait_tme'; did you mean '--backlog_wait_time'?"},
      {"-b many", "1:4: -b is a number, not 'many'"},
      {"-f 3", "1:4: -f is 0, 1 or 2, not '3'"},
      {"-F uid=0 -a always,exit", "1:1: -a, with the list, has to stand in front of -F"},
      {"-a always,exclude -F msgtype=EOE -S open", "1:34: a rule of the list exclude takes no system calls (-S)"},
      {"-a always,exit -C uid>euid", "1:22: two fields are compared by = or != only"},
      {"rules:", "1:1: this looks like YAML: its file has to end in .yaml"},
  };
  for (const Refused& one : refused) {
    INFO(one.line);
    RuleSet set;
    std::vector<base::Problem> problems;
    read_auditctl_rules(one.line, "a.rules", test::machine(), false, set, problems);
    REQUIRE(problems.size() == 1);
    CHECK_THAT(problems[0].text(), Catch::StartsWith(std::string("a.rules:") + one.problem));
    CHECK(set.rules().empty());
  }
}

TEST_CASE("a name in a path has 255 bytes, and a path 4095") {
  const auto problem = [](const std::string& path) {
    RuleSet set;
    std::vector<base::Problem> problems;
    read_auditctl_rules("-a always,exit -S open -F dir=" + path, "a", test::machine(), false, set, problems);
    return problems.empty() ? std::string() : problems[0].message;
  };
  const std::string name = "/" + std::string(255, 'n');
  CHECK(problem(name).empty());
  CHECK(problem(name + "n") == "a name in the dir has 256 bytes; the kernel takes 255");
  std::string path;
  for (int i = 0; i < 15; ++i) path += name;
  CHECK(problem(path + "/" + std::string(254, 'n')).empty());
  CHECK(problem(path + "/" + std::string(255, 'n')) == "the dir has 4096 bytes; the kernel takes 4095");
}

TEST_CASE("each wrong word of a line is told, and what is right is taken as auditctl takes it") {
  RuleSet set;
  std::vector<base::Problem> problems;
  read_auditctl_rules(
      "-a always,exit -S opne -F exit=-EACESS -F uid=0 -F path=x\n-a always,exit -F arch=b64 -S open -F uid=0x\n", "a",
      test::machine(), false, set, problems);
  std::vector<std::string> texts;
  for (const base::Problem& problem : problems) texts.push_back(problem.text());
  CHECK(texts == std::vector<std::string>{"a:1:19: there is no system call 'opne' on x86_64; did you mean 'open'?",
                                          "a:1:32: '-EACESS' is no number and no errno; did you mean '-EACCES'?",
                                          "a:1:52: the path 'x' must start with /"});
  CHECK(set.rules().size() == 1);
  RuleSet doubtful;
  problems.clear();
  read_auditctl_rules("-a always,exit -S open -F exit=EACCES", "a", test::machine(), false, doubtful, problems);
  CHECK(problems.empty());
  REQUIRE(doubtful.notes().size() == 1);
  CHECK_THAT(doubtful.notes().back().text(), Catch::StartsWith("a:1:27: exit=EACCES never fits a call that fails"));
}

TEST_CASE("a line of very many wrong words is told in the time of its words, and not all of them") {
  std::string line = "-a always,exit";
  for (int i = 0; i < 100'000; ++i) line += " -F foo=1";
  RuleSet set;
  std::vector<base::Problem> problems;
  read_auditctl_rules(line, "a", test::machine(), false, set, problems);
  CHECK(problems.size() == 20);
}

}  // namespace
}  // namespace naudit::rules
