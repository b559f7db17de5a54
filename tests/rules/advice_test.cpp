// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/cost.hpp"
#include "rules/advice/lint.hpp"
#include "rules/advice/report.hpp"
#include "rules/advice/subsume.hpp"
#include "rules/rule/places.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

Environment machine() {
  Environment environment = test::machine();
  environment.exists = [](const std::string& path) {
    return path.find("missing") == std::string::npos && path.find('*') == std::string::npos;
  };
  environment.link_target = [](const std::string& path) {
    return path.find("link") == std::string::npos ? std::string() : std::string("/usr/real");
  };
  environment.interpreter = [](const std::string& path) {
    return path.find("script") == std::string::npos ? std::string() : std::string("/bin/sh");
  };
  return environment;
}

std::vector<Advice> advise(const std::vector<std::string>& lines, LintOptions options = {}) {
  std::vector<WantedRule> wanted;
  for (const std::string& line : lines) {
    wanted.push_back(test::rule(line));
    wanted.back().place = {"r.rules", static_cast<int>(wanted.size()), 1};
  }
  return lint(wanted, machine(), options);
}

std::vector<std::string> advice(const std::vector<std::string>& lines) {
  std::vector<std::string> texts;
  for (const Advice& one : advise(lines)) texts.push_back(one.text());
  return texts;
}

TEST_CASE("good rules get no advice") {
  CHECK(advice({"-a always,exit -F arch=b64 -S execve -F auid>=1000 -k exec",
                "-a always,exit -F arch=b32 -S execve -F auid>=1000 -k exec",
                "-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id", "-a always,exclude -F msgtype=CWD"})
            .empty());
}

struct Case {
  std::vector<std::string> lines;
  std::string told;
  std::string check;
};

