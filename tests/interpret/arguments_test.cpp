// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/arguments.hpp"

#include <array>
#include <string>
#include <string_view>

#include "tables/syscalls.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

using Args = std::array<std::uint64_t, 4>;

std::string meaning(std::string_view call, unsigned index, Args args, tables::ArchWord arch = tables::kArchX86_64) {
  const auto number = tables::syscall_number(arch, call);
  REQUIRE(number);
  std::string text;
  const Form form = append_argument(text, arch, *number, index, args);
  CHECK((form == Form::kNone) == text.empty());
  return text;
}

TEST_CASE("flags and modes of files") {
  CHECK(meaning("openat", 0, {0xffffff9c}) == "AT_FDCWD");
  CHECK(meaning("openat", 0, {0xffffffffffffff9c}) == "AT_FDCWD");
  CHECK(meaning("openat", 0, {3}).empty());
  CHECK(meaning("openat", 2, {0xffffff9c, 0, 0x80241, 0x1b6}) == "O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC");
  CHECK(meaning("openat", 3, {0xffffff9c, 0, 0x80241, 0x1b6}) == "0666");
  CHECK(meaning("openat", 3, {0xffffff9c, 0, 0x80000, 0x1b6}).empty());
  CHECK(meaning("chmod", 1, {0, 06755}) == "suid,sgid,0755");
}

TEST_CASE("arguments of processes") {
  CHECK(meaning("kill", 1, {1, 9}) == "SIGKILL");
  CHECK(meaning("clone", 0, {0x1200011}) == "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD");
  CHECK(meaning("clone", 1, {0x1200011}).empty());
  CHECK(meaning("clone", 1, {0, 0x1200011}, tables::kArchS390x) == "CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD");
}

TEST_CASE("users and groups are for the caller to name") {
  const Args args{0, 1000, 0xffffffff};
  CHECK(argument_id(tables::kArchX86_64, 92, 1, args) == NameId{NameId::Kind::kUser, 1000});
  CHECK(argument_id(tables::kArchX86_64, 92, 2, args) == NameId{NameId::Kind::kGroup, 0xffffffff});
  CHECK_FALSE(argument_id(tables::kArchX86_64, 92, 0, args));
  CHECK(meaning("chown", 1, args).empty());
}

}  // namespace
}  // namespace naudit::interpret
