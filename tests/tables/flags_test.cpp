// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "tables/flags.hpp"

#include "tests/support/catch.hpp"

namespace naudit::tables {
namespace {

std::string text(Flags kind, std::uint64_t value, ArchWord arch = kArchX86_64) {
  std::string out = "a=";
  append_flags(out, kind, value, arch);
  return out.substr(2);
}

std::string capabilities(std::uint64_t set) {
  std::string out;
  append_capabilities(out, set);
  return out;
}

TEST_CASE("open flags start with the way of access and follow the arch") {
  CHECK(text(Flags::kOpen, 0) == "O_RDONLY");
  CHECK(text(Flags::kOpen, 0x241) == "O_WRONLY|O_CREAT|O_TRUNC");
  CHECK(text(Flags::kOpen, 2) == "O_RDWR");
  CHECK(text(Flags::kOpen, 0x80000) == "O_RDONLY|O_CLOEXEC");
  CHECK(text(Flags::kOpen, 0x101000) == "O_RDONLY|O_DSYNC|__O_SYNC");
  CHECK(text(Flags::kOpen, 0x10000) == "O_RDONLY|O_DIRECTORY");
  CHECK(text(Flags::kOpen, 0x4000, kArchAarch64) == "O_RDONLY|O_DIRECTORY");
  CHECK(text(Flags::kOpen, 0x8000, kArchPpc64le) == "O_RDONLY|O_NOFOLLOW");
  CHECK(text(Flags::kOpen, 0x20000000) == "O_RDONLY|0x20000000");
}

TEST_CASE("memory protection and mappings are spelled out") {
  CHECK(text(Flags::kProtection, 0) == "PROT_NONE");
  CHECK(text(Flags::kProtection, 7) == "PROT_READ|PROT_WRITE|PROT_EXEC");
  CHECK(text(Flags::kMmap, 0x22) == "MAP_PRIVATE|MAP_ANONYMOUS");
  CHECK(text(Flags::kMmap, 0x10) == "MAP_FILE|MAP_FIXED");
  CHECK(text(Flags::kMmap, 0x100003) == "MAP_SHARED_VALIDATE|MAP_FIXED_NOREPLACE");
  CHECK(text(Flags::kMmap, 5) == "MAP_SHARED|0x4");
}

TEST_CASE("clone flags end with the signal that tells of the end") {
  CHECK(text(Flags::kClone, 0x1200011) == "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD");
  CHECK(text(Flags::kClone, 0x10000000) == "CLONE_NEWUSER");
  CHECK(text(Flags::kClone, 0x2000000) == "CLONE_NEWCGROUP");
  CHECK(text(Flags::kClone, 0xFF) == "0xff");
  CHECK(text(Flags::kClone, 0) == "0x0");
}

TEST_CASE("the other words of flags are lists of their bits") {
  CHECK(text(Flags::kMount, 0x1020) == "MS_REMOUNT|MS_BIND");
  CHECK(text(Flags::kMount, 0) == "0x0");
  CHECK(text(Flags::kUmount, 10) == "MNT_DETACH|UMOUNT_NOFOLLOW");
  CHECK(text(Flags::kAccess, 0) == "F_OK");
  CHECK(text(Flags::kAccess, 5) == "X_OK|R_OK");
  CHECK(text(Flags::kMessage, 0x4040) == "MSG_DONTWAIT|MSG_NOSIGNAL");
  CHECK(text(Flags::kResolve, 0x18) == "RESOLVE_BENEATH|RESOLVE_IN_ROOT");
  CHECK(text(Flags::kResolve, 0x8000000000000040) == "0x8000000000000040");
}

TEST_CASE("huge pages have their size in the flags") {
  CHECK(text(Flags::kMmap, 0x40022) == "MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB");
  CHECK(text(Flags::kMmap, 0x54040022) == "MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|MAP_HUGE_2MB");
  CHECK(text(Flags::kMmap, 0x78040022) == "MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|MAP_HUGE_1GB");
  CHECK(text(Flags::kMmap, 0x4000002) == "MAP_PRIVATE|MAP_UNINITIALIZED");
  CHECK(text(Flags::kMemoryDescriptor, 0x54000005) == "MFD_CLOEXEC|MFD_HUGETLB|MFD_HUGE_2MB");
  CHECK(text(Flags::kSharedMemory, 0x40000a00) == "IPC_CREAT|SHM_HUGETLB|SHM_HUGE_64KB");
}

TEST_CASE("some flags have other values on another arch") {
  CHECK(text(Flags::kMmap, 0x62, kArchX86_64) == "MAP_PRIVATE|MAP_ANONYMOUS|MAP_32BIT");
  CHECK(text(Flags::kMmap, 0x62, kArchAarch64) == "MAP_PRIVATE|MAP_ANONYMOUS|0x40");
  CHECK(text(Flags::kMmap, 0x62, kArchPpc64le) == "MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE");
  CHECK(text(Flags::kProtection, 0x15, kArchAarch64) == "PROT_READ|PROT_EXEC|PROT_BTI");
  CHECK(text(Flags::kProtection, 0x15, kArchPpc64) == "PROT_READ|PROT_EXEC|PROT_SAO");
  CHECK(text(Flags::kMemoryLockAll, 3) == "MCL_CURRENT|MCL_FUTURE");
  CHECK(text(Flags::kMemoryLockAll, 0x6000, kArchPpc) == "MCL_CURRENT|MCL_FUTURE");
  CHECK(text(Flags::kDescriptor, 0x84000) == "O_DIRECT|O_CLOEXEC");
  CHECK(text(Flags::kDescriptor, 0x90000, kArchAarch64) == "O_DIRECT|O_CLOEXEC");
}

TEST_CASE("every bit of every table is told by one name") {
  for (int i = 0; i <= static_cast<int>(Flags::kXattr); ++i) {
    const auto kind = static_cast<Flags>(i);
    INFO("table " << i);
    CHECK_FALSE(flag_rows(kind).empty());
    for (const NameRow& row : flag_rows(kind)) CHECK((row.number & (row.number - 1)) == 0);
  }
}

TEST_CASE("where no bit has a name, nothing is appended") {
  std::string out = "x";
  CHECK_FALSE(append_named_flags(out, Flags::kMount, 0));
  CHECK_FALSE(append_named_flags(out, Flags::kTimer, 0xFE));
  CHECK(out == "x");
  CHECK(append_named_flags(out, Flags::kTimer, 0xFF));
  CHECK(out == "xTIMER_ABSTIME|0xfe");
}

TEST_CASE("a capability set is a list of names") {
  CHECK(capabilities(0) == "none");
  CHECK(capabilities(0x3001) == "chown,net_admin,net_raw");
  CHECK(capabilities(std::uint64_t{1} << 40U) == "checkpoint_restore");
  CHECK(capabilities(std::uint64_t{1} << 41U | 1U) == "chown,0x20000000000");
}

}  // namespace
}  // namespace naudit::tables