TEST_CASE("each bad habit is told") {
  const Case cases[] = {
      {{"-a never,task"}, "r.rules:1:1: 'never,task' turns", "never-task"},
      {{"-a always,exit -S unlink -F auid=1"}, "r.rules:1:1: no arch", "no-arch"},
      {{"-a always,exit -F arch=b64 -S 1999 -F auid=1"},
       "r.rules:1:1: no system call of x86_64 that is known here has the number 1999",
       "no-such-call"},
      {{"-a always,exit -F arch=b64 -F auid=1000"},
       "r.rules:1:1: looks at every system call of every process, which costs each of them; name the calls",
       "all-calls"},
      {{"-w /etc/passwd -p wa -k id"},
       "r.rules:1:1: slow form: without an arch the kernel looks at it in every system call, with one only in those "
       "that can touch a file; write -a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -F key=id, and the same "
       "with arch=b32 and -S chown32,fchown32,lchown32,truncate64,ftruncate64, which perm leaves out there; 'watch' in "
       "YAML does all of it",
       "slow-watch"},
      {{"-a always,exit -F arch=b64 -S unlink -F exe=/missing"},
       "r.rules:1:1: /missing is not here; the rule cannot fit until it is there, and the kernel refuses the rule",
       "no-such-path"},
      {{"-a always,exit -F arch=b64 -F dir=/missing -F perm=w"},
       "r.rules:1:1: /missing is not here; the kernel refuses the rule, and nothing is loaded",
       "no-such-path"},
      {{"-a always,exit -F arch=b64 -F path=/missing/x -F perm=w"},
       "r.rules:1:1: /missing/x is not here; it is watched once it is made, if its directory is there when",
       "no-such-path"},
      {{"-a always,exit -F arch=b64 -F path=/etc/*.conf -F perm=w"},
       "r.rules:1:1: there are no wildcards: the kernel takes '/etc/*.conf' for the name of one file",
       "no-such-path"},
      {{"-a always,exit -F arch=b64 -F path=/etc/link -F perm=w"},
       "r.rules:1:1: /etc/link → /usr/real is a symbolic link; the kernel watches the link itself",
       "symlink"},
      {{"-a always,exit -F arch=b64 -S unlink -F exe=/bin/link"},
       "r.rules:1:1: /bin/link → /usr/real is a symbolic link; no process runs the link itself, so the rule never fits",
       "symlink"},
      {{"-a always,exit -F arch=b64 -S unlink -F exe=/bin/script"},
       "r.rules:1:1: /bin/script is a script: to the kernel the program is its interpreter, /bin/sh, so that exe never "
       "fits; watch for the script's file being executed: path=/bin/script with perm=x",
       "never-fits"},
      {{"-a never,exit -F arch=b64 -S unlink,close", "-a always,exit -F arch=b64 -S unlink -F auid=1 -k x"},
       "r.rules:2:1: never reached: the rule in line 1 matches before all that it matches",
       "unreached"},
      {{"-a always,exit -F arch=b64 -S unlink -F auid>=1000 -F auid<500"},
       "r.rules:1:1: no event can fit",
       "never-fits"},
      {{"-a always,exit -F arch=b64 -S unlink -F exit<0"}, "r.rules:1:1: no event can fit", "never-fits"},
      {{"-a always,exit -F arch=b64 -S execve -F uid=0", "-a never,exit -F arch=b64 -S execve -F uid=0 -F auid=1"},
       "r.rules:2:1: never reached",
       "unreached"},
      {{"-a always,exit -F arch=b64 -S unlink -F auid=3", "-a never,exit -F arch=b64 -S unlink -F auid=4"},
       "r.rules:2:1: leaves out nothing: no rule behind it records what it matches",
       "no-effect"},
      {{"-a always,exit -F arch=b64 -S unlink -F auid=3 -k x", "-a always,exit -F arch=b64 -S rename -F auid=3 -k x"},
       "r.rules:1:1: has the conditions and the key of other rules; one rule with the calls of all costs every system "
       "call less (also line 2)",
       "mergeable"},
      {{"-a always,exit -F arch=b64 -S connect -k net"}, "r.rules:1:1: records connect of every program", "feedback"},
      {{"-a always,exit -F arch=b64 -S read,write -F success=1 -k io"},
       "r.rules:1:1: too wide: makes ten thousand events a second and more on a busy server",
       "wide"},
      // Calls that the permissions have nothing to do with.
      {{"-a always,exit -F arch=b64 -S rmdir -F perm=x -F auid>=1000 -F auid!=unset -k delete"},
       "r.rules:1:1: by rmdir nothing is executed, so perm=x never fits it; the rule records every execve and execveat "
       "that fits, under the key delete; leave out perm to have the named calls",
       "never-fits"},
      {{"-a always,exit -F arch=b64 -S fchown,fchmod -F perm=r -F auid=1000 -k mode"},
       "r.rules:1:1: by fchmod and fchown nothing is read, so perm=r never fits them; the rule records every",
       "never-fits"},
      {{"-a always,exit -F arch=b32 -S chown32 -F perm=w -F path=/x -F auid=1000"},
       "r.rules:1:1: by chown32 nothing is written, so perm=w never fits it",
       "never-fits"},
  };
  for (const Case& one : cases) {
    const auto texts = advice(one.lines);
    INFO(one.told);
    REQUIRE_FALSE(texts.empty());
    CHECK_THAT(texts[0], Catch::StartsWith(one.told) && Catch::EndsWith(" [" + one.check + "]"));
  }
}

TEST_CASE("a call that fits one of the permissions is no advice") {
  for (const char* line : {"-a always,exit -F arch=b64 -S open -F perm=r -F path=/x -F auid=1",
                           "-a always,exit -F arch=b64 -S openat -F perm=w -F path=/x",
                           "-a always,exit -F arch=b64 -S execve,execveat -F perm=x -F path=/x",
                           "-a always,exit -F arch=b32 -S chown32,truncate64 -F perm=wa -F path=/x",
                           "-a always,exit -F arch=b64 -S unlinkat,chmod -F perm=wa -F dir=/etc"})
    CHECK(advice({line}) == std::vector<std::string>{});
}

