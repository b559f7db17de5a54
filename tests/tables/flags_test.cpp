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

TEST_CASE("a capability set is a list of names") {
  CHECK(capabilities(0) == "none");
  CHECK(capabilities(0x3001) == "chown,net_admin,net_raw");
  CHECK(capabilities(std::uint64_t{1} << 40U) == "checkpoint_restore");
  CHECK(capabilities(std::uint64_t{1} << 41U | 1U) == "chown,41");
}

}  // namespace
}  // namespace naudit::tables
