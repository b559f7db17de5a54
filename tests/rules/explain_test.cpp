// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/advice/explain.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <regex>

#include "rules/read.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/corpus.hpp"

namespace naudit::rules {
namespace {

struct Sentence {
  const char* rule;
  const char* text;
};

TEST_CASE("rules are explained in a sentence") {
  const Sentence sentences[] = {
      {"-w /etc/passwd -p wa -k id -k file",
       "Records every time that /etc/passwd is written or changed in its attributes, under the keys id and file."},
      {"-w /etc",
       "Records every time that something in or below /etc is read, written, executed or changed in its "
       "attributes."},
      {"-a always,exit -F arch=b64 -F path=/etc/shadow -F perm=r -F auid>=1000 -F auid!=unset -k shadow",
       "Records every time that /etc/shadow is read by x86_64 programs, provided that the login uid is 1000 or "
       "more and set, under the key shadow."},
      {"-a always,exit -F arch=b64 -S execve -F auid>=1000 -k exec",
       "Records every execve of x86_64 programs, provided that the login uid is 1000 or more (or unset), under the key "
       "exec."},
      {"-a never,exit -F arch=b32 -S open,close -F exe=/bin/x -F success=0 -F exit!=-EACCES",
       "Leaves out every open or close of i386 programs, provided that the program is /bin/x, it fails and it does not "
       "fail with EACCES."},
      {"-a always,exit -F arch=b64 -S open -F exit=-EPERM -F success=1",
       "Records every open of x86_64 programs, provided that it fails with EPERM and it succeeds."},
      {"-a always,exit -F arch=b64 -S open -F dir=/etc -F perm=w",
       "Records every time that something in or below /etc is written by x86_64 programs."},
      {"-a always,exit -F arch=b64 -S open -F dir=/etc -F perm=x",
       "Records every time that something in or below /etc is executed by x86_64 programs. By open nothing is "
       "executed: "
       "it never fits."},
      {"-a always,exit -F arch=b64 -S chmod,fchmod -F perm=w -F auid>=1000 -F auid!=unset -k mode",
       "Records every time that a file is written by x86_64 programs, provided that the login uid is 1000 or more and "
       "set, under the key mode. By chmod and fchmod nothing is written: they never fit."},
      {"-a always,exit -S chmod -F perm=w", "Records nothing. By chmod nothing is written: it never fits."},
      {"-a always,exit -F arch=b32 -S chown32,lchown32,fchown32 -F path=/x -F perm=a",
       "Records every time that /x is changed in its attributes by i386 programs."},
      {"-a always,exit -F arch=b64 -S open -F a1&0100 -F success=0 -k creation",
       "Records every open of x86_64 programs, provided that O_CREAT is set in the second argument and it fails, under "
       "the key creation."},
      {"-a always,exit -F arch=b64 -S openat,open_by_handle_at -F a2&01003",
       "Records every openat or open_by_handle_at of x86_64 programs, provided that O_WRONLY, O_RDWR or O_TRUNC is set "
       "in the third argument."},
      {"-a always,exit -F arch=b64 -S clone -F a0&0x7c020000 -k container",
       "Records every clone of x86_64 programs, provided that CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, "
       "CLONE_NEWPID or CLONE_NEWNET is set in the first argument, under the key container."},
      {"-a always,exit -F arch=b64 -S unshare -F a0&=0x60000000",
       "Records every unshare of x86_64 programs, provided that CLONE_NEWPID and CLONE_NEWNET are set in the first "
       "argument."},
      {"-a always,exit -F arch=b64 -S ptrace -F a0=0x4 -k trace",
       "Records every ptrace of x86_64 programs, provided that the first argument is PTRACE_POKETEXT, under the key "
       "trace."},
      {"-a always,exit -F arch=b64 -S socket -F a0=2 -F a1&=0x800",
       "Records every socket of x86_64 programs, provided that the first argument is inet and the second argument has "
       "all bits of 0x800."},
      {"-a always,exit -F arch=b64 -S kill -F a1=9",
       "Records every kill of x86_64 programs, provided that the second argument is SIGKILL."},
      {"-a always,exit -F arch=b64 -S mount -F auid=unset -F uid=0 -F gid!=0",
       "Records every mount of x86_64 programs, provided that nobody has logged in for the process, the uid is 0 "
       "(root) and the gid is not 0 (root)."},
      {"-a always,exit -F arch=b64 -S setuid -F sessionid!=unset -F ppid>1 -F pers<=3",
       "Records every setuid of x86_64 programs, provided that the process belongs to a login session, the parent's "
       "process id is above 1 and the execution domain (personality) is 0x3 or less."},
      {"-a always,exit -F arch=b64 -S open -F filetype=link -F inode=7 -F devmajor=8 -F devminor&1",
       "Records every open of x86_64 programs, provided that the file is a symbolic link, the file's inode is 7, the "
       "major number of the file's device is 8 and the minor number of the file's device has a bit of 1."},
      {"-a always,exit -F arch=b64 -S unlink -C auid!=obj_uid -C gid=egid",
       "Records every unlink of x86_64 programs, provided that the login uid differs from the file's owner and the gid "
       "equals the effective gid."},
      {"-a always,exit -F arch=b64 -S connect -F saddr_fam=10",
       "Records every connect of x86_64 programs, provided that the address family is inet6."},
      {"-a always,exit -F arch=b64 -S open -F subj_type=httpd_t -F obj_lev_low>s0",
       "Records every open of x86_64 programs, provided that the SELinux type of the process is httpd_t and the low "
       "level of the object is above s0."},
      {"-a always,exit -S all -F exe!=/bin/x -F exit<0",
       "Records every system call, provided that the program is not /bin/x and its result is below 0 (which never "
       "holds: the kernel compares without a sign)."},
      {"-a always,exit -F arch=b64 -S open -F exit>=0 -F success=2",
       "Records every open of x86_64 programs, provided that its result is 0 or more (which always holds: the kernel "
       "compares without a sign) and it succeeds."},
      {"-a always,exit -F arch=b64 -S read -F exit>100",
       "Records every read of x86_64 programs, provided that its result is above 100 (compared without a sign: a "
       "failure is above every other result)."},
      {"-a always,exit -F arch!=b64 -S all -k odd",
       "Records every system call of programs that are not x86_64, under the key odd."},
      {"-a always,exit -F arch=b64 -S 0,1,2,3,4,5,6,7,8",
       "Records every one of 9 calls (read, write, open and close among them) of x86_64 programs."},
      {"-a always,exclude -F msgtype=CWD", "Leaves out every CWD record."},
      {"-a never,exclude -F msgtype!=CWD -F uid=0",
       "Leaves out every record, provided that the record is not a CWD record and the uid is 0 (root)."},
      {"-a always,exclude -F msgtype>=1100 -F msgtype<=1199",
       "Leaves out every record, provided that the number of the record's type is 1100 (USER_AUTH) or more and the "
       "number of the record's type is 1199 or less."},
      {"-a never,user -F msgtype=USER_LOGIN -F auid=1000",
       "Leaves out every USER_LOGIN message of a program, provided that the login uid is 1000."},
      {"-a never,task", "Leaves out every new process with all that it does, whatever other rules say."},
      {"-a always,task -F uid=1000", "Records every system call of every new process, provided that the uid is 1000."},
      {"-a never,filesystem -F fstype=tracefs", "Leaves out the paths of new files on tracefs."},
      {"-a always,io_uring -S openat -F uid=1000",
       "Records every openat through io_uring, provided that the uid is 1000."},
  };
  for (const Sentence& one : sentences) {
    INFO(one.rule);
    CHECK(explain(test::rule(one.rule).rule) == one.text);
  }
}

TEST_CASE("what the kernel lists and we do not know is still a sentence") {
  Rule rule;
  rule.list = static_cast<List>(9);
  rule.fields = {{static_cast<FieldId>(77), Operator::kEqual, 5, {}},
                 {FieldId::kFieldCompare, Operator::kEqual, 99, {}},
                 {FieldId::kArch, Operator::kEqual, 1, {}}};
  CHECK(explain(rule) ==
        "Records something of a list that is not known here, provided that field 77 is 5 and comparison 99 holds.");
}

TEST_CASE("every rule of real files is explained without bare numbers of calls, errors or types") {
  namespace fs = std::filesystem;
  // A user's, a process's or a call's number is a number; an argument's may be one.
  const std::regex bare("call number|unknown|field \\d|comparison \\d|result is -\\d|of type 0");
  int explained = 0;
  for (const fs::path& path : tests::corpus_files("rules")) {
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    RuleSet set;
    std::vector<base::Problem> problems;
    read_auditctl_rules(text, path, test::machine(), true, set, problems);
    for (const WantedRule& wanted : set.rules()) {
      const std::string sentence = explain(wanted.rule);
      INFO(wanted.place.text() << ": " << sentence);
      CHECK_FALSE(std::regex_search(sentence, bare));
      ++explained;
    }
  }
  std::cout << "rules explained: " << explained << '\n';
  CHECK(explained > (tests::has_larger_corpus() ? 1500 : 500));
}

}  // namespace
}  // namespace naudit::rules
