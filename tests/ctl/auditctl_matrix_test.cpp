// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Every field with every operator and every kind of value on every list, and every pair of fields that -C could
// compare: as lines of one rule file, so that it takes seconds. A part of it on the command line too, for the exit
// codes there.
#include "tests/ctl/comparison.hpp"

namespace naudit::ctl {
namespace {

using test::Words;

constexpr int kShare = NAUDIT_MATRIX_SHARE;  // of the generated lines, one of so many

const Words kLists{"user", "task", "exit", "exclude", "filesystem", "io_uring"};
const Words kOperators{"=", "!=", "<", ">", "<=", ">=", "&", "&="};
const Words kFields{"pid",      "ppid",     "uid",      "euid",      "suid",      "fsuid",        "auid",
                    "loginuid", "obj_uid",  "gid",      "egid",      "sgid",      "fsgid",        "obj_gid",
                    "pers",     "arch",     "msgtype",  "subj_user", "subj_role", "subj_type",    "subj_sen",
                    "subj_clr", "obj_user", "obj_role", "obj_type",  "sessionid", "obj_lev_low",  "obj_lev_high",
                    "devmajor", "devminor", "inode",    "exit",      "success",   "path",         "perm",
                    "dir",      "filetype", "exe",      "saddr_fam", "a0",        "a1",           "a2",
                    "a3",       "key",      "fstype",   "nosuch",    "UID",       "field_compare"};
// Each kind of value that some field takes, and what each takes for a mistake.
const Words kValues{"1",    "0",       "-1",    "-5",    "0x10",        "010",    "4294967295", "4294967296",
                    "1x",   "abc",     "unset", "root",  "EPERM",       "-EPERM", "-eacces",    "USER_LOGIN",
                    "b64",  "i386",    "/etc",  "/etc/", "/etc/passwd", "wa",     "RWXA",       "rwxaw",
                    "file", "tracefs", "inet",  "yes",   "+5",          "-",      "a,b",        "EXEC%"};
const Words kCompared{"uid",   "gid",   "euid",    "egid",    "auid",     "suid", "sgid",
                      "fsuid", "fsgid", "obj_uid", "obj_gid", "loginuid", "pid"};
const Words kSyscalls{"open",   "openat2", "59",          "0x3b",       "2047",        "2048",    "-1",
                      "all",    "OPEN",    "nosuch",      "open,close", "stime",       "_llseek", "io_uring_setup",
                      "clone3", "0",       "10000000000", "59x",        "open,,close", ","};
const Words kArches{"b64",    "b32",     "x86_64", "i386",    "i486",    "i586",    "i686",      "ppc",
                    "ppc64",  "ppc64le", "s390",   "s390x",   "arm",     "aarch64", "armv5tejl", "armv5tel",
                    "armv6l", "armv7l",  "armv8l", "riscv32", "riscv64", "ia64",    "alpha",     "mips"};

std::vector<std::string> matrix() {
  std::vector<std::string> lines;
  for (const std::string& list : kLists) {
    for (const std::string& field : kFields) {
      for (const std::string& value : kValues)
        for (const std::string& op : kOperators) lines.push_back("-a always," + list + " -F " + field + op + value);
      lines.push_back("-a never," + list + " -F " + field + "=1 -k x");
      lines.push_back("-a never," + list + " -F " + field + "=/etc -F key=x");
      lines.push_back("-A " + list + ",never -F " + field + "=wa -F key=x -k y");
      lines.push_back("-d " + list + ",always -S all -F " + field + "=root");
    }
    for (const std::string& left : kCompared) {
      for (const std::string& right : kCompared) {
        lines.push_back("-a always," + list + " -C " + left + "=" + right);
        lines.push_back("-a always," + list + " -S open -C " + left + "!=" + right + " -k x");
      }
    }
    for (const std::string& syscall : kSyscalls) {
      lines.push_back("-a always," + list + " -S " + syscall);
      for (const std::string& arch : kArches)
        lines.push_back("-a always," + list + " -F arch=" + arch + " -S " + syscall);
    }
  }
  for (const std::string& arch : kArches) {
    for (const char* letters : {"r", "w", "x", "a", "rw", "wa", "rx", "rwxa"}) {
      lines.push_back("-a always,exit -F arch=" + arch + " -F path=/etc/passwd -F perm=" + letters + " -F key=x");
      lines.push_back("-a always,exit -F arch=" + arch + " -S acct -F dir=/etc -F perm=" + letters);
    }
  }
  for (const char* path :
       {"/", "//", "/etc", "/etc/", "/etc//", "/etc/passwd", "/nope", "/nope/", "etc", "/a/../b", "/a*", "/a?"}) {
    for (const char* rest :
         {"", " -p wa", " -p rwxa -k x", " -k x -k y", " -p x -F key=z", " -p", " -p q", " -F auid=0"}) {
      lines.push_back(std::string("-w ") + path + rest);
      lines.push_back(std::string("-W ") + path + rest);
    }
  }
  std::vector<std::string> share;
  for (std::size_t i = 0; i < lines.size(); i += std::size_t{kShare}) share.push_back(lines[i]);
  return share;
}

TEST_CASE("each field, operator, value and list is read as auditctl reads it") {
  test::Comparison compare;
  const std::vector<std::string> lines = matrix();
  const std::vector<test::Behaviour> theirs = compare.theirs().behave_in_file(lines);
  const std::vector<test::Behaviour> ours = compare.ours().behave_in_file(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) compare.check(lines[i], theirs[i], ours[i]);
  compare.report("generated lines of a file");
  CHECK(compare.tally().tried > 50'000 / kShare);
}

TEST_CASE("a part of them does the same on the command line") {
  test::Comparison compare;
  const std::vector<std::string> lines = matrix();
  for (std::size_t i = 0; i < lines.size(); i += 131) {  // a prime, so that it meets every column
    Words words;
    std::istringstream in(lines[i]);
    for (std::string word; in >> word;) words.push_back(word);
    compare.check(lines[i], compare.theirs().behave(words), compare.ours().behave(words));
  }
  compare.report("generated command lines");
  CHECK(compare.tally().tried > 400 / kShare);
}

TEST_CASE("what was loaded is listed as auditctl lists it") {
  test::Comparison compare;
  const test::TempDir directory;
  std::string text = "-i\n";
  for (const std::string& line : matrix()) text += line + '\n';
  directory.write("all.rules", text);
  REQUIRE(compare.ours()
              .behave({"-R", directory.file("all.rules")}, {"NAUDIT_SHIM_STATE=" + directory.file("state")})
              .code == 0);
  for (const Words& words : {Words{"-l"}, Words{"-l", "-k", "x"}, Words{"-l", "-k", "nothing"}, Words{"-l", "-i"}})
    compare.check_listing(words, directory.file("state"));
  compare.report("listed lines");
  CHECK(compare.tally().tried > 20'000 / kShare);
}

}  // namespace
}  // namespace naudit::ctl
