// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "rules/auditctl/listing.hpp"

#include "rules/auditctl/status_text.hpp"
#include "tests/rules/support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::rules {
namespace {

constexpr tables::ArchWord kNative = tables::kArchX86_64;

std::string plain(const std::string& line) {
  return listing(test::rule(line).rule, ListingStyle::kAuditctl, kNative);
}
std::string words(const std::string& line) {
  return listing(test::rule(line).rule, ListingStyle::kInterpreted, kNative);
}
std::string again(const std::string& line) {
  return rule_line(test::rule(line).rule, kNative);
}

TEST_CASE("rules are listed as auditctl lists them") {
  CHECK(plain("-w /etc/passwd -p aw -k id -k x") == "-w /etc/passwd -p wa -k id -k x");
  CHECK(plain("-a always,exit -F arch=b64 -S execve,open -F auid>=1000 -F auid!=unset -k e") ==
        "-a always,exit -F arch=b64 -S open,execve -F auid>=1000 -F auid!=-1 -F key=e");
  CHECK(plain("-A never,exit -S all -F exit=-13 -F inode=4294967295") ==
        "-a never,exit -S all -F exit=-EACCES -F inode=4294967295");
  CHECK(plain("-a always,exit -S 2000 -F a0=255 -C obj_uid!=auid") ==
        "-a always,exit -S 2000 -F a0=0xFF -C auid!=obj_uid");
  CHECK(plain("-a always,exclude -F msgtype=1307 -F uid=0") == "-a always,exclude -F msgtype=CWD -F uid=0");
  CHECK(plain("-a never,filesystem -F fstype=tracefs") == "-a never,filesystem -F fstype=tracefs");
  CHECK(plain("-a never,task") == "-a never,task");
  CHECK(plain("-a always,exit -F arch=aarch64 -S openat") == "-a always,exit -F arch=b64 -S openat");
}

TEST_CASE("auditctl's oddities are in its listing and not in ours") {
  CHECK(plain("-a never,exit -F path=/x -F perm=r") == "-w /x -p r");
  CHECK(again("-a never,exit -F path=/x -F perm=r") == "-a never,exit -S all -F path=/x -F perm=r");
  CHECK(plain("-a always,exit -F filetype=dir") == "-a always,exit -S all -F filetype=16384");
  CHECK(again("-a always,exit -F filetype=dir") == "-a always,exit -S all -F filetype=dir");
  CHECK(plain("-a always,exit -F exe!=/x") == "-a always,exit -S all -F exe!=/x");
  CHECK(again("-a always,exit -F exe!=/x") == "-a always,exit -S all -F exe!=/x");
}

TEST_CASE("interpreted, numbers become words") {
  CHECK(words("-a always,exit -F arch=b32 -S open -F auid=-1") == "-a always,exit -F arch=i386 -S open -F auid=unset");
  CHECK(words("-a always,exit -S 59 -F a0=255") == "-a always,exit -S execve -F a0=0xff");
}

TEST_CASE("a round-trip line is read back as the same rule") {
  for (const char* line :
       {"-w /etc/pass\\ wd -p wa -k a\\ b", "-A always,exit -F arch=b32 -S stime -F filetype=fifo -k x",
        "-a never,exit -F dir=/x -F perm=wa -k k", "-a always,exit -F arch=aarch64 -S openat -F gid=4000000000",
        "-a always,exit -F path=/a>=b -F key=c!=d", "-a always,exit -S all -F exit=-EPERM -F pers&8 -F a1&=0x3",
        "-a always,io_uring -S openat", "-a always,user -F msgtype>1000 -F uid=unset",
        "-a always,exit -S 59 -F sessionid=-1 -C sgid=fsgid -F obj_lev_low>=s0"}) {
    INFO(line);
    const Rule first = test::rule(line).rule;
    INFO(rule_line(first, kNative));
    CHECK(identity(test::rule(rule_line(first, kNative)).rule) == identity(first));
  }
}

TEST_CASE("the status has auditctl's lines") {
  netlink::KernelStatus status;
  status.enabled = 2;
  status.failure = 1;
  status.backlog_limit = 64;
  CHECK(status_text(status, false) ==
        "enabled 2\nfailure 1\npid 0\nrate_limit 0\nbacklog_limit 64\nlost 0\nbacklog 0\nbacklog_wait_time 0\n");
  status.backlog_wait_time_actual = 7;
  CHECK(status_text(status, true) ==
        "enabled enabled+immutable\nfailure printk\npid 0\nrate_limit 0\nbacklog_limit 64\nlost 0\nbacklog 0\n"
        "backlog_wait_time 0\nbacklog_wait_time_actual 7\n");
  CHECK(features_text({0, 2, 0}) == "loginuid_immutable 1 unlocked\n");
}

}  // namespace
}  // namespace naudit::rules