TEST_CASE("rules that throw away records are told with what they cost, wherever they stand") {
  const std::string watch = "-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k id";
  const std::string exec = "-a always,exit -F arch=b64 -S execve -F auid=1000 -k exec";
  const Case cases[] = {
      {{"-a always,exclude -F msgtype>0"}, "leaves out every record, whatever its place in the file", "discards"},
      {{"-a never,exclude"}, "leaves out every record, whatever its place in the file", "discards"},
      {{"-a always,exclude -F msgtype!=USER_LOGIN"}, "leaves out every record but USER_LOGIN", "discards"},
      {{"-a always,exclude -F msgtype>=1300"},
       "leaves out every record of type 1300 and above: no rule of the exit list records anything",
       "discards"},
      {{"-a always,exclude -F msgtype<1300"},
       "leaves out what programs report of type 1299 and below: logins",
       "discards"},
      {{"-a always,exclude -F msgtype>=1100 -F msgtype<=1199"},
       "leaves out what programs report of the types 1100 to 1199: logins",
       "discards"},
      {{"-a always,exclude -F msgtype>0 -F uid=0"},
       "leaves out every record that fits its other conditions",
       "discards"},
      {{"-a always,exclude -F msgtype=PATH -F uid=0", watch},
       "takes the names of the files out of every event of the rule in line 2 that fits its other conditions",
       "discards"},
      {{"-a always,exclude -F msgtype=SYSCALL", watch, exec},
       "takes who did what with which result, and the key of the rule, out of every event of the rules in lines 2 and "
       "3",
       "discards"},
      {{"-a always,exclude -F msgtype=EXECVE", watch, exec},
       "takes the arguments of the program out of every event of the rule in line 3",
       "discards"},
      {{"-a always,exclude -F msgtype=EOE"},
       "without EOE the kernel does not say where an event ends; nauditd takes PROCTITLE for its end; remove the rule",
       "discards"},
      {{"-a always,exclude -F msgtype=EOE", "-a always,exclude -F msgtype=PROCTITLE"},
       "without EOE the kernel does not say where an event ends; nauditd takes PROCTITLE for its end, which is left "
       "out, "
       "too: every event waits for a quiet time",
       "discards"},
      {{"-a always,exclude -F msgtype=CONFIG_CHANGE"}, "hides who changes the rules", "discards"},
  };
  for (const Case& one : cases) {
    const auto texts = advice(one.lines);
    INFO(one.told);
    REQUIRE(texts.size() == 1);
    CHECK_THAT(texts[0], Catch::StartsWith("r.rules:1:1: " + one.told) && Catch::EndsWith(" [" + one.check + "]"));
  }
  const auto twice = advice({"-a always,exclude -F msgtype=CWD -F uid=0", "-a always,exclude -F msgtype=CWD"});
  CHECK(twice.empty());
  CHECK(
      advice({"-a always,exclude -F msgtype=CWD", "-a always,exclude -F msgtype=CWD -F uid=0"}) ==
      std::vector<std::string>{"r.rules:2:1: needless: the rule in line 1 leaves out all that it leaves out; remove it "
                               "[no-effect]"});
  // What nobody misses.
  for (const char* line : {"-a always,exclude -F msgtype=CWD", "-a always,exclude -F msgtype=PROCTITLE",
                           "-a always,exclude -F msgtype=PATH", "-a always,exclude -F exe=/usr/bin/noisy",
                           "-a always,exclude -F msgtype=CRYPTO_KEY_USER -F exe=/usr/sbin/sshd"})
    CHECK(advice({line}) == std::vector<std::string>{});
  CHECK(advice({"-a always,exclude -F msgtype=EXECVE", watch}).empty());
}

