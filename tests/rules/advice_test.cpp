// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/cost.hpp"
#include "rules/advice/lint.hpp"
#include "rules/advice/subsume.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

std::vector<std::string> advice(const std::vector<std::string>& lines) {
  Environment environment = test::machine();
  environment.exists = [](const std::string& path) { return path.find("missing") == std::string::npos; };
  environment.link_target = [](const std::string& path) {
    return path.find("link") == std::string::npos ? std::string() : std::string("/usr/real");
  };
  std::vector<WantedRule> wanted;
  for (const std::string& line : lines) {
    wanted.push_back(test::rule(line));
    wanted.back().place = {"r.rules", static_cast<int>(wanted.size()), 1};
  }
  std::vector<std::string> texts;
  for (const Advice& one : lint(wanted, environment)) texts.push_back(one.text());
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
       "r.rules:1:1: looks at every system call of every process (100 % of",
       "all-calls"},
      {{"-w /etc/passwd -p wa -k id"},
       "r.rules:1:1: slow form: without an arch the kernel looks at it in every system call, with one only in those "
       "that "
       "can touch a file; in YAML add 'arch: [b64, b32]', in auditctl's syntax write it as -a always,exit -F arch=b64 "
       "-F "
       "path=/etc/passwd -F perm=wa -F key=id, and the same with arch=b32 and -S "
       "chown32,fchown32,lchown32,truncate64,ftruncate64 (syscalls in YAML), which perm leaves out there",
       "slow-watch"},
      {{"-a always,exit -F arch=b64 -S unlink -F exe=/missing"},
       "r.rules:1:1: /missing does not exist",
       "no-such-path"},
      {{"-a always,exit -F arch=b64 -F dir=/missing -F perm=w"},
       "r.rules:1:1: /missing does not exist; the kernel will refuse the rule",
       "no-such-path"},
      {{"-a always,exit -F arch=b64 -F path=/etc/link -F perm=w"},
       "r.rules:1:1: /etc/link is a symbolic link; the kernel watches the link and not what it points to: write "
       "/usr/real",
       "symlink"},
      {{"-a always,exit -F arch=b64 -S unlink -F exe=/bin/link"},
       "r.rules:1:1: /bin/link is a symbolic link; no process runs the link itself, so the rule never fits: write "
       "/usr/real",
       "symlink"},
      {{"-a never,exit -F arch=b64 -S unlink,close", "-a always,exit -F arch=b64 -S unlink -F auid=1 -k x"},
       "r.rules:2:1: never reached: all that it matches is matched before by the rule at r.rules:1:1",
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
       "r.rules:2:1: has the conditions and the key of the rule at r.rules:1:1",
       "mergeable"},
      {{"-a always,exit -F arch=b64 -S connect -k net"}, "r.rules:1:1: records connect of every program", "feedback"},
      {{"-a always,exit -F arch=b64 -S read,write -F success=1 -k io"},
       "r.rules:1:1: too wide: hooks 14 % of a busy server's system calls and makes ten thousand events a second and "
       "more",
       "wide"},
  };
  for (const Case& one : cases) {
    const auto texts = advice(one.lines);
    INFO(one.told);
    REQUIRE_FALSE(texts.empty());
    CHECK_THAT(texts[0], Catch::StartsWith(one.told) && Catch::EndsWith(" [" + one.check + "]"));
  }
}

TEST_CASE("a narrower rule before a wider one hides nothing") {
  CHECK(advice({"-a never,exit -F arch=b64 -S unlink -F auid=1", "-a always,exit -F arch=b64 -S unlink -k x",
                "-a always,exit -F arch=b64 -S rename -F auid=1 -k y"})
            .empty());
}

TEST_CASE("all calls of all processes get one advice on that, and the slow form is explained once") {
  const auto all = advice({"-a always,exit -S all"});
  REQUIRE_FALSE(all.empty());
  CHECK_THAT(all[0],
             Catch::StartsWith("r.rules:1:1: records every system call of every process, 100 % of the calls, ten "
                               "thousand events a second and more on a busy server"));
  CHECK_THAT(advice({"-w /etc/passwd -p r"}).at(0), Catch::EndsWith("and the same with arch=b32 [slow-watch]"));
  CHECK_THAT(advice({"-w /etc/passwd -p w"}).at(0), Catch::Contains(" and -S truncate64,ftruncate64 (syscalls"));
  const auto watches = advice({"-w /etc/passwd -p wa", "-w /etc/shadow -p wa"});
  REQUIRE(watches.size() == 1);
  CHECK_THAT(watches[0], Catch::EndsWith("; 1 rule more like it: r.rules:2:1 [slow-watch]"));
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
