// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors

// Debian's auditctl and ours on the real kernel, in turn: what one loads the other lists and deletes. Needs root; every
// rule has a user that does not exist and a key of this test, and is gone afterwards.
#include <iostream>
#include <sstream>

#include "tests/ctl/listed.hpp"
#include "tests/support/catch.hpp"

namespace naudit::ctl {
namespace {

using test::Words;

const std::string kKey = "naudit-compare";
constexpr int kShare = NAUDIT_MATRIX_SHARE;  // of the lines, one of so many

Words words(const std::string& line) {
  Words all;
  std::istringstream in(line);
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

test::Outcome theirs(const Words& arguments) {
  return test::run(NAUDIT_AUDITCTL, arguments);
}
test::Outcome ours(const Words& arguments) {
  return test::run(NAUDIT_NAUDITCTL, arguments);
}

struct Cleaner {
  Cleaner() = default;
  ~Cleaner() { ours({"-D", "-k", kKey}); }
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;
};

std::vector<std::string> lines() {
  const std::vector<std::string> values{"pid=1",
                                        "ppid=1",
                                        "euid=1",
                                        "auid=unset",
                                        "auid=1000",
                                        "gid=1",
                                        "pers=1",
                                        "msgtype=CWD",
                                        "subj_user=u",
                                        "obj_role=r",
                                        "obj_lev_low=s0",
                                        "sessionid=unset",
                                        "devmajor=8",
                                        "devminor=1",
                                        "inode=2",
                                        "exit=-EACCES",
                                        "exit=2",
                                        "success=1",
                                        "success=2",
                                        "path=/nowhere/file",
                                        "path=/etc/naudit-none",
                                        "path=/etc/",
                                        "dir=/etc/naudit-none",
                                        "perm=wa",
                                        "filetype=dir",
                                        "exe=/nonexistent",
                                        "exe=nonexistent",
                                        "saddr_fam=2",
                                        "a0=0x41",
                                        "a3=-1",
                                        "key=second",
                                        "fstype=tracefs",
                                        "uid=unset"};
  std::vector<std::string> all;
  for (const std::string list : {"exit", "user", "exclude", "task", "filesystem"}) {
    for (const std::string& value : values) {
      const std::size_t at = value.find('=');
      for (const char* op : {"=", "!=", ">", "&"}) {
        if (op[0] != '=' && list != "exit") continue;
        all.push_back("always," + list + (list == "exit" ? " -F arch=b64 -S mkdir" : "") + " -F uid=54321 -F " +
                      value.substr(0, at) + op + value.substr(at + 1) + (list == "exit" ? " -F key=" + kKey : ""));
      }
    }
  }
  for (const char* perm : {"r", "w", "x", "a", "rwxa"}) {
    all.push_back(std::string("always,exit -F arch=b32 -F path=/etc/naudit-none -F perm=") + perm +
                  " -F uid=54321 -F key=" + kKey);
  }
  for (const char* pair : {"uid=obj_uid", "auid!=euid", "gid=sgid"})
    all.push_back(std::string("always,exit -F arch=b64 -S mkdir -F uid=54321 -C ") + pair + " -F key=" + kKey);
  Words share;
  for (std::size_t i = 0; i < all.size(); i += std::size_t{kShare}) share.push_back(all[i]);
  return share;
}

Words command(const std::string& option, const std::string& line) {
  Words all = words(line);
  all.insert(all.begin(), option);
  return all;
}

// Line by line the same except what listed.hpp names.
void check_listing(const std::string& theirs, const std::string& ours) {
  static const int major = test::Peer(NAUDIT_AUDITCTL).major();
  const std::vector<std::string> left = test::lines_of(theirs), right = test::lines_of(ours);
  REQUIRE(right.size() == left.size());
  test::Listed listed(major);
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!listed.compare(left[i], right[i])) CHECK(right[i] == left[i]);
}

TEST_CASE("what Debian's auditctl loads ours lists and deletes, and the other way round") {
  const Cleaner cleaner;
  if (ours({"-l"}).out != "No rules\n") FAIL("this needs a kernel without rules");
  int tried = 0, loaded = 0, newer_list = 0;
  for (const std::string& line : lines()) {
    INFO(line);
    ++tried;
    const test::Outcome added = theirs(command("-a", line));
    const std::string listed = ours({"-l"}).out;
    check_listing(theirs({"-l"}).out, listed);
    if (added.code == 0) {
      ++loaded;
      CHECK(listed != "No rules\n");
      CHECK(ours(command("-d", line)).code == 0);  // also with auditctl 3's system calls for perm
    }
    CHECK(ours({"-l"}).out == "No rules\n");

    const test::Outcome by_us = ours(command("-a", line));
    // The kernel is asked by auditctl 4 where 3 itself refuses; it may say no as well.
    const bool asked = line.starts_with("always,exclude") && added.error.find("exclude filter") != std::string::npos;
    if (asked)
      ++newer_list;
    else
      CHECK(by_us.code == added.code);
    if (by_us.code == 0) {
      const bool perm = line.find("arch") != std::string::npos && line.find("perm") != std::string::npos;
      if (!perm && !asked) {
        CHECK(ours({"-l"}).out == listed);
        CHECK(theirs(command("-d", line)).code == 0);
      } else {
        CHECK(ours(command("-d", line)).code == 0);
      }
    } else if (added.error.starts_with("Error sending")) {
      CHECK_THAT(by_us.error, Catch::StartsWith(added.error.substr(0, added.error.find('\n'))));
    }
    CHECK(ours({"-l"}).out == "No rules\n");
  }
  std::cout << "rules on this kernel: " << tried << " tried, " << loaded << " loaded by both, " << newer_list
            << " that only auditctl 4 hands to the kernel\n";
  CHECK(loaded > 60 / kShare);
}

}  // namespace
}  // namespace naudit::ctl