TEST_CASE("an earlier rule that takes a part of what a later one is for is told, by the keys") {
  const std::string head = "-a always,exit -F arch=b64 -S execve ";
  const auto both = [&head](const std::string& first, const std::string& second) {
    return advice({head + first, head + second});
  };
  const auto texts =
      both("-F auid>=1000 -F auid!=unset -F uid!=0 -F euid=0 -k one", "-C uid!=euid -F auid!=unset -k two");
  REQUIRE(texts.size() == 1);
  CHECK(texts[0] ==
        "r.rules:1:1: takes a part of what later rules match: an event that fits both has the key one and not two; "
        "give it "
        "their keys too, or put it behind them [takes-part]");
  CHECK(both("-F euid=0 -F auid=7 -k one", "-F auid=7 -F uid!=0 -k two").size() == 1);
  // The same key, what excludes each other, and rules for other things.
  CHECK(both("-F euid=0 -F auid=7 -k one", "-F auid=7 -F uid!=0 -k one").empty());
  CHECK(both("-F euid=0 -F auid=7 -k one", "-F auid=7 -F euid!=0 -k two").empty());
  CHECK(both("-F success=0 -F auid=7 -k one", "-F success=1 -F auid=7 -k two").empty());
  CHECK(both("-F success=1 -F auid=7 -k one", "-F exit=-EINPROGRESS -F auid=7 -k two").empty());
  CHECK(both("-F success=0 -F auid=7 -k one", "-F exit=0 -F auid=7 -k two").empty());
  CHECK(both("-F success=0 -F auid=7 -k one", "-F exit=-EACCES -F auid=7 -k two").size() == 1);
  CHECK(both("-F uid=0 -F euid=0 -F auid=7 -k one", "-C uid!=euid -F auid=7 -k two").empty());
  CHECK(both("-F exe=/bin/sh -F auid=7 -k one", "-F auid=7 -k two").empty());
  CHECK(both("-F dir=/etc/ssh -F perm=x -F auid=7 -k one", "-F dir=/etc -F perm=x -F auid=7 -k two").empty());
  CHECK(advice({head + "-F euid=0 -F auid=7 -k one", "-a always,exit -F arch=b32 -S execve -F auid=7 -k two"}).empty());
}

TEST_CASE("many rules that take a part of later ones are one advice") {
  std::vector<std::string> lines;
  for (int i = 0; i < 7; ++i)
    lines.push_back("-a always,exit -F arch=b64 -S execve -F uid=" + std::to_string(i) + " -F auid=7 -k early" +
                    std::to_string(i));
  lines.emplace_back("-a always,exit -F arch=b64 -S execve -F auid=7 -F gid=1 -k late");
  const auto all = advise(lines);
  REQUIRE(all.size() == 1);
  CHECK_THAT(
      all[0].message,
      Catch::StartsWith("the rules of 7 keys take a part of what later rules match: an event that fits both has the "
                        "key early0 (line 1) and not late; the key early1 (line 2) and not late; "));
}

TEST_CASE("what is true of several rules is told once, with their lines") {
  const auto all = advise({"-w /etc/passwd -p wa", "-w /etc/shadow -p wa", "-w /etc/group -p wa",
                           "-a always,exit -S unlink -F auid=1", "-a always,exit -S rmdir -F auid=2", "-w /missing/a",
                           "-w /missing/b -p w", "-w /missing/c", "-w /missing/d", "-w /missing/e"});
  std::vector<std::string> kinds;
  for (const Advice& one : all) kinds.emplace_back(one.check);
  CHECK(kinds == std::vector<std::string>{"slow-watch", "no-arch", "no-such-path"});
  CHECK(all.at(0).also() == "lines 2, 3 and 6 to 10");
  CHECK(all.at(1).also() == "line 5");
  CHECK(all.at(2).message ==
        "5 of the 8 paths in these rules are not here: /missing/a, /missing/b, "
        "/missing/c and 2 more (--paths lists them)");
  CHECK(all.at(2).place.line == 6);
  LintOptions each;
  each.every_path = true;
  CHECK(advise({"-w /missing/a -p w", "-w /missing/b -p w"}, each).size() == 3);
  // One rule that hides nine.
  std::vector<std::string> lines{"-a always,exit -F arch=b64 -S unlink -F auid!=unset -k all"};
  for (int i = 0; i < 9; ++i)
    lines.push_back("-a always,exit -F arch=b64 -S unlink -F auid=" + std::to_string(i) + " -k x");
  const auto hidden = advise(lines);
  REQUIRE(hidden.size() == 1);
  CHECK(hidden[0].also() == "lines 3 to 10");
  // Pairs and groups.
  lines.clear();
  for (int i = 0; i < 3; ++i)
    lines.push_back("-a always,exit -F arch=b64 -S unlink -F uid=" + std::to_string(i) + " -k x");
  for (int i = 0; i < 3; ++i)
    lines.push_back("-a always,exit -F arch=b64 -S unlink -F uid=" + std::to_string(i) + " -F gid=1 -k x");
  for (int i = 0; i < 3; ++i)
    lines.push_back("-a always,exit -F arch=b64 -S rmdir -F uid=" + std::to_string(i) + " -k x");
  std::vector<std::string> texts;
  for (const Advice& one : advise(lines)) texts.push_back(one.message);
  CHECK(texts ==
        std::vector<std::string>{
            "3 groups of rules have the same conditions and key: lines 1 and 7, lines 2 and 8 and lines 3 and 9",
            "3 rules are never reached, since an earlier one matches all that they match: line 4 by line 1, line 5 "
            "by line 2 and line 6 by line 3"});
}

TEST_CASE("findings are laid out for the width of the terminal") {
  const Advice one{{"r.rules", 3, 1},
                   "no-arch",
                   "no arch: the same numbers are other system calls",
                   "write two rules",
                   {{"r.rules", 5, 1}}};
  const std::vector<Advice> all{one};
  CHECK(advice_text(all, {}) ==
        "r.rules:3:1: advice [no-arch]\n    No arch: the same numbers are other system calls.\n    Write two rules.\n  "
        "  Also "
        "line 5.\n");
  CHECK(advice_text(all, {.width = 30}) ==
        "r.rules:3:1: advice [no-arch]\n    No arch: the same numbers\n    are other system calls.\n    Write two "
        "rules.\n    Also line 5.\n");
  CHECK_THAT(advice_text(all, {.colour = true}),
             Catch::StartsWith("\033[1mr.rules:3:1\033[0m: \033[33madvice\033[0m ["));
  const std::vector<base::Problem> problems{{{"r.rules", 1, 2}, "one two three"}};
  CHECK(errors_text(problems, {.width = 28}) == "r.rules:1:2: error: one two\n    three\n");
  CHECK(notes_text(problems, {}) == "r.rules:1:2: note: one two three\n");
}

TEST_CASE("what a report says of outside text moves no cursor and ends no line") {
  const std::vector<base::Problem> problems{{{"a\x1b[2Jb.rules", 1, 2}, "x\ny"}};
  CHECK(errors_text(problems, {}) == "a\\x1b[2Jb.rules:1:2: error: x\\x0ay\n");
}

TEST_CASE("places are told in one breath") {
  const auto at = [](const char* file, int line) { return base::Place{file, line, 1}; };
  CHECK(places_text({at("a", 4)}, "a") == "line 4");
  CHECK(places_text({at("a", 4), at("a", 5)}, "a") == "lines 4 and 5");
  CHECK(places_text({at("a", 9), at("a", 4), at("a", 5), at("a", 4), at("a", 6)}, "a") == "lines 4 to 6 and 9");
  CHECK(places_text({at("a", 4), at("b", 2), at("b", 7)}, "a") == "line 4; b:2 and 7");
  std::vector<base::Place> many;
  for (int i = 0; i < 25; ++i) many.push_back(at("a", 2 * i));
  CHECK_THAT(places_text(many, "a"), Catch::StartsWith("lines 0, 2, 4") && Catch::EndsWith("36, 38 and 5 more"));
}

TEST_CASE("a narrower rule before a wider one hides nothing") {
  CHECK(advice({"-a never,exit -F arch=b64 -S unlink -F auid=1", "-a always,exit -F arch=b64 -S unlink -k x",
                "-a always,exit -F arch=b64 -S rename -F auid=1 -k y"})
            .empty());
}

TEST_CASE("all calls of all processes get one advice on that, and the slow form knows its permissions") {
  const auto all = advice({"-a always,exit -S all"});
  REQUIRE_FALSE(all.empty());
  CHECK_THAT(all[0], Catch::StartsWith("r.rules:1:1: records every system call of every process: more than a machine"));
  CHECK_THAT(advice({"-w /etc/passwd -p r"}).at(0),
             Catch::EndsWith("and the same with arch=b32; 'watch' in YAML does all of it [slow-watch]"));
  CHECK_THAT(advice({"-w /etc/passwd -p w"}).at(0), Catch::Contains(" and -S truncate64,ftruncate64, which"));
  WantedRule meant = test::rule("-w /etc/passwd -p wa");
  meant.every_call_is_meant = true;
  CHECK(lint(std::vector{meant}, machine()).empty());
}

TEST_CASE("a rule is covered by ranges, permissions and directories, and by nothing less") {
  struct Pair {
    const char* earlier;
    const char* later;
    bool covered;
  };
  const Pair pairs[] = {
      {"-F auid>=500", "-F auid>=1000", true},
      {"-F auid>=1000", "-F auid>=500", false},
      {"-F auid>500", "-F auid=501", true},
      {"-F auid!=unset", "-F auid=1000", true},
      {"-F auid!=unset", "-F auid>=1000", false},  // unset is the largest number
      {"-F auid!=unset", "-F auid>=1000 -F auid!=unset", true},
      {"-F uid<=10", "-F uid<10", true},
      {"-F uid<10", "-F uid<=10", false},
      {"-F uid!=5", "-F uid>5", true},
      {"-F uid!=5", "-F uid>=5", false},
      {"-F uid=0 -F success=0", "-F uid=0", false},
      {"-F dir=/etc", "-F path=/etc/passwd", true},
      {"-F dir=/etc", "-F path=/etcetera", false},
      {"-F dir=/etc", "-F dir=/etc/ssh", true},
      {"-F dir=/etc/ssh", "-F dir=/etc", false},
      {"-F a0&3", "-F a0=3", false},
      {"-k one", "-k other", true},
  };
  for (const Pair& pair : pairs) {
    CAPTURE(pair.earlier, pair.later);
    const std::string head = "-a always,exit -F arch=b64 -S unlink ";
    CHECK(covers(test::rule(head + pair.earlier).rule, test::rule(head + pair.later).rule) == pair.covered);
  }
  const auto watch = [](const char* perm) {
    return test::rule("-a always,exit -F path=/a -F perm=" + std::string(perm)).rule;
  };
  CHECK(covers(watch("rw"), watch("w")));
  CHECK_FALSE(covers(watch("w"), watch("rw")));
}

TEST_CASE("the estimate tells the orders of magnitude apart") {
  const auto events = [](const std::string& line) { return estimate(test::rule(line).rule).events; };
  const std::string head = "-a always,exit -F arch=b64 ";
  CHECK(events(head + "-S init_module") < 0.1);
  CHECK(events(head + "-S execve") > 10 * events(head + "-S execve -F auid=1000"));
  CHECK(events(head + "-S execve") < 100);
  CHECK(events(head + "-S read") > 1000);
  CHECK(events(head + "-S openat") > events(head + "-S openat -F success=0"));
  CHECK(events("-w /etc/passwd -p wa") < 1);
  CHECK(events("-a never,exit -S all") == 0);
  CHECK(estimate(test::rule("-w /etc/passwd -p wa").rule).hooked == 1);
  CHECK(estimate(test::rule(head + "-F path=/etc/passwd -F perm=wa").rule).hooked < 0.1);
  CHECK(share_text(0.0004) == "under 0.1 %");
  CHECK(events_text(0.5) == "some events a minute");
}

}  // namespace
}  // namespace naudit::rules
